/**
 * What share of a bare server’s throughput is left when it decides, and how do others do? The reference decision on Redis and
 * embedded, a bare server, a straightforward build of the same stack, and FastAPI with scikit-learn that only scores; each on
 * one core, in turn.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis } from '../../test/setup/redis-server.ts'
import { digits, loadText, percent, publish, spread } from '../measuring/figures.ts'
import { type Contender, inRounds, type Turn } from '../measuring/rounds.ts'
import { leaveFirstCore } from '../measuring/server-process.ts'
import { median, ratio } from '../measuring/statistics.ts'
import { onnxAlone } from '../peers/onnx-alone.ts'
import { redisAlone } from '../peers/redis-alone.ts'
import { startBare, startScoring, startStraight } from '../peers/start.ts'
import { startEmma } from '../reference/emma.ts'
import { CUSTOMERS, requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1.5' },
    rounds: { type: 'string', default: '5' },
    warm: { type: 'string', default: '8' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/http/reference.ts [--seconds 1.5] [--rounds 5] [--warm 8]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)

const BARE = 'bare Fastify, one GET'
const STRAIGHT = 'straightforward build'
const SCORING = 'FastAPI + scikit-learn, scoring only'
const ON_REDIS = 'Emma on Redis'
const EMBEDDED = 'Emma, embedded'
/** So much of its core a server must use for its throughput to be its own. */
const BUSY = 0.95

const before = loadavg()[0]!
await leaveFirstCore()
const ends: (() => unknown)[] = []
try {
  const redis = async () => {
    const started = await startRedis()
    ends.unshift(() => started.stop())
    return started.url
  }
  const folder = mkdtempSync(join(tmpdir(), 'emma-bench-'))
  ends.unshift(() => rmSync(folder, { recursive: true, force: true }))
  console.error('starting five servers …')
  const decisions = { path: '/v1/decisions', body: (n: number) => requestOf(n) }
  const scores = { path: '/v1/scores', body: (n: number) => requestOf(n) }
  const contenders: Contender[] = [
    { name: BARE, server: await startBare(await redis()), asked: decisions, isNode: true },
    { name: STRAIGHT, server: await startStraight(await redis()), asked: decisions, isNode: true },
    { name: SCORING, server: await startScoring(await redis()), asked: scores, isNode: false },
    { name: ON_REDIS, server: await startEmma({ store: await redis() }), asked: decisions, isNode: true },
    {
      name: EMBEDDED,
      server: await startEmma({ store: `embedded:${folder}` }),
      asked: decisions,
      isNode: true,
    },
  ]
  for (const { server } of contenders) ends.unshift(() => server.stop())
  const seen = await inRounds(contenders, {
    rounds: ROUNDS,
    seconds: SECONDS,
    warmSeconds: Number(options.warm),
  })
  const limits = { onnx: await onnxAlone(1), redis: await redisAlone(await redis(), 1) }
  report(seen, limits)
} finally {
  for (const end of ends) await end()
}

interface Limits {
  readonly onnx: Awaited<ReturnType<typeof onnxAlone>>
  readonly redis: Awaited<ReturnType<typeof redisAlone>>
}

function report(seen: ReadonlyMap<string, readonly Turn[]>, { onnx, redis }: Limits): void {
  const of = (name: string, part: keyof Turn) => seen.get(name)!.map((turn) => turn[part])
  const byThroughput = (above: string, below: string) => ratio(of(above, 'perSecond'), of(below, 'perSecond'))
  const byCpu = (above: string, below: string) => ratio(of(below, 'cpuMicros'), of(above, 'cpuMicros'))
  const pairs = [
    [ON_REDIS, BARE],
    [EMBEDDED, BARE],
    [STRAIGHT, BARE],
    [ON_REDIS, STRAIGHT],
    [ON_REDIS, SCORING],
  ] as const
  const idle = [...seen].filter(([, turns]) => median(turns.map(({ cpuShare }) => cpuShare)) < BUSY)
  const toBare = byThroughput(ON_REDIS, BARE).median
  const toScoring = byThroughput(ON_REDIS, SCORING).median
  publish('http-reference', {
    title: 'The reference decision, against peers',
    question: 'What share of a bare server’s throughput is left when it decides, and how do others do?',
    command: 'node --import tsx bench/http/reference.ts',
    tables: [
      {
        caption: `Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s, closed loop of 32 connections, each server on one core`,
        columns: [
          'server',
          'requests/s',
          'p50 ms',
          'p99 ms',
          'CPU of its core',
          'CPU for each, µs',
          'garbage collection, of its CPU',
        ],
        rows: [...seen.keys()].map((name) => [
          name,
          Math.round(median(of(name, 'perSecond'))),
          median(of(name, 'p50')),
          median(of(name, 'p99')),
          percent(median(of(name, 'cpuShare'))),
          Math.round(median(of(name, 'cpuMicros'))),
          Number.isNaN(median(of(name, 'gcShare'))) ? '' : percent(median(of(name, 'gcShare'))),
        ]),
      },
      {
        caption: 'Ratios, round by round: median (least to most)',
        columns: ['', 'requests/s', 'requests for the same CPU of the server'],
        rows: pairs.map(([above, below]) => [
          `${above} / ${below}`,
          ratioText(byThroughput(above, below)),
          ratioText(byCpu(above, below)),
        ]),
      },
      {
        caption: 'Limits: what the parts do alone, in a process of their own',
        columns: ['part', 'a second'],
        rows: [
          [`onnxruntime, runs of ${onnx.rows} rows`, digits(onnx.runsPerSecond)],
          ['redis-benchmark GET of 1,000 bytes, 16 clients', digits(redis.getsPerSecond)],
          ['redis-benchmark SET of 1,000 bytes, 16 clients', digits(redis.setsPerSecond)],
        ],
      },
    ],
    text: [
      `One page view: one placement, three of 100 actions, each with a rule of three clauses, about 60 scored by a net (64, 32), consent, three caps, commit, log. ${CUSTOMERS.toLocaleString('en')} customers in turn, each in one visit, so that most views renew what an earlier one held. The straightforward build and the scoring peer are described in bench/peers/README.md; a test holds their files to what they were before the hot path was touched.`,
      `Against the bare server the goal was 0.30: ${toBare >= 0.3 ? 'reached' : 'not reached'}. Against FastAPI with scikit-learn, which only scores, 3: ${toScoring >= 3 ? 'reached' : 'not reached'}.`,
      ...(idle.length === 0
        ? []
        : [
            `Not all used their core: ${idle.map(([name]) => name).join(', ')} stayed below 95 %, because generator and Redis share the other one. There the requests a second are too few, and the ratio of CPU is the sounder one.`,
          ]),
      loadText(before),
    ],
  })
}

function ratioText(one: ReturnType<typeof ratio>): string {
  return one.median < 1
    ? `${one.median.toFixed(3)} (${one.least.toFixed(3)} to ${one.most.toFixed(3)})`
    : spread(one)
}
