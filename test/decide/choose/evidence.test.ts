import { describe, expect, it } from 'vitest'
import { upperBound } from '../../../src/decide/evidence.ts'
import { makeRandom } from './statistics.ts'

describe('what a rate may well be', () => {
  /** SciPy 1.17.1: binomtest(times, of, alternative='less').proportion_ci(0.95, method='wilson'). */
  it.each([
    [0, 1, 0.7301340512159458],
    [0, 20, 0.11915783736096448],
    [1, 29, 0.14068309513251206],
    [5, 10, 0.7307281788617328],
    [10, 100, 0.1603555096110922],
    [15, 148, 0.14957293174640027],
    [81, 263, 0.3565663496084882],
    [100, 10_000, 0.011774281570452539],
    [1, 1, 1],
  ])('is Wilson’s upper bound: %d times in %d', (times, of, expected) => {
    expect(upperBound(times / of, of)).toBeCloseTo(expected, 12)
  })

  const random = makeRandom(4)
  const rates = [0, 1e-7, 0.5, 1 - 1e-7, 1, ...Array.from({ length: 200 }, () => random() ** 3)]

  it('falls with every observation, from 1 to the rate itself', () => {
    for (const p of rates) {
      expect(upperBound(p, 0)).toBe(1)
      let last = 1
      for (const n of [0.01, 1, 2, 3, 10, 100, 1e4, 1e6, 1e9]) {
        const bound = upperBound(p, n)
        if (p < 0.999) expect(bound, `${p} in ${n}`).toBeLessThan(last)
        expect(bound).toBeLessThanOrEqual(last + 1e-12)
        expect(bound).toBeGreaterThanOrEqual(p - 1e-12)
        last = bound
      }
      expect(last).toBeCloseTo(p, 3)
      expect(upperBound(p, Number.POSITIVE_INFINITY)).toBe(p)
    }
  })

  it('rises with the rate', () => {
    const rising = [...rates].sort((a, b) => a - b)
    for (const n of [0.5, 1, 30, 1e5])
      for (let i = 1; i < rising.length; i++)
        expect(upperBound(rising[i]!, n)).toBeGreaterThanOrEqual(upperBound(rising[i - 1]!, n))
  })
})
