import { canonicalJson, type Json, sha256Hex } from '../../../src/domain/canonical-json.ts'
import type { Decision, Item } from '../../../src/domain/decision.ts'
import { TIERS } from '../../../src/domain/tier.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, makeHouse } from '../make-house.ts'
import { makeRandom } from './statistics.ts'

const NONE = { propensity: 1, context: 1, value: 1, lever: 1 }
/** Every method, arm and kind of power, each with levers and context weights. */
const WAYS = [
  { exploration: { method: 'greedy' }, powers: { ...NONE, value: 0.5 } },
  { exploration: { method: 'epsilon', epsilon: 0.5 }, powers: { ...NONE, propensity: 0.7, lever: 2 } },
  { exploration: { method: 'softmax', temperature: 0.37, epsilon: 0.03 }, powers: NONE },
  { exploration: { method: 'softmax', temperature: 3.1, epsilon: 0 }, powers: { ...NONE, context: 1.9 } },
  { exploration: { method: 'thompson', epsilon: 0.03 }, powers: NONE },
  { exploration: { method: 'thompson', epsilon: 0.5 }, powers: { ...NONE, propensity: 0.3, value: 2.2 } },
  { exploration: { method: 'thompson', epsilon: 0 }, powers: { ...NONE, propensity: 10 } },
  { exploration: { method: 'thompson' }, powers: NONE, experiments: { holdout: { share: 1 } } },
  { exploration: { method: 'softmax', temperature: 1 }, powers: NONE, experiments: { random: { share: 1 } } },
  {
    exploration: { method: 'thompson' },
    powers: NONE,
    models: [{ id: 'm', challenger: { id: 'n', share: 1 } }],
  },
]

/** What two releases of Node, or two processors, must answer alike: forty decisions, with every bit of every number. */
export async function fortyDecisions(): Promise<{ readonly json: string; readonly hash: string }> {
  const told: Json[] = []
  const random = makeRandom(8)
  for (const way of WAYS) {
    const decide = openShop(way, random)
    for (const customer of ['a', 'b', 'c', 'd'])
      told.push(toJson(await decide(ask({ customer, slates: { hero: 3, footer: 2 } }))))
  }
  const json = canonicalJson(told)
  return { json, hash: sha256Hex(json) }
}

function openShop({ powers, ...more }: (typeof WAYS)[number], random: () => number) {
  const ids = Array.from({ length: 12 }, (_, i) => `a${i}`)
  const one = <Value>(...values: readonly Value[]) => values[Math.floor(random() * values.length)]!
  const catalogue = makeCatalogue(
    ids.map((id, i) =>
      action(id, {
        in: ['hero', 'footer'],
        tier: one('marketing', 'marketing', ...TIERS),
        group: one('shoes', 'books'),
        value: one(1, 2, 30 * random()),
        lever: one(0, 10, -15, 40 * random()),
        minPropensity: i === 0 ? 0.5 : 0,
      }),
    ),
    {
      ...more,
      channels: { web: { lever: 5 } },
      placements: ['hero', 'footer'].map((id, order) => ({ id, channel: 'web', order })),
      groups: [{ id: 'shoes', maxPerSlate: 1 }, { id: 'books' }],
      arbitration: { powers, contextWeights: [{ when: 'true', where: { group: 'books' }, weight: -30 }] },
    },
  )
  const numbers = (number: () => number) => Object.fromEntries(ids.map((id) => [id, number()]))
  const scorer = makeFakeScorer(
    numbers(() => one(0.02, random(), random() * random() * random())),
    0.02,
    numbers(() => one(0, 1e6, 1000 * random())),
  )
  return makeHouse(catalogue, { scorer, challenger: scorer })
}

function toJson({ arm, slates, ghosts, verdicts, customerFirst, seeds }: Decision): Json {
  return plain({
    arm,
    slates: slates.map((slate) => ({
      ...slate,
      placement: slate.placement.id,
      items: slate.items.map(itemToJson),
    })),
    ghosts: ghosts.map((ghost) => ({
      ...ghost,
      placement: ghost.placement.id,
      items: ghost.items.map(itemToJson),
    })),
    verdicts: verdicts.map((verdict) => ({
      ...verdict,
      placement: verdict.placement.id,
      action: verdict.action.id,
    })),
    customerFirst: {
      ...customerFirst,
      placements: customerFirst?.placements.map(({ actions }) => actions.map(({ id }) => id)),
    },
    seeds: { ...seeds, placements: Object.fromEntries(seeds.placements) },
  })
}

const itemToJson = (item: Item) => ({ ...item, action: item.action.id, treatment: item.treatment.id })

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
