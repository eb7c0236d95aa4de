import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decision, Item } from '../../../src/domain/decision.ts'
import { reason } from '../../../src/domain/reason.ts'
import { ask, makeHouse } from '../make-house.ts'
import { ALIKE, anyVisits, openShop, type Shop, scorerOf } from './any-shop.ts'

const KEPT = ['mandatory', 'service']
/** Reasons of what is permitted by itself. */
const CROWDED = new Set(['chosen_elsewhere', 'group_full', 'capped_by_answer', 'no_content_in_language'])

interface Answers {
  /** With everybody in the holdout. */
  readonly heldOut: Decision
  /** Without a holdout. */
  readonly free: Decision
  /** Without a holdout, in a shop that has nothing but what the holdout is shown. */
  readonly kept: Decision
}

const all: Answers[] = []

beforeAll(async () => {
  for (const { shop, questions } of fc.sample(anyVisits, { ...ALIKE, numRuns: 100 })) {
    const actions = shop.actions.map((one) =>
      KEPT.includes(one.tier) ? one : { ...one, status: 'inactive' },
    )
    const house = (own: Partial<Shop>, share: number) => {
      const catalogue = openShop({ ...shop, random: 0, ...own }, { experiments: { holdout: { share } } })
      return makeHouse(catalogue, { scorer: scorerOf(shop) })
    }
    const [heldOut, free, kept] = [house({}, 1), house({}, 0), house({ actions }, 0)]
    for (const question of questions.map(ask))
      all.push({ heldOut: await heldOut(question), free: await free(question), kept: await kept(question) })
  }
})

/** All that an item is, but for the words that tell its rank among others. */
const told = (items: readonly Item[]) =>
  items.map(({ why, ...rest }) => ({ ...rest, action: rest.action.id }))

describe('the holdout', () => {
  it('is noted what it would have been shown, with its chance', () => {
    let ghosts = 0
    for (const { heldOut, free } of all) {
      expect([heldOut.arm, free.arm, free.ghosts]).toEqual(['holdout', 'champion', []])
      expect(heldOut.ghosts.length).toBe(free.slates.length)
      for (const [i, { placement, items, selectionProbability }] of heldOut.ghosts.entries()) {
        expect(placement.id).toBe(free.slates[i]!.placement.id)
        expect(JSON.stringify(told(items))).toBe(JSON.stringify(told(free.slates[i]!.items)))
        expect(selectionProbability).toBe(free.slates[i]!.selectionProbability)
        ghosts += items.length
      }
    }
    expect(ghosts).toBeGreaterThan(300)
  })

  it('is shown what it would be if there were nothing but mandatory and service', () => {
    let shown = 0
    for (const { heldOut, kept } of all)
      for (const [i, { items }] of heldOut.slates.entries()) {
        expect(JSON.stringify(told(items))).toBe(JSON.stringify(told(kept.slates[i]!.items)))
        shown += items.length
      }
    expect(shown).toBeGreaterThan(100)
  })

  it('is shown mandatory and service of one placement as if there were no holdout', () => {
    let shown = 0
    for (const { heldOut, free } of all.filter(({ free }) => free.slates.length === 1)) {
      const own = free.slates[0]!.items.filter(({ action }) => KEPT.includes(action.tier))
      expect(JSON.stringify(told(heldOut.slates[0]!.items))).toBe(JSON.stringify(told(own)))
      shown += own.length
    }
    expect(shown).toBeGreaterThan(30)
  })

  it('is told of all that it misses that it is held out, after whatever else refuses it', () => {
    const met = { heldOut: 0, refused: 0 }
    for (const { heldOut, free } of all)
      for (const [i, { action, status, reasons }] of heldOut.verdicts.entries()) {
        const own = free.verdicts[i]!
        if (KEPT.includes(action.tier)) {
          expect(reasons.map(({ code }) => code)).not.toContain('held_out')
          continue
        }
        const isRefused = own.status === 'refused' && !CROWDED.has(own.reasons[0]!.code)
        const before = isRefused ? own.reasons : []
        expect([status, reasons]).toEqual(['refused', [...before, reason('held_out', { tier: action.tier })]])
        if (isRefused) met.refused++
        else met.heldOut++
      }
    expect(Math.min(met.heldOut, met.refused)).toBeGreaterThan(300)
  })
})
