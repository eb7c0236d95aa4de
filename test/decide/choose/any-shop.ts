import fc from 'fast-check'
import type { Catalogue } from '../../../src/domain/catalogue.ts'
import { TIERS } from '../../../src/domain/tier.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import type { Question } from '../make-house.ts'

/** Everything here comes out alike each time. */
export const ALIKE = { seed: 20_261_101 } as const

const one = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
const some = (...values: readonly string[]) => fc.uniqueArray(one(...values), { minLength: 1 })
const MOST = 20
const PLACEMENTS = ['p0', 'p1', 'p2']
const GROUPS = ['g0', 'g1']
const LEVERS = [0, 0, 0, 10, 40, 1000, -20, -100]

/** Few ids and few numbers, so that things meet: equals, zeros, full groups, caps that one answer uses up. */
const anyAction = fc.record({
  in: some(...PLACEMENTS),
  says: some('de', 'de', 'en', 'de-AT').map((tags) => Object.fromEntries(tags.map((tag) => [tag, 'x']))),
  tier: one('marketing', 'marketing', 'marketing', 'marketing', ...TIERS),
  group: one(undefined, ...GROUPS),
  value: one(0, 0.5, 1, 1, 2, 30),
  lever: one(...LEVERS),
  minPropensity: one(0, 0, 0, 0.015),
  status: one('active', 'active', 'active', 'inactive'),
})

const anyCap = fc.record({
  per: one('customer', 'action', 'group', 'placement', 'tier'),
  max: fc.integer({ min: 1, max: 4 }),
  window: one('24h'),
})

const anyExploration = fc.oneof(
  one({ method: 'greedy' }),
  fc.record({ method: one('epsilon', 'thompson'), epsilon: one(0, 0.03, 0.3, 1) }),
  fc.record({ method: one('softmax'), epsilon: one(0, 0.03, 1), temperature: one(0.01, 0.5, 1, 20) }),
)

const anyPowers = fc.record({
  propensity: one(1, 1, 0, 0.5, 2, 10),
  context: one(1, 0, 2),
  value: one(1, 1, 0, 0.5, 3),
  lever: one(1, 1, 0, 0.5, 2),
})

const anyShop = fc.record({
  actions: fc.array(anyAction, { minLength: 4, maxLength: MOST }),
  scores: fc.array(one(0, 0.01, 0.02, 0.02, 0.3, 0.9, 1), { minLength: MOST, maxLength: MOST }),
  evidence: fc.option(fc.array(one(0, 1, 50, 1e4, 1e6), { minLength: MOST, maxLength: MOST }), { nil: null }),
  placements: fc.tuple(
    ...PLACEMENTS.map((id) =>
      fc.record({
        id: one(id),
        channel: one('web'),
        order: one(0, 1, 2),
        allowRepeats: one(false, false, true),
      }),
    ),
  ),
  groups: fc.tuple(
    ...GROUPS.map((id) => fc.record({ id: one(id), maxPerSlate: one(1, 2), lever: one(...LEVERS) })),
  ),
  channelLever: one(...LEVERS),
  contextWeights: fc.array(
    fc.record({ when: one('true'), where: fc.record({ group: one(...GROUPS) }), weight: one(-100, -30, 50) }),
    { maxLength: 2 },
  ),
  caps: fc.array(anyCap, { maxLength: 2 }),
  exploration: anyExploration,
  random: one(0, 0, 0, 1),
  powers: anyPowers,
  leverBound: one(0, 0.25, 0.25, 1, 3),
})

export type Shop = typeof anyShop extends fc.Arbitrary<infer Value> ? Value : never
export type Visits = typeof anyVisits extends fc.Arbitrary<infer Value> ? Value : never

const anyQuestion: fc.Arbitrary<Question> = fc.record({
  customer: fc.integer({ min: 0, max: 999 }).map((n) => `c-${n}`),
  locale: one(undefined, undefined, 'en', 'de-AT'),
  slates: some(...PLACEMENTS).chain((ids) =>
    fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: ids.length, maxLength: ids.length })
      .map((limits) => Object.fromEntries(ids.map((id, i) => [id, limits[i]!]))),
  ),
})

/** A shop with a few questions: to open it takes longer than to ask. */
export const anyVisits = fc.record({
  shop: anyShop,
  questions: fc.array(anyQuestion, { minLength: 4, maxLength: 4 }),
})

export function openShop(shop: Shop, more: object = {}): Catalogue {
  const { actions, placements, groups, channelLever, contextWeights, caps, random, powers, leverBound } = shop
  return makeCatalogue(
    actions.map(({ group, ...wish }, i) =>
      action(`a${i}`, { ...wish, ...(group === undefined ? {} : { group }) }),
    ),
    {
      placements,
      groups,
      channels: { web: { lever: channelLever } },
      contactPolicies: caps.map((cap, i) => ({ id: `cap-${i}`, ...cap })),
      arbitration: { powers, leverBound, contextWeights },
      exploration: shop.exploration,
      experiments: { random: { share: random } },
      ...more,
    },
  )
}

export function scorerOf({ scores, evidence }: Shop) {
  const byAction = (numbers: readonly number[]) => Object.fromEntries(numbers.map((n, i) => [`a${i}`, n]))
  return makeFakeScorer(byAction(scores), 0.02, evidence === null ? null : byAction(evidence))
}

export function withoutLevers(shop: Shop): Shop {
  return {
    ...shop,
    channelLever: 0,
    groups: shop.groups.map((group) => ({ ...group, lever: 0 })),
    actions: shop.actions.map((action) => ({ ...action, lever: 0 })),
  } as Shop
}
