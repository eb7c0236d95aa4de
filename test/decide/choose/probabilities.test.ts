import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Choice, chooseSlates } from '../../../src/decide/choose/choose.ts'
import { policyOf } from '../../../src/decide/choose/policy.ts'
import { fillSlates } from '../../../src/decide/fill.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { EXPLORATION_METHODS } from '../../../src/domain/exploration.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ALIKE, anyVisits, openShop, type Shop, scorerOf, type Visits } from './any-shop.ts'
import { fieldFor } from './field-oracle.ts'
import { asMade, scoreOnce, type Weighed } from './score-once.ts'

/** For each question what there is to choose from. */
function visit({ shop, questions }: Visits): Promise<Weighed[]> {
  const [catalogue, scorer] = [openShop(shop), scorerOf(shop)]
  return Promise.all(questions.map((question) => scoreOnce(catalogue, question, scorer)))
}

describe('in every slot', () => {
  it.each([{ method: 'greedy' }, { method: 'softmax', temperature: 1 }, { method: 'thompson' }])(
    'chances are numbers where all that is written is as large as it may be, by $method',
    async (exploration) => {
      const shelf = [
        action('much', { value: 1e12 }),
        action('more', { value: 1e12, lever: 1000 }),
        action('none', { value: 1e12, lever: -100 }),
        action('some', { value: 1e-12 }),
      ]
      const contextWeights = [1, 2, 3].map(() => ({ when: 'true', weight: 1000 }))
      const powers = { propensity: 10, context: 10, value: 10, lever: 10 }
      const shop = makeCatalogue(shelf, {
        exploration,
        arbitration: { powers, leverBound: 10, contextWeights },
      })
      const { situation, candidates } = await scoreOnce(shop, { slates: { hero: 4 } }, makeFakeScorer({}, 1))
      const [{ slots }] = chooseSlates(candidates, situation, policyOf(situation)) as [Choice]
      expect(slots.map(({ field }) => field.length)).toEqual([4, 3, 2, 1])
      for (const { chances } of slots)
        expect(chances().reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9)
      for (const { priority } of candidates) expect(Number.isFinite(priority)).toBe(true)
    },
  )

  it('chances sum to 1, are of exactly those that could be drawn, and leave out nobody who may be tried', async () => {
    const seen = { random: 0, tried: 0, mandatory: 0, full: 0, byMethod: new Map<string, number>() }
    const check = (shop: Shop, weighed: Weighed) => {
      const { situation, candidates } = weighed
      const choices = chooseSlates(candidates, situation, policyOf(situation))
      const isRandom = situation.arm === 'random'
      const shown: Candidate[] = []
      for (const { slate, slots, language, shown: items } of asMade(choices, situation)) {
        const own = candidates.filter(({ placement }) => placement === slate.placement)
        const inSlate: Candidate[] = []
        for (const { field, drawn, chances: chancesOf } of slots) {
          const chances = chancesOf()
          expect(new Set(field)).toEqual(new Set(fieldFor(own, inSlate, shown, language, situation)))
          expect(chances.length).toBe(field.length)
          expect(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1)).toBeLessThan(1e-9)
          expect(Math.min(...chances)).toBeGreaterThanOrEqual(0)
          expect(chances[drawn]).toBeGreaterThan(0)
          if (field[0]!.action.tier === 'mandatory') {
            const best = Math.max(...field.map(({ priority }) => priority!))
            expect(field[drawn]!.priority, 'what must be is not left to chance').toBe(best)
            for (const [i, one] of field.entries()) expect(chances[i]! > 0).toBe(one.priority === best)
            seen.mandatory++
          } else if (isRandom || policyOf(situation).epsilon > 0) {
            expect(Math.min(...chances)).toBeGreaterThan(0)
            seen.tried++
          }
          expect(items[inSlate.length]!.candidate).toBe(field[drawn])
          inSlate.push(field[drawn]!)
          shown.push(field[drawn]!)
          if (field.length < 2) continue
          const { method } = shop.exploration
          if (isRandom) seen.random++
          else seen.byMethod.set(method, (seen.byMethod.get(method) ?? 0) + 1)
        }
        if (slots.length === slate.limit) seen.full++
        else expect(fieldFor(own, inSlate, shown, language, situation)).toEqual([])
      }
    }
    await fc.assert(
      fc.asyncProperty(anyVisits, async (visits) => {
        for (const weighed of await visit(visits)) check(visits.shop, weighed)
      }),
      { ...ALIKE, numRuns: 400 },
    )
    for (const method of EXPLORATION_METHODS) expect(seen.byMethod.get(method), method).toBeGreaterThan(150)
    expect(Math.min(seen.random, seen.tried, seen.mandatory, seen.full)).toBeGreaterThan(300)
  })

  it('the chance told of an item is that of the one that was drawn, and of a slate the product', async () => {
    let joint = 0
    const check = ({ situation, candidates }: Weighed) => {
      const choices = chooseSlates(candidates, situation, policyOf(situation))
      const { slates, verdicts } = fillSlates(candidates, situation)
      for (const [i, { slots, shown, slate }] of choices.entries()) {
        const { items, selectionProbability } = slates[i]!
        expect(items.map(({ action }) => action)).toEqual(shown.map(({ candidate }) => candidate.action))
        const told = items.map((item) => item.selectionProbability)
        expect(told).toEqual(slots.map(({ chances, drawn }) => chances()[drawn]))
        const product = told.reduce((all, chance) => all * chance, 1)
        expect(selectionProbability).toBeCloseTo(product, 12)
        if (product < 0.9 && items.length > 1) joint++

        const last = new Map<string, number>()
        for (const { field, chances } of slots)
          for (const [j, { action }] of field.entries()) last.set(action.id, chances()[j]!)
        for (const verdict of verdicts.filter(({ placement }) => placement.id === slate.placement))
          expect(verdict.selectionProbability).toBe(last.get(verdict.action.id) ?? null)
      }
    }
    await fc.assert(
      fc.asyncProperty(anyVisits, async (visits) => {
        for (const weighed of await visit(visits)) check(weighed)
      }),
      { ...ALIKE, numRuns: 150 },
    )
    expect(joint).toBeGreaterThan(100)
  })
})
