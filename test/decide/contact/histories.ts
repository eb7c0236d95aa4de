import fc from 'fast-check'
import type { Contact, ContactFacts } from '../../../src/domain/contact.ts'
import { OUTCOMES } from '../../../src/domain/outcome.ts'
import type { WrittenPolicy } from './oracle.ts'

/** Small worlds, so that things meet: few ids, few lengths, moments on a coarse grid with some right on a boundary. */
export const CHANNELS = { web: ['hero', 'strip'], email: ['mail'] } as const
export const GROUPS = ['shoes', 'books'] as const
export const ACTIONS = ['a0', 'a1', 'a2', 'a3'] as const
export const TIERS = ['mandatory', 'service', 'retention', 'marketing'] as const
const PLACES = Object.entries(CHANNELS).flatMap(([channel, placements]) =>
  placements.map((placement) => ({ channel, placement })),
)
/** Mostly nothing: what everything is narrowed by meets nothing. */
const some = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const one = <Value>(values: readonly Value[]) => fc.constantFrom(...values)

/** Four actions of different groups, tiers and kinds. */
export const SHOP = ACTIONS.map((id, i) => ({
  id,
  group: [undefined, ...GROUPS][i % 3],
  tier: TIERS[(i + 1) % 4]!,
  kind: (['offer', 'activity'] as const)[i % 2]!,
}))

/** A contact by one of them. */
const shopFacts: fc.Arbitrary<ContactFacts> = fc
  .tuple(one(PLACES), one(SHOP))
  .map(([place, { id, ...facts }]) => ({ ...place, action: id, ...facts }))

/** A contact that another system made, of whatever. */
const foreignFacts: fc.Arbitrary<ContactFacts> = fc
  .record({
    place: one(PLACES),
    action: some(one([...ACTIONS, 'gone'])),
    group: some(one(GROUPS)),
    tier: one(TIERS),
    kind: one(['offer', 'activity'] as const),
    isPlaced: fc.boolean(),
  })
  .map(({ place, isPlaced, ...facts }) => ({
    ...facts,
    channel: place.channel,
    placement: isPlaced ? place.placement : undefined,
  }))

const anyFacts = fc.oneof({ weight: 2, arbitrary: shopFacts }, { weight: 1, arbitrary: foreignFacts })

const HOUR = 3_600_000
/** Lengths of windows, in hours; offsets of events are whole hours too, so that boundaries are met. */
const LENGTHS = ['6h', '24h', '3d', '7d', '30d'] as const

/** Contacts around a moment: mostly before it, some planned after it; outcomes up to it. */
export function anyHistory(now: number, maxLength = 14, furthestDays = 8): fc.Arbitrary<Contact[]> {
  const hours = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -24 * furthestDays, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 24 * 8 }) },
    { weight: 1, arbitrary: one([-6, -24, -72, -168, 6, 24, 72]) },
  )
  const aside = one([0, 0, 0, 1, -1])
  const outcome = fc.record({
    type: fc.oneof(
      { weight: 3, arbitrary: one(['impression', 'impression', 'click', 'reject'] as const) },
      { weight: 1, arbitrary: one(OUTCOMES) },
    ),
    after: fc.integer({ min: 0, max: 100 }),
  })
  return fc
    .array(
      fc.record({
        facts: anyFacts,
        hours,
        aside,
        held: fc.option(fc.integer({ min: -3, max: 5 }), { nil: undefined, freq: 5 }),
        outcomes: fc.array(outcome, { maxLength: 3, size: 'max' }),
      }),
      { minLength: maxLength / 2, maxLength, size: 'max' },
    )
    .map((events) =>
      events
        .map(({ facts, hours, aside, held, outcomes }, i): Contact => {
          const at = now + hours * HOUR + aside
          return {
            facts,
            ref: `${i}`,
            at,
            heldUntil: held === undefined ? null : now + held * HOUR,
            outcomes: outcomes
              .map(({ type, after }) => ({ type, at: at + after * HOUR }))
              .filter((came) => came.at <= now)
              .sort((a, b) => a.at - b.at),
          }
        })
        .sort((a, b) => a.at - b.at),
    )
}

const anyWhere = some(
  fc
    .record({
      channel: some(one(['web', 'email', ['web', 'email']])),
      placement: some(one(['hero', 'mail', ['hero', 'strip']])),
      tier: some(one(['marketing', ['service', 'marketing']])),
      kind: some(one(['offer', 'activity'])),
      group: some(one([...GROUPS])),
      action: some(one(['a0', ['a0', 'a1', 'a2']])),
    })
    .map((where) => Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined)))
    .filter((where) => Object.keys(where).length > 0),
)
const per = one(['customer', 'action', 'group', 'channel', 'placement', 'tier'] as const)

const anyCap = fc.record({ where: anyWhere, per, max: fc.integer({ min: 0, max: 3 }), window: one(LENGTHS) })
const anySilence = fc.record({
  where: anyWhere,
  per,
  after: fc
    .record({
      outcome: one(['impression', 'reject', 'click'] as const),
      times: fc.integer({ min: 1, max: 3 }),
      within: one(LENGTHS),
      without: some(one(['click', 'accept', 'dismiss'] as const)),
    })
    .map(({ without, ...after }) => ({ ...after, ...(without === undefined ? {} : { without }) })),
  suppressFor: one(LENGTHS),
})

export const anyPolicies: fc.Arbitrary<WrittenPolicy[]> = fc
  .array(fc.oneof({ weight: 1, arbitrary: anyCap }, { weight: 2, arbitrary: anySilence }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((policies) =>
    policies.map(({ where, ...policy }, i) => ({
      id: `p${i}`,
      ...policy,
      ...(where === undefined ? {} : { where }),
    })),
  ) as fc.Arbitrary<WrittenPolicy[]>
