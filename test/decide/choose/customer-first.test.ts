import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseSlates } from '../../../src/decide/choose/choose.ts'
import { GREEDY } from '../../../src/decide/choose/policy.ts'
import { customerFirst } from '../../../src/decide/customer-first.ts'
import { chooseLanguage, wantedLanguages } from '../../../src/decide/language.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { draw, firstBits } from '../../../src/domain/lot.ts'
import { ALIKE, anyVisits, openShop, scorerOf, withoutLevers } from './any-shop.ts'
import { fieldFor } from './field-oracle.ts'
import { scoreOnce, type Weighed } from './score-once.ts'

/** The first of what may come next, again and again, by propensity and context alone. */
function byHand({ situation, candidates }: Weighed): string[] {
  const { powers } = situation.catalogue.arbitration
  const [{ placement, limit }] = situation.request.slates as [(typeof situation.request.slates)[0]]
  const seed = firstBits(situation.seeds.placements.get(placement)!)
  const keyOf = (one: Candidate) => one.propensity! ** powers.propensity * one.contextWeight ** powers.context
  const shown: Candidate[] = []
  let language = ''
  while (shown.length < limit) {
    const field = fieldFor(candidates, shown, shown, language, situation)
    if (field.length === 0) break
    const first = field.reduce((a, b) => {
      if (keyOf(a) !== keyOf(b)) return keyOf(a) > keyOf(b) ? a : b
      return draw(seed, a.action.lot, 0) < draw(seed, b.action.lot, 0) ? a : b
    })
    if (shown.length === 0) language = chooseLanguage(wantedLanguages(situation), first.speaks)
    shown.push(first)
  }
  return shown.map(({ action }) => action.id)
}

/** What is expected of an answer that leaves nothing to chance. */
function expectedOf({ candidates, situation }: Weighed) {
  const shown = chooseSlates(candidates, situation, GREEDY).flatMap((choice) => choice.shown)
  const sum = (of: (one: Candidate) => number) =>
    shown.reduce((total, { candidate }) => total + of(candidate), 0)
  return { propensity: sum((one) => one.propensity!), margin: sum((one) => one.propensity! * one.value!) }
}

describe('the customer’s order', () => {
  it('is by propensity and context alone, whatever anything is worth', async () => {
    const met = { others: 0, several: 0 }
    await fc.assert(
      fc.asyncProperty(anyVisits, async ({ shop, questions }) => {
        const catalogue = openShop(shop)
        for (const { slates, ...question } of questions) {
          const [first] = Object.entries(slates!)
          const weighed = await scoreOnce(
            catalogue,
            { ...question, slates: Object.fromEntries([first!]) },
            scorerOf(shop),
          )
          const expected = byHand(weighed)
          const { placements } = customerFirst(weighed.candidates, weighed.situation)!
          expect(placements[0]!.actions.map(({ id }) => id)).toEqual(expected)
          if (expected.length > 1) met.several++
          const [choice] = chooseSlates(weighed.candidates, weighed.situation, GREEDY)
          const shown = choice!.shown.map(({ candidate }) => candidate.action.id)
          if (shown.join() !== expected.join()) met.others++
        }
      }),
      { ...ALIKE, numRuns: 200 },
    )
    expect(Math.min(met.others, met.several)).toBeGreaterThan(50)
  })
})

describe('what push costs', () => {
  it('is what the answer would come to without levers, less what it comes to with them', async () => {
    const met = { pushed: 0, several: 0, free: 0 }
    await fc.assert(
      fc.asyncProperty(anyVisits, async ({ shop: any, questions }) => {
        // With hardly a bound, or levers would seldom move anything.
        const shop = { ...any, leverBound: 10 }
        const [catalogue, plainCatalogue] = [openShop(shop), openShop(withoutLevers(shop))]
        for (const question of questions) {
          const weighed = await scoreOnce(catalogue, question, scorerOf(shop))
          const { expected, push } = customerFirst(weighed.candidates, weighed.situation)!
          const { candidates, situation } = weighed
          // What was chosen by priority already is not chosen again; whoever does not ask is not told the order.
          const best = chooseSlates(candidates, situation, { ...GREEDY, epsilon: 0.03 })
          expect(customerFirst(candidates, situation, best)).toEqual(customerFirst(candidates, situation))
          const unasked = { ...situation, request: { ...situation.request, explain: 'none' as const } }
          const told = customerFirst(candidates, unasked)
          if (told !== null) {
            expect(told).toMatchObject({ placements: [], expected: { customerFirst: null } })
            expect(told.push).toEqual(push)
          }
          const is = expectedOf(weighed)
          const was = expectedOf(await scoreOnce(plainCatalogue, question, scorerOf(shop)))
          for (const key of ['propensity', 'margin'] as const) {
            expect(expected.byPriority[key]).toBeCloseTo(is[key], 9)
            expect(expected.withoutLevers[key]).toBeCloseTo(was[key], 9)
            expect(push[key]).toBeCloseTo(was[key] - is[key], 9)
            const sum = push.levers.reduce((total, lever) => total + lever[key], 0)
            expect(sum, 'what the levers cost together').toBeCloseTo(push[key], 9)
          }
          const names = new Set(weighed.candidates.flatMap(({ play }) => play.levers.map(({ name }) => name)))
          expect(push.levers.filter(({ lever }) => !names.has(lever))).toEqual([])
          if (push.levers.length > 0) met.pushed++
          else met.free++
          if (push.levers.length > 1) met.several++
        }
      }),
      { ...ALIKE, numRuns: 200 },
    )
    expect(Math.min(met.pushed, met.several, met.free)).toBeGreaterThan(40)
  })

  it('is nothing without levers, and with levers of 0', async () => {
    await fc.assert(
      fc.asyncProperty(anyVisits, async ({ shop, questions: [question] }) => {
        const plain = withoutLevers(shop)
        const weighed = await scoreOnce(openShop(plain), question!, scorerOf(plain))
        const { push, expected } = customerFirst(weighed.candidates, weighed.situation)!
        expect(push).toEqual({ propensity: 0, margin: 0, levers: [] })
        expect(expected.byPriority).toEqual(expected.withoutLevers)
        const situation = {
          ...weighed.situation,
          request: { ...weighed.situation.request, explain: 'none' as const },
        }
        expect(customerFirst(weighed.candidates, situation)).toBe(null)
      }),
      { ...ALIKE, numRuns: 60 },
    )
  })
})
