/**
 * What does one decision cost the CPU of Redis: reading everything of a customer, and granting? By Redis’s own account of
 * the CPU time of its main thread, around many calls at once, as Emma sends them; the kinds of call take turns.
 */
import { randomUUID } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { CapCheck } from '../../src/domain/cap-check.ts'
import type { ContactFacts } from '../../src/domain/contact.ts'
import { type CapPolicy, countedUnder } from '../../src/domain/contact-policy.ts'
import { type Hold, refOfHold } from '../../src/domain/hold.ts'
import type { CustomerId, DecisionId } from '../../src/domain/ids.ts'
import type { Gathered } from '../../src/ports/customer-store.ts'
import type { Grant, ToldOutcome } from '../../src/ports/decision-store.ts'
import { openRedisStore } from '../../src/stores/redis/customer-store.ts'
import { say, startRedis } from '../../test/setup/redis-server.ts'
import { digits, loadText, publish } from '../measuring/figures.ts'
import { median } from '../measuring/statistics.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    calls: { type: 'string', default: '2000' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/redis/commit.ts [--rounds 7] [--calls 2000] [--dry-run]')
  process.exit(0)
}
const [ROUNDS, CALLS] = [Number(options.rounds), Number(options.calls)]
/** Calls under way at once. */
const LANES = 64
const HOUR = 3_600_000
const DAY = 24 * HOUR

const cap = (id: string, per: CapPolicy['per'], max: number): CapCheck['cap'] => ({
  ...{ id, where: {}, per, max },
  windowMs: 7 * DAY,
})
/** Three things at three placements: six checks, one for each cap and key. */
const CAPS = [cap('action', 'action', 20), cap('group', 'group', 40), cap('all', 'customer', 60)]
const SHOWN = [0, 1, 2].map(
  (n): ContactFacts => ({
    ...{
      channel: 'web',
      placement: `placement-${n}`,
      action: `action-${n}`,
      group: n < 2 ? 'shoes' : 'bags',
    },
    ...{ tier: 'marketing', kind: 'offer' },
  }),
)

const loadBefore = loadavg()[0]!
const redis = await startRedis()
const store = await openRedisStore({
  url: redis.url,
  secret: 'of the bench, and long enough for it',
  durability: 'async',
  timeoutMs: 10_000,
})

