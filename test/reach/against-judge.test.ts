import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withDefaults } from '../../src/decide/check-request.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import type { Attributes } from '../../src/domain/attributes.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EMPTY_LEDGER } from '../../src/domain/contact.ts'
import { localTime } from '../../src/domain/local-time.ts'
import { EMPTY_PROFILE, NOTHING_STORED, type StoredCustomer } from '../../src/domain/profile.ts'
import type { ActionLive } from '../../src/domain/run-time-state.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { reachOf } from '../../src/reach/reach.ts'
import { visitorOf } from '../../src/reach/visitor.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'
import { ask, NOW } from '../decide/make-house.ts'

/** Conditions of every kind of name and of what may be missing, fail or be open. */
const ATOMS = [
  ...['customer.age >= 18', 'customer.club', 'customer.country == "DE"', 'customer.country in ["DE", "AT"]'],
  ...['timestamp(customer.since) < now', 'now - timestamp(customer.since) > duration("24h")'],
  ...['context.intent == "buy"', 'context.basket > 10', 'context.basket / customer.age > 1'],
  ...['context.intent.startsWith(customer.country)', 'size(context.intent) > 2'],
  ...[
    'live.stock > 0',
    'live.price < action.price',
    'live.stock * live.price > 20',
    'live.stock / live.stock == 1',
  ],
  ...['features.orders > 1', 'features.orders > context.basket', 'now.getHours("Europe/Berlin") < 12'],
  ...[
    'now > timestamp("2026-11-01T12:00:00Z")',
    'channel == "web"',
    'placement == "hero"',
    'action.group == "g"',
  ],
  ...['[live.stock, 1].exists(x, x > 5)', '[customer.age, context.basket].all(x, x > 5)', 'true', 'false'],
]
const rule: fc.Arbitrary<string> = fc.letrec<{ rule: string }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: fc.constantFrom(...ATOMS) },
    { weight: 2, arbitrary: fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} && ${b})`) },
    { weight: 2, arbitrary: fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => `(${a} || ${b})`) },
    { weight: 1, arbitrary: tie('rule').map((a) => `!(${a})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('rule'), tie('rule'), tie('rule')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    },
  ),
})).rule

const content = fc.constantFrom(
  ...[
    { de: 'Schön' },
    { de: 'Für {{customer.country}}' },
    { de: '{{context.intent}}', en: '{{customer.age}}' },
  ],
  { de: '{{live.price}} {{customer.age}}' },
)
const wish = fc.record({
  eligibility: rule,
  suitability: fc.option(rule, { nil: undefined }),
  group: fc.constantFrom('g', undefined),
  tier: fc.constantFrom('marketing', 'service'),
  purpose: fc.constantFrom('consent', 'denied', undefined),
  value: fc.constantFrom(1, 'customer.age * 2', 'live.price + customer.age', 'live.price / live.stock'),
  says: content,
  in: fc.constantFrom(['hero'], ['mail'], ['hero', 'mail']),
})
const catalogues = fc
  .record({ wishes: fc.array(wish, { minLength: 1, maxLength: 5 }), group: rule, block: rule })
  .map(({ wishes, group, block }) =>
    makeCatalogue(
      wishes.map((one, i) =>
        action(`a${i}`, { ...(JSON.parse(JSON.stringify(one)) as object), attributes: { price: 5 } }),
      ),
      {
        types: {
          customer: {
            age: 'number',
            country: 'string',
            since: 'string',
            club: { type: 'bool', default: false },
          },
          context: { intent: { type: 'string', default: '' }, basket: 'number' },
        },
        channels: { web: {}, email: { direction: 'outbound' } },
        purposes: {
          consent: { basis: 'consent', default: 'allow' },
          denied: { basis: 'consent', default: 'deny' },
        },
        placements: [
          { id: 'hero', channel: 'web' },
          { id: 'mail', channel: 'email' },
        ],
        groups: [{ id: 'g', applicability: group.replaceAll('action.price', '5') }],
        blocks: [{ id: 'b', tier: 'marketing', when: withoutCandidate(block) }],
      },
    ),
  )
