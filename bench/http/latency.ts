/**
 * How does latency grow with the load? Callers come by chance (open loop), and their patience counts from when they came.
 * Emma beside a bare server at the same rates; 500 actions.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startRedis } from '../../test/setup/redis-server.ts'
import { closedLoop } from '../measuring/closed-loop.ts'
import { digits, loadText, percent, publish } from '../measuring/figures.ts'
import { type OpenLoop, openLoop } from '../measuring/open-loop.ts'
import { savePlot } from '../measuring/plot.ts'
import { leaveFirstCore, type ServerProcess } from '../measuring/server-process.ts'
import { startBare } from '../peers/start.ts'
import { startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    actions: { type: 'string', default: '500' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/http/latency.ts [--seconds 4] [--actions 500]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ACTIONS = Number(options.actions)
const SHARES = [0.1, 0.25, 0.5, 0.7, 0.8, 0.9]
const ASKED = { path: '/v1/decisions', body: (n: number) => requestOf(n) }

interface Level {
  readonly share: number
  readonly emma: OpenLoop
  readonly gcShare: number
  readonly cpuShare: number
  readonly bare: OpenLoop
}

const before = loadavg()[0]!
await leaveFirstCore()
const redis = await startRedis()
const servers: ServerProcess[] = []
try {
  console.error('starting …')
  const emma = await startEmma({ store: redis.url, actions: ACTIONS })
  servers.push(emma)
  const bare = await startBare(redis.url)
  servers.push(bare)
  await closedLoop(bare, ASKED, { seconds: 2 })
  await closedLoop(emma, ASKED, { seconds: 12 })
  const most = (await closedLoop(emma, ASKED, { seconds: 4, from: 30_000 })).perSecond
  console.error(`at most ${most.toFixed(0)} decisions a second`)
  const levels: Level[] = []
  for (const [i, share] of SHARES.entries()) {
    const arrivals = { rate: most * share, seconds: SECONDS, seed: i + 1, from: 100_000 * (i + 1) }
    await emma.tell()
    const ofEmma = await openLoop(emma.url, ASKED, arrivals)
    const told = await emma.tell()
    const ofBare = await openLoop(bare.url, ASKED, arrivals)
    const level = {
      share,
      emma: ofEmma,
      gcShare: told.gcMs / told.cpuMs,
      cpuShare: told.cpuMs / 1000 / SECONDS,
      bare: ofBare,
    }
    console.error(
      `${percent(share)}: p50 ${level.emma.p50.toFixed(1)}, p99 ${level.emma.p99.toFixed(1)} ms; bare ${level.bare.p99.toFixed(1)} ms`,
    )
    levels.push(level)
  }
  report(levels, most)
} finally {
  for (const server of servers) await server.stop()
  await redis.stop()
}

function report(levels: readonly Level[], most: number): void {
  const half = levels.find(({ share }) => share === 0.5)!
  const points = (pick: (level: Level) => number) =>
    levels.map((level): [number, number] => [level.emma.offered, pick(level)])
  const plot = savePlot('latency-by-load', {
    title: `Latency by load: ${ACTIONS} actions, Redis, one core`,
    x: { label: 'requests a second, arriving by chance', scale: 'linear' },
    y: { label: 'ms from when it was due', scale: 'log' },
    series: [
      { name: 'Emma, p99', points: points(({ emma }) => emma.p99) },
      { name: 'Emma, p50', points: points(({ emma }) => emma.p50) },
      { name: 'bare server, p99', points: points(({ bare }) => bare.p99), dashed: true },
      { name: 'bare server, p50', points: points(({ bare }) => bare.p50), dashed: true },
    ],
  })
  publish('http-latency', {
    title: 'Latency by load',
    question: 'How long do callers wait who come by chance?',
    command: 'node --import tsx bench/http/latency.ts',
    tables: [
      {
        caption: `${ACTIONS} actions, Redis, server on one core; ${SECONDS} s for each rate; ms from the moment a request was due`,
        columns: [
          'of the maximum',
          'requests/s',
          'p50',
          'p99',
          'p99.9',
          'longest',
          'failed',
          'CPU of its core',
          'garbage collection, of its CPU',
          'sent late, p99',
          'bare, p50',
          'bare, p99',
        ],
        rows: levels.map(({ share, emma, gcShare, cpuShare, bare }) => [
          percent(share),
          Math.round(emma.offered),
          ...[emma.p50, emma.p99, emma.p999, emma.longest].map(digits),
          emma.failed,
          percent(cpuShare),
          percent(gcShare),
          digits(emma.sentLateP99),
          ...[bare.p50, bare.p99].map(digits),
        ]),
      },
    ],
    plots: [{ path: plot, shows: 'Latency of Emma and of a bare server by load, p50 and p99' }],
    text: [
      `The maximum, ${Math.round(most).toLocaleString('en')} requests a second, is that of a closed loop of 16 connections. Bare: Fastify that reads one key of Redis and answers as many bytes, at the same rates. Generator and Redis share the other core.`,
      `At half of the maximum the 99th percentile is ${digits(half.emma.p99)} ms; the goal was 5 ms: ${half.emma.p99 <= 5 ? 'reached' : 'not reached'}.`,
      loadText(before),
    ],
  })
}
