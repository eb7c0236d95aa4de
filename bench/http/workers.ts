/**
 * How do decisions scale with WORKERS? One and two of them on two cores, on Redis and embedded. Generator and Redis take
 * their share of the same cores.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis } from '../../test/setup/redis-server.ts'
import { closedLoop } from '../measuring/closed-loop.ts'
import { loadText, publish, spread } from '../measuring/figures.ts'
import type { ServerProcess } from '../measuring/server-process.ts'
import { median, ratio } from '../measuring/statistics.ts'
import { startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    warm: { type: 'string', default: '8' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/http/workers.ts [--seconds 1] [--rounds 5] [--warm 8]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)
const CORES = availableParallelism()
const ASKED = { path: '/v1/decisions', body: (n: number) => requestOf(n) }

const before = loadavg()[0]!
const rows: (string | number)[][] = []
for (const kind of ['Redis', 'embedded'] as const) rows.push(...(await measure(kind)))
publish('http-workers', {
  title: 'Several workers',
  question: 'How many more decisions do two processes make on a machine of two cores?',
  command: 'node --import tsx bench/http/workers.ts',
  tables: [
    {
      caption: `Reference decision, closed loop of 32 connections, medians of ${ROUNDS} interleaved rounds of ${SECONDS} s; all processes share ${CORES} cores`,
      columns: ['store, WORKERS', 'requests/s', 'p50 ms', 'p99 ms', 'to one worker, round by round'],
      rows,
    },
  ],
  text: [
    'One worker already has company on the second core: the generator, and Redis where there is one. So two workers cannot be twice as fast here; what is left of a factor of two is what the others take.',
    loadText(before),
  ],
})

async function measure(kind: 'Redis' | 'embedded'): Promise<(string | number)[][]> {
  const ends: (() => unknown)[] = []
  const cores = `0-${CORES - 1}`
  try {
    let store: string
    if (kind === 'Redis') {
      const redis = await startRedis()
      ends.unshift(() => redis.stop())
      store = redis.url
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'emma-bench-'))
      ends.unshift(() => rmSync(folder, { recursive: true, force: true }))
      store = `embedded:${folder}`
    }
    const servers: ServerProcess[] = []
    for (const workers of ['1', '2']) {
      console.error(`${kind}: starting ${workers} …`)
      const isFilled = servers.length > 0
      const server = await startEmma({ store, isFilled, cores, env: { WORKERS: workers } })
      ends.unshift(() => server.stop())
      servers.push(server)
      await closedLoop(server, ASKED, { seconds: Number(options.warm), connections: 32 })
    }
    const seen = servers.map(() => [] as Awaited<ReturnType<typeof closedLoop>>[])
    for (let round = 0; round < ROUNDS; round++) {
      for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const loop = { seconds: SECONDS, connections: 32, from: 50_000 * (round + 1) }
        await closedLoop(servers[i]!, ASKED, { ...loop, seconds: SECONDS / 2 })
        seen[i]!.push(await closedLoop(servers[i]!, ASKED, loop))
      }
      console.error(
        `${kind}, round ${round + 1}: ${seen.map((each) => each.at(-1)!.perSecond.toFixed(0)).join(', ')}`,
      )
    }
    const [one, two] = seen.map((each) => each.map(({ perSecond }) => perSecond))
    return seen.map((each, i) => [
      `${kind}, ${i + 1}`,
      Math.round(median(each.map(({ perSecond }) => perSecond))),
      median(each.map(({ p50 }) => p50)),
      median(each.map(({ p99 }) => p99)),
      i === 0 ? '' : spread(ratio(two!, one!)),
    ])
  } finally {
    for (const end of ends) await end()
  }
}