/** Blocks know no action. */
const withoutCandidate = (text: string) =>
  text
    .replace(/live\.price < action\.price|action\.group == "g"/g, 'customer.club')
    .replace(/live\.(stock|price)/g, 'context.basket')
    .replace(/placement == "hero"/g, 'true')

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const defined = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
const attributes = fc
  .record({
    age: some(fc.constantFrom(0, 12, 40)),
    country: some(fc.constantFrom('DE', 'AT', 'b', ' ')),
    since: some(fc.constantFrom('2020-01-01T00:00:00Z', '2026-11-01T08:00:00Z', 'long ago')),
    club: some(fc.boolean()),
  })
  .map((values) => defined(values) as Attributes)
const moments = fc.record({
  context: fc
    .record({ intent: some(fc.constantFrom('', 'buy', 'bx')), basket: some(fc.constantFrom(0, 11, 50)) })
    .map((values) => defined(values) as Attributes),
  live: some(
    fc
      .record({ stock: some(fc.constantFrom(0, 1, 9)), price: some(fc.constantFrom(0, 4, 30)) })
      .map((values) => defined(values) as ActionLive),
  ),
  now: fc.constantFrom(NOW, NOW + 8 * 3_600_000, NOW - 400 * 86_400_000),
})
type Moment = typeof moments extends fc.Arbitrary<infer Value> ? Value : never

/** Ids of the actions that a decision at this moment would let pass in some placement. */
function passing(catalogue: Catalogue, stored: StoredCustomer, { context, live, now }: Moment): Set<string> {
  const passed = new Set<string>()
  for (const [channel, placement] of [
    ['web', 'hero'],
    ['email', 'mail'],
  ] as const) {
    const request = ask({ channel, slates: { [placement]: 9 } })
    const situation: Situation = {
      now,
      contactAt: now,
      local: localTime(now, catalogue.timeZone),
      request: { ...request, context: withDefaults(context, catalogue.contextTypes) },
      catalogue,
      runTime: {
        position: null,
        state: {
          live: new Map(live === undefined ? [] : catalogue.actions.map(({ id }) => [id, live])),
          off: new Map(),
        },
      },
      customer: {
        state: 'known',
        personalised: true,
        attributes: withDefaults(stored.profile!.attributes, catalogue.customerTypes),
        vector: stored.vector ?? FEATURE_SET.defaults,
      },
      standing: {
        of: 'customer',
        isChecked: true,
        consents: [],
        address: null,
        preferences: {},
        ledger: EMPTY_LEDGER,
        holds: [],
        session: null,
        canHold: true,
      },
      volumesChecked: true,
      unitsLeft: new Map(),
      unitsHeld: new Map(),
      featureSet: FEATURE_SET,
      seeds: { placements: new Map(), day: '', experiments: {} },
      arm: 'champion',
      degraded: [],
    }
    for (const { action, refusals } of judge(situation)) if (refusals.length === 0) passed.add(action.id)
  }
  return passed
}

describe('what is said to be out of reach', () => {
  it('is refused by every decision, whatever the moment', () => {
    let unreachable = 0
    let passed = 0
    fc.assert(
      fc.property(
        catalogues,
        attributes,
        fc.constantFrom(null, 0, 3),
        fc.array(moments, { minLength: 10, maxLength: 20 }),
        (catalogue, known, orders, times) => {
          const stored: StoredCustomer = {
            ...NOTHING_STORED,
            profile: { ...EMPTY_PROFILE, attributes: known },
            featureSet: FEATURE_SET,
            vector: orders === null ? null : Float32Array.of(orders, 1),
          }
          // Long before: everything may still become valid.
          const { never } = reachOf(catalogue, [visitorOf(catalogue, stored)], 0)
          unreachable += never.length
          for (const moment of times) {
            const passes = passing(catalogue, stored, moment)
            passed += passes.size
            expect(never.map(({ id }) => id).filter((id) => passes.has(id))).toEqual([])
          }
        },
      ),
      { numRuns: 700 },
    )
    // The property says something only while there is some of both.
    expect(unreachable).toBeGreaterThan(500)
    expect(passed).toBeGreaterThan(500)
  })
})
