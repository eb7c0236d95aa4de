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
import { median } from '../measuring/statistics.ts'
import { startBare } from '../peers/start.ts'
import { startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1.2' },
    rounds: { type: 'string', default: '5' },
    actions: { type: 'string', default: '500' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/http/latency.ts [--seconds 1.2] [--rounds 5] [--actions 500]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)
/** Of fewer there is no 99th percentile. */
const LEAST_REQUESTS = 150
const ACTIONS = Number(options.actions)
const SHARES = [0.25, 0.5, 0.7, 0.8, 0.9]
const ASKED = { path: '/v1/decisions', body: (n: number) => requestOf(n) }

/** What was seen at one rate, round by round. */
interface Level {
  readonly share: number
  readonly rate: number
  readonly emma: OpenLoop[]
  readonly gcShare: number[]
  readonly cpuShare: number[]
  readonly bare: OpenLoop[]
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
  const levels = SHARES.map(
    (share): Level => ({ share, rate: most * share, emma: [], gcShare: [], cpuShare: [], bare: [] }),
  )
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < levels.length; i++) {
      const level = levels[(i + round) % levels.length]!
      const seconds = Math.max(SECONDS, LEAST_REQUESTS / level.rate)
      const arrivals = { rate: level.rate, seconds, seed: 10 * round + i, from: 20_000 * (5 * round + i + 1) }
      await emma.tell()
      level.emma.push(await openLoop(emma.url, ASKED, arrivals))
      const told = await emma.tell()
      level.gcShare.push(told.gcMs / told.cpuMs)
      level.cpuShare.push(told.cpuMs / 1000 / seconds)
      level.bare.push(await openLoop(bare.url, ASKED, arrivals))
    }
    const told = levels.map(({ share, emma: seen }) => `${percent(share)} ${seen.at(-1)!.p99.toFixed(1)}`)
    console.error(`round ${round + 1}/${ROUNDS}: p99 ${told.join(', ')} ms`)
  }
  report(levels, most)
} finally {
  for (const server of servers) await server.stop()
  await redis.stop()
}

function report(levels: readonly Level[], most: number): void {
  const of = (seen: readonly OpenLoop[], pick: keyof OpenLoop) => median(seen.map((one) => one[pick]))
  const half = of(levels.find(({ share }) => share === 0.5)!.emma, 'p99')
  const points = (server: 'emma' | 'bare', pick: keyof OpenLoop) =>
    levels.map((level): [number, number] => [level.rate, of(level[server], pick)])
  const plot = savePlot('latency-by-load', {
    title: `Latency by load: ${ACTIONS} actions, Redis, one core`,
    x: { label: 'requests a second, arriving by chance', scale: 'linear' },
    y: { label: 'ms from when it was due', scale: 'log' },
    series: [
      { name: 'Emma, p99', points: points('emma', 'p99') },
      { name: 'Emma, p50', points: points('emma', 'p50') },
      { name: 'bare server, p99', points: points('bare', 'p99'), dashed: true },
      { name: 'bare server, p50', points: points('bare', 'p50'), dashed: true },
    ],
  })
  publish('http-latency', {
    title: 'Latency by load',
    question: 'How long do callers wait who come by chance?',
    command: 'node --import tsx bench/http/latency.ts',
    tables: [
      {
        caption: `${ACTIONS} actions, Redis, server on one core; medians of ${ROUNDS} interleaved rounds; ms from the moment a request was due`,
        columns: [
          'of the maximum',
          'requests/s',
          'p50',
          'p99',
          'p99, least to most',
          'longest',
          'failed',
          'CPU of its core',
          'garbage collection, of its CPU',
          'sent late, p99',
          'bare, p50',
          'bare, p99',
        ],
        rows: levels.map(({ share, rate, emma, gcShare, cpuShare, bare }) => {
          const p99 = emma.map((one) => one.p99)
          return [
            percent(share),
            Math.round(rate),
            digits(of(emma, 'p50')),
            digits(of(emma, 'p99')),
            `${digits(Math.min(...p99))} to ${digits(Math.max(...p99))}`,
            digits(Math.max(...emma.map(({ longest }) => longest))),
            emma.reduce((sum, { failed }) => sum + failed, 0),
            percent(median(cpuShare)),
            percent(median(gcShare)),
            digits(of(emma, 'sentLateP99')),
            digits(of(bare, 'p50')),
            digits(of(bare, 'p99')),
          ]
        }),
      },
    ],
    plots: [{ path: plot, shows: 'Latency of Emma and of a bare server by load, p50 and p99' }],
    text: [
      `The maximum, ${Math.round(most).toLocaleString('en')} requests a second, is that of a closed loop of 16 connections. Bare: Fastify that reads one key of Redis and answers as many bytes, at the same rates. Generator and Redis share the other core.`,
      `At half of the maximum the 99th percentile is ${digits(half)} ms; the goal was 5 ms: ${half <= 5 ? 'reached' : 'not reached'}.`,
      loadText(before),
    ],
  })
}
