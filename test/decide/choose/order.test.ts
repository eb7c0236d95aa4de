import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areEqual, rank } from '../../../src/decide/choose/ranking.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { sha256Hex } from '../../../src/domain/canonical-json.ts'
import { draw, firstBits, lotOf } from '../../../src/domain/lot.ts'
import { TIERS } from '../../../src/domain/tier.ts'
import { ALIKE } from './any-shop.ts'

/** Few tiers, priorities and lots, so that all kinds of equals meet. */
const anyCandidate = fc.record({
  tier: fc.constantFrom(...TIERS),
  priority: fc.constantFrom(0, -0, 2 ** -1074, 0.5, 0.5, 1, Number.MAX_VALUE),
  lot: fc.constantFrom(...['x', 'y', 'z'].map(lotOf)),
  isRefused: fc.constantFrom(false, false, false, true),
})

const anyCandidates = fc.array(anyCandidate, { minLength: 2, maxLength: 9 }).map((all) =>
  all.map(({ tier, priority, lot, isRefused }, i) => {
    const refusals = isRefused ? [{ code: 'inactive', values: {} }] : []
    return { action: { id: `a${i}`, tier, lot }, priority, refusals } as unknown as Candidate
  }),
)
const anySeed = fc.nat().map((n) => firstBits(sha256Hex(`${n}`)))
const anyOrder = fc.array(fc.nat(), { minLength: 9, maxLength: 9 })

function shuffled<Value>(values: readonly Value[], keys: readonly number[]): Value[] {
  return values
    .map((value, i) => ({ value, key: keys[i]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

describe('the order', () => {
  it('is the same however the candidates come, and leaves them as they came', () => {
    fc.assert(
      fc.property(anyCandidates, anySeed, anyOrder, (candidates, seed, keys) => {
        const before = [...candidates]
        expect(rank(shuffled(candidates, keys), seed)).toEqual(rank(candidates, seed))
        expect(candidates).toEqual(before)
      }),
      { ...ALIKE, numRuns: 2000 },
    )
  })

  it('is total: any two of it come in the same order by themselves', () => {
    fc.assert(
      fc.property(anyCandidates, anySeed, (candidates, seed) => {
        const ranked = rank(candidates, seed)
        for (const [i, first] of ranked.entries())
          for (const second of ranked.slice(i + 1)) {
            expect(rank([first, second], seed)).toEqual([first, second])
            expect(rank([second, first], seed)).toEqual([first, second])
          }
      }),
      { ...ALIKE, numRuns: 500 },
    )
  })

  it('is by tier, then priority, then lot, then id, and of those alone that are permitted', () => {
    const met = { priority: 0, lot: 0, id: 0 }
    fc.assert(
      fc.property(anyCandidates, anySeed, (candidates, seed) => {
        const ranked = rank(candidates, seed)
        expect(new Set(ranked)).toEqual(new Set(candidates.filter(({ refusals }) => refusals.length === 0)))
        for (const [i, b] of ranked.slice(1).entries()) {
          const a = ranked[i]!
          const tiers = TIERS.indexOf(a.action.tier) - TIERS.indexOf(b.action.tier)
          const lots = draw(seed, a.action.lot, 0) - draw(seed, b.action.lot, 0)
          expect(areEqual(a, b)).toBe(tiers === 0 && a.priority! - b.priority! === 0)
          expect(tiers).toBeLessThanOrEqual(0)
          if (tiers < 0) continue
          met.priority++
          expect(a.priority).toBeGreaterThanOrEqual(b.priority!)
          if (a.priority! > b.priority!) continue
          met.lot++
          expect(lots).toBeLessThanOrEqual(0)
          if (lots < 0) continue
          met.id++
          expect(a.action.id < b.action.id).toBe(true)
        }
      }),
      { ...ALIKE, numRuns: 1000 },
    )
    expect(Math.min(met.priority, met.lot, met.id)).toBeGreaterThan(100)
  })
})
