/**
 * How does latency grow with the number of actions, and with the length of the contact ledger? Open loop at a fifth of
 * what the server can do, so that a decision itself is measured and not its queue.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startRedis } from '../../test/setup/redis-server.ts'
import { closedLoop } from '../measuring/closed-loop.ts'
import { digits, loadText, percent, publish } from '../measuring/figures.ts'
import { openLoop } from '../measuring/open-loop.ts'
import { type Axis, savePlot } from '../measuring/plot.ts'
import { leaveFirstCore } from '../measuring/server-process.ts'
import { CONTACTS } from '../reference/customers.ts'
import { type EmmaWanted, startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/http/growth.ts [--seconds 4]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const WARM_SECONDS = 5
const CUSTOMERS = 1000
const SIZES = [100, 1000, 10_000]
const LEDGERS = [0, 20, 100, 500, 2000]

interface Point {
  readonly at: number
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
  readonly gcShare: number
}

const before = loadavg()[0]!
await leaveFirstCore()
const bySize: Point[] = []
for (const actions of SIZES) bySize.push(await measure(actions, { actions }))
const byLedger: Point[] = []
for (const contacts of LEDGERS) {
  // As many as there are when nothing else is said.
  if (contacts === CONTACTS) byLedger.push({ ...at(bySize, 100), at: contacts })
  else {
    const customers = Math.min(CUSTOMERS, Math.ceil(200_000 / (contacts + 1)))
    byLedger.push(await measure(contacts, { contacts, customers }))
  }
}
report()

async function measure(at: number, wanted: Omit<EmmaWanted, 'store'>): Promise<Point> {
  const redis = await startRedis()
  const customers = wanted.customers ?? CUSTOMERS
  const asked = { path: '/v1/decisions', body: (n: number) => requestOf(n, {}, customers) }
  try {
    const emma = await startEmma({ store: redis.url, customers, ...wanted })
    try {
      // What is compiled only after a while is compiled then.
      await closedLoop(emma, asked, { seconds: WARM_SECONDS })
      const { perSecond, cpuMicros } = await closedLoop(emma, asked, { seconds: SECONDS / 2, from: 50_000 })
      await emma.tell()
      const seen = await openLoop(emma.url, asked, {
        rate: perSecond / 5,
        // As many as make a 99th percentile, however few there are a second.
        seconds: Math.max(SECONDS, Math.min(20, 1500 / perSecond)),
        seed: 1,
        from: 200_000,
      })
      const { gcMs, cpuMs } = await emma.tell()
      const point = { at, perSecond, cpuMicros, p50: seen.p50, p99: seen.p99, gcShare: gcMs / cpuMs }
      console.error(JSON.stringify(point))
      return point
    } finally {
      await emma.stop()
    }
  } finally {
    await redis.stop()
  }
}

function report(): void {
  const growth = at(bySize, 10_000).p99 / at(bySize, 1000).p99
  publish('http-growth', {
    title: 'Growth with actions and with history',
    question:
      'How much longer does a decision take about more actions, and about somebody with a longer history?',
    command: 'node --import tsx bench/http/growth.ts',
    tables: [tableOf('actions in the placement', bySize), tableOf('contacts in the ledger', byLedger)],
    plots: [
      plotOf(
        'latency-by-actions',
        'Latency by number of actions',
        { label: 'actions', scale: 'log' },
        bySize,
      ),
      plotOf(
        'latency-by-ledger',
        'Latency by length of the ledger, 100 actions',
        { label: 'contacts in the ledger', scale: 'linear' },
        byLedger,
      ),
    ],
    text: [
      `Redis, server on one core; every action has a rule of its own and may be scored. The 99th percentile with 10,000 actions is ${digits(growth)} times that with 1,000; the goal was 12: ${growth <= 12 ? 'reached' : 'not reached'}. Contacts are spread over 85 days, known to the millisecond.`,
      loadText(before),
    ],
  })
}

function at(points: readonly Point[], wanted: number): Point {
  return points.find((point) => point.at === wanted)!
}

function tableOf(what: string, points: readonly Point[]) {
  return {
    caption: `By ${what}: open loop at a fifth of the maximum`,
    columns: [
      what,
      'at most, requests/s',
      'CPU for each, µs',
      'p50 ms',
      'p99 ms',
      'garbage collection, of its CPU',
    ],
    rows: points.map(({ at: size, perSecond, cpuMicros, p50, p99, gcShare }) => [
      size.toLocaleString('en'),
      Math.round(perSecond),
      Math.round(cpuMicros),
      digits(p50),
      digits(p99),
      percent(gcShare),
    ]),
  }
}

function plotOf(name: string, title: string, x: Axis, points: readonly Point[]) {
  const series = (['p99', 'p50'] as const).map((share) => ({
    name: share,
    points: points.map((point): [number, number] => [point.at, point[share]]),
  }))
  const path = savePlot(name, { title, x, y: { label: 'ms', scale: 'log' }, series })
  return { path, shows: `${title}: p50 and p99` }
}
