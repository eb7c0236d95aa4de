import { describe, expect, it } from 'vitest'
import { scorerThat } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, makeHouse } from '../make-house.ts'
import { makeRandom } from './statistics.ts'

const CUSTOMERS = 30_000
const ACTIONS = ['boots', 'novel', 'scarf', 'socks'] as const
type ActionName = (typeof ACTIONS)[number]
const SEGMENTS = ['young', 'old', 'new'] as const
type Segment = (typeof SEGMENTS)[number]

/** How often each segment buys what it is shown: what nobody but this test knows. */
const TRUTH: Readonly<Record<Segment, Readonly<Record<ActionName, number>>>> = {
  young: { boots: 0.3, novel: 0.05, scarf: 0.1, socks: 0.2 },
  old: { boots: 0.1, novel: 0.4, scarf: 0.3, socks: 0.15 },
  new: { boots: 0.2, novel: 0.15, scarf: 0.05, socks: 0.35 },
}
/** What the model thinks: not quite that. */
const scorer = scorerThat(
  ({ id }, { request }) => 0.05 + TRUTH[request.context.segment as Segment][id as ActionName] ** 1.5,
  () => 30,
)

/** A policy that could be followed instead: its chance of each action for a segment. */
type Other = (segment: Segment, action: ActionName) => number
const uniform: Other = () => 1 / ACTIONS.length
const FAVOURITE: Readonly<Record<Segment, ActionName>> = { young: 'socks', old: 'scarf', new: 'boots' }
const favourite: Other = (segment, action) => (FAVOURITE[segment] === action ? 1 : 0)

function worthOf(other: Other): number {
  const ofSegment = (segment: Segment) =>
    ACTIONS.reduce((sum, name) => sum + other(segment, name) * TRUTH[segment][name], 0)
  return SEGMENTS.reduce((sum, segment) => sum + ofSegment(segment), 0) / SEGMENTS.length
}

/** All that is left of a decision when its outcome is known. */
interface Logged {
  readonly segment: Segment
  readonly action: ActionName
  readonly selectionProbability: number
  readonly bought: boolean
}

async function log(more: object, arm: string): Promise<Logged[]> {
  const catalogue = makeCatalogue(
    ACTIONS.map((id) => action(id)),
    { types: { context: { segment: 'string' } }, ...more },
  )
  const decide = makeHouse(catalogue, { scorer })
  const random = makeRandom(7)
  const logged: Logged[] = []
  for (let i = 0; i < CUSTOMERS; i++) {
    const segment = SEGMENTS[i % SEGMENTS.length]!
    const decision = await decide(ask({ customer: `${i}`, context: { segment }, explain: 'none' }))
    const [item] = decision.slates[0]!.items
    const name = item!.action.id as string as ActionName
    if (decision.arm !== arm) expect(decision.arm).toBe(arm)
    const { selectionProbability } = item!
    logged.push({ segment, action: name, selectionProbability, bought: random() < TRUTH[segment][name] })
  }
  return logged
}

/** By inverse probability weighting: the estimate, and how far the truth may be from it, with 99.9 %. */
function estimate(
  logged: readonly Logged[],
  other: Other,
): { readonly value: number; readonly reach: number } {
  const weighted = logged.map(({ segment, action, selectionProbability, bought }) =>
    bought ? other(segment, action) / selectionProbability : 0,
  )
  const value = weighted.reduce((sum, one) => sum + one, 0) / weighted.length
  const variance = weighted.reduce((sum, one) => sum + (one - value) ** 2, 0) / (weighted.length - 1)
  return { value, reach: 3.291 * Math.sqrt(variance / weighted.length) }
}

describe('what other policies would have brought is known from the log', () => {
  it.each([
    ['the random arm', 'random', { experiments: { random: { share: 1 } } }],
    ['epsilon', 'champion', { exploration: { method: 'epsilon', epsilon: 0.2 } }],
    ['softmax', 'champion', { exploration: { method: 'softmax', temperature: 0.7, epsilon: 0 } }],
    ['thompson', 'champion', { exploration: { method: 'thompson', epsilon: 0.05 } }],
  ])('of %s', async (_, arm, more) => {
    const logged = await log(more, arm)
    for (const other of [uniform, favourite]) {
      const truth = worthOf(other)
      const { value, reach } = estimate(logged, other)
      expect(Math.abs(value - truth)).toBeLessThan(reach)
      // It says something, and it is the told chance that does it.
      expect(reach).toBeLessThan(truth / 3)
      const falsified = estimate(
        logged.map((one) => ({ ...one, selectionProbability: 1 })),
        other,
      )
      expect(Math.abs(falsified.value - truth)).toBeGreaterThan(falsified.reach)
    }
  })
})
