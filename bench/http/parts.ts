/**
 * Where do the microseconds of the reference decision go? The CPU of the server for one request, whole and with each part
 * switched off, on Redis and embedded. Closed loop, interleaved; differences round by round.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis } from '../../test/setup/redis-server.ts'
import { closedLoop } from '../measuring/closed-loop.ts'
import { loadText, publish } from '../measuring/figures.ts'
import { cpuSecondsOf, leaveFirstCore, type ServerProcess } from '../measuring/server-process.ts'
import { median } from '../measuring/statistics.ts'
import type { Parts } from '../reference/catalogue.ts'
import { startEmma } from '../reference/emma.ts'
import { type Asking, requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '0.6' },
    rounds: { type: 'string', default: '5' },
    customers: { type: 'string', default: '2000' },
    warm: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log(
    'node --import tsx bench/http/parts.ts [--seconds 0.6] [--rounds 5] [--customers 2000] [--warm 5]',
  )
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)
const CUSTOMERS = Number(options.customers)
const WARM = Number(options.warm)

interface Way {
  readonly name: string
  readonly parts?: Partial<Parts>
  readonly asking?: Asking
}

const WHOLE = 'all of it'
const WAYS: readonly Way[] = [
  { name: WHOLE },
  { name: 'without holds (reserve: none)', asking: { reserve: 'none' } },
  { name: 'without holds and log (dry-run)', asking: { mode: 'dry-run' } },
  { name: 'each view a visit of its own', asking: { newVisits: true } },
  { name: 'explained in full', asking: { explain: 'full' } },
  { name: 'without rules', parts: { rules: false } },
  { name: 'without the model (the prior answers)', parts: { model: false } },
  { name: 'without consent and contact policies', parts: { contacts: false } },
]

const before = loadavg()[0]!
await leaveFirstCore()
const stores = []
for (const kind of ['Redis', 'embedded'] as const) stores.push({ kind, rows: await measure(kind) })
publish('http-parts', {
  title: 'Where the microseconds go',
  question: 'What does each part of the reference decision cost the server?',
  command: 'node --import tsx bench/http/parts.ts',
  tables: stores.map(({ kind, rows }) => ({
    caption: `${kind}: CPU of the server for one request, µs; medians of ${ROUNDS} interleaved rounds of ${SECONDS} s`,
    columns: [
      'the reference decision',
      'µs',
      'less than all of it, µs',
      'least',
      'most',
      ...(kind === 'Redis' ? ['CPU of Redis, µs'] : []),
    ],
    rows,
  })),
  text: [
    'A part that is switched off takes others along: without rules and contact policies more actions are scored, without the model no vector is unpacked into rows. A dry-run has its name worked out from its question, so that the same one gets the same bytes. A negative difference is what a part adds.',
    loadText(before),
  ],
})

async function measure(kind: 'Redis' | 'embedded') {
  const ends: (() => unknown)[] = []
  const servers = new Map<string, { readonly server: ServerProcess; readonly redis: number | null }>()
  const start = async (parts: Partial<Parts>) => {
    let [store, redis]: [string, number | null] = ['', null]
    if (kind === 'Redis') {
      const started = await startRedis()
      ends.unshift(() => started.stop())
      ;[store, redis] = [started.url, started.pid]
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'emma-bench-'))
      ends.unshift(() => rmSync(folder, { recursive: true, force: true }))
      store = `embedded:${folder}`
    }
    const server = await startEmma({ store, parts, customers: CUSTOMERS })
    ends.unshift(() => server.stop())
    servers.set(JSON.stringify(parts), { server, redis })
  }
  const run = (way: Way, seconds: number, from: number) => {
    const { server } = servers.get(JSON.stringify(way.parts ?? {}))!
    const body = (n: number) => requestOf(n, way.asking, CUSTOMERS)
    return closedLoop(server, { path: '/v1/decisions', body }, { seconds, from, connections: 32 })
  }
  try {
    for (const way of WAYS) {
      if (!servers.has(JSON.stringify(way.parts ?? {}))) await start(way.parts ?? {})
      console.error(`${kind}: warming up ${way.name} …`)
      await run(way, way.parts === undefined && way.asking !== undefined ? 2 : WARM, 0)
    }
    const serverOf = (at: number) => servers.get(JSON.stringify(WAYS[at]?.parts ?? {}))
    const times = WAYS.map(() => [] as number[])
    const ofRedis = WAYS.map(() => [] as number[])
    let from = 0
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < WAYS.length; i++) {
        const at = (i + round) % WAYS.length
        const { redis } = serverOf(at)!
        // What was asked just now is warm.
        const last = (at + WAYS.length - 1) % WAYS.length
        if (i === 0 || serverOf(at) !== serverOf(last)) await run(WAYS[at]!, SECONDS / 2, from)
        const used = redis === null ? 0 : cpuSecondsOf(redis)
        const done = await run(WAYS[at]!, SECONDS, from + 20_000)
        from += 40_000
        times[at]!.push(done.cpuMicros)
        if (redis !== null) ofRedis[at]!.push((1e6 * (cpuSecondsOf(redis) - used)) / done.requests)
      }
      console.error(
        `${kind}, round ${round + 1}/${ROUNDS}: ${times.map((each) => each.at(-1)!.toFixed(0)).join(', ')} µs`,
      )
    }
    return WAYS.map(({ name }, i) => {
      const less = times[i]!.map((time, round) => times[0]![round]! - time)
      const more =
        name === WHOLE ? ['', '', ''] : [median(less), Math.min(...less), Math.max(...less)].map(Math.round)
      const cells = [name, Math.round(median(times[i]!)), ...more]
      return kind === 'Redis' ? [...cells, Math.round(median(ofRedis[i]!))] : cells
    })
  } finally {
    for (const end of ends) await end()
  }
}