/** Microseconds of the main thread since Redis began. */
async function cpuOfRedis(): Promise<number> {
  const told = await say(redis.port, 'INFO cpu')
  const seconds = ['user', 'sys'].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}_main_thread:([\\d.]+)`).exec(told)![1]),
  )
  return 1e6 * (seconds[0]! + seconds[1]!)
}

function grantFor(
  customer: CustomerId,
  { readAt: now, basis }: Gathered,
  shown: readonly ContactFacts[] = SHOWN,
): Grant {
  const bucket = String(store.person(customer).bucket).padStart(4, '0')
  const decision = `b${bucket}-${randomUUID()}` as DecisionId
  const holds = shown.map(
    (facts): Hold => ({
      contact: {
        ...{ facts, ref: refOfHold(decision, facts.placement!, facts.action!) },
        ...{ at: now, heldUntil: now + HOUR, outcomes: [] },
      },
      ...{ session: null, confirmOn: 'impression', units: [] },
    }),
  )
  const checks = CAPS.flatMap((policy) => {
    const keys = shown.map((facts) => countedUnder(policy.per, facts)!)
    return [...new Set(keys)].map(
      (key): CapCheck => ({
        ...{ cap: policy, key, at: now, confirmed: [now - DAY, now - 2 * DAY] },
        adds: keys.filter((one) => one === key).length,
      }),
    )
  })
  return {
    ...{ subject: { customer }, decision, now, request: null, basis, checks, holds },
    ...{ takes: [], returns: [], record: Buffer.alloc(700, 'r'), keptUntil: now + DAY },
  }
}

async function inLanes<Thing>(things: readonly Thing[], work: (thing: Thing) => Promise<unknown>) {
  let next = 0
  const lane = async () => {
    while (next < things.length) await work(things[next++]!)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

async function mustGrant(grant: Grant): Promise<void> {
  const { result } = await store.commit(grant)
  if (result !== 'granted') throw new Error(`a grant of the bench was refused: ${result}`)
}

/** What is to be done in a round, made ready without being measured. */
type Kind = (customers: readonly CustomerId[]) => Promise<readonly (() => Promise<unknown>)[]>

const gathered = async (customers: readonly CustomerId[]): Promise<Map<CustomerId, Gathered>> => {
  const found = new Map<CustomerId, Gathered>()
  await inLanes(customers, async (customer) => found.set(customer, await store.gather({ customer })))
  return found
}
const granted = async (customers: readonly CustomerId[], times = 1): Promise<Map<CustomerId, Grant>> => {
  const grants = new Map<CustomerId, Grant>()
  for (let time = 0; time < times; time++)
    await inLanes(customers, async (customer) => {
      const grant = grantFor(customer, await store.gather({ customer }))
      await mustGrant(grant)
      grants.set(customer, grant)
    })
  return grants
}

const KINDS: Readonly<Record<string, Kind>> = {
  'read: a customer who holds nothing': async (customers) =>
    customers.map((customer) => () => store.gather({ customer })),
  'read: a customer with 3 live holds': async (customers) => {
    await granted(customers)
    return customers.map((customer) => () => store.gather({ customer }))
  },
  'grant: nothing shown, the record alone': async (customers) => {
    const all = await gathered(customers)
    return customers.map((customer) => {
      const grant = grantFor(customer, all.get(customer)!, [])
      return () => mustGrant(grant)
    })
  },
  'grant: 3 holds, 6 checks, nobody was faster': async (customers) => {
    const all = await gathered(customers)
    return customers.map((customer) => {
      const grant = grantFor(customer, all.get(customer)!)
      return () => mustGrant(grant)
    })
  },
  'grant: 3 holds, 6 checks, somebody was faster with 3 holds': async (customers) => {
    const all = await gathered(customers)
    const grants = customers.map((customer) => grantFor(customer, all.get(customer)!))
    await granted(customers)
    return grants.map((grant) => () => mustGrant(grant))
  },
  'grant: the same beside 12 holds': async (customers) => {
    await granted(customers, 3)
    const all = await gathered(customers)
    const grants = customers.map((customer) => grantFor(customer, all.get(customer)!))
    await granted(customers)
    return grants.map((grant) => () => mustGrant(grant))
  },
  'outcome: one impression': async (customers) => {
    const grants = await granted(customers)
    return customers.map((customer) => async () => {
      const { decision, holds, now } = grants.get(customer)!
      const { action, placement } = holds[0]!.contact.facts
      const told: ToldOutcome = {
        decision,
        action: action!,
        placement,
        outcome: { type: 'impression', at: now },
      }
      const [became] = await store.recordOutcomes([told], now, 30 * DAY)
      if (became !== 'confirmed') throw new Error(`an outcome of the bench was not confirmed: ${became}`)
    })
  },
}

try {
  const costs = new Map<string, number[]>(Object.keys(KINDS).map((name) => [name, []]))
  for (let round = -1; round < ROUNDS; round++) {
    process.stderr.write(round < 0 ? 'warming up …\n' : `round ${round + 1} of ${ROUNDS} …\n`)
    for (const [name, kind] of Object.entries(KINDS)) {
      await say(redis.port, 'FLUSHALL')
      const customers = Array.from({ length: CALLS }, (_, n) => `c-${round}-${n}` as CustomerId)
      const calls = await kind(customers)
      const before = await cpuOfRedis()
      await inLanes(calls, (call) => call())
      const cost = ((await cpuOfRedis()) - before) / CALLS
      if (round >= 0) costs.get(name)!.push(cost)
    }
  }
  const rows = [...costs].map(([name, each]) => [
    name,
    ...[median(each), Math.min(...each), Math.max(...each)].map(digits),
  ])
  if (options['dry-run']) console.log(rows.map((row) => row.join(' | ')).join('\n'))
  else
    publish('redis-commit', {
      title: 'What a decision costs Redis',
      question: 'How many microseconds of its CPU does Redis need to read all of a customer, and to grant?',
      command: 'node --import tsx bench/redis/commit.ts',
      tables: [
        {
          caption: `Microseconds of Redis’s main thread per call, ${ROUNDS} rounds of ${CALLS.toLocaleString('en')} calls, ${LANES} under way at once`,
          columns: ['call', 'median', 'least', 'most'],
          rows,
        },
      ],
      text: [
        'By `used_cpu_*_main_thread` of `INFO cpu`, before and after: receiving, parsing, the command or script itself, and answering. A record of 700 bytes is kept with each decision. Where nobody was faster, the caps of a grant are not looked at again; where somebody was, every live hold of the customer is.',
        loadText(loadBefore),
      ],
    })
} finally {
  await store.close()
  await redis.stop()
}
