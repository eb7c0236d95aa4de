import { describe, expect, it } from 'vitest'
import { type Beta, beliefIn, lnBelow } from '../../../src/decide/choose/beta.ts'
import { betaBelow, drawBeta } from './real-beta.ts'
import { deviations, makeRandom, TOO_FAR } from './statistics.ts'

/** Betas with both parameters from 1 to a million, and scores where something happens. */
function* anyBeta(
  n: number,
  random = makeRandom(1),
): Generator<{ readonly belief: Beta; readonly x: number }> {
  for (let i = 0; i < n; i++) {
    const [a, b] = [1 + 10 ** (9 * random() - 3), 1 + 10 ** (9 * random() - 3)]
    const spread = Math.sqrt((a * b) / (a + b + 1)) / (a + b)
    const x = a / (a + b) + spread * (8 * random() - 4)
    if (x > 0 && x < 1) yield { belief: { a, b }, x }
  }
}

describe('the oracle', () => {
  it.each([
    // What has a closed form.
    [0.5, 0.5, 0.5, 0.5],
    [0.3, 1, 1, 0.3],
    [0.2, 1, 5, 1 - 0.8 ** 5],
    [0.2, 5, 1, 0.2 ** 5],
    [0.5, 10, 10, 0.5],
    [0.4, 2, 3, 0.5248],
    [0.999, 1, 99, 1],
  ])('knows that %d of Beta(%d, %d) is at %d', (x, a, b, expected) => {
    expect(betaBelow(x, a, b)).toBeCloseTo(expected, 9)
  })

  it('draws what its distribution function says', () => {
    const random = makeRandom(2)
    for (const [a, b] of [
      [1, 99],
      [1, 1],
      [3.5, 1],
      [2000, 5],
      [40, 1e6],
    ] as const) {
      for (const at of [0.1, 0.5, 0.9]) {
        const x = quantile(at, a, b)
        let below = 0
        for (let i = 0; i < 20_000; i++) if (drawBeta(a, b, random) < x) below++
        expect(deviations(below, 20_000, at), `Beta(${a}, ${b}) below ${x}`).toBeLessThan(TOO_FAR)
      }
    }
  })

  function quantile(at: number, a: number, b: number): number {
    let [low, high] = [0, 1]
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2
      if (betaBelow(middle, a, b) < at) low = middle
      else high = middle
    }
    return low
  }
})

describe('the distribution function that beliefs are held against', () => {
  it('is wrong by less than 0.0125 where both parameters are at least 1', () => {
    let most = 0
    for (const { belief, x } of anyBeta(20_000))
      most = Math.max(most, Math.abs(Math.exp(lnBelow(x, belief)) - betaBelow(x, belief.a, belief.b)))
    expect(most).toBeLessThan(0.0125)
  })

  it('never falls, and comes to 1', () => {
    for (const { belief } of anyBeta(200)) {
      let last = Number.NEGATIVE_INFINITY
      for (let step = 0; step <= 200; step++) {
        const ln = lnBelow(step / 200, belief)
        expect(ln).toBeGreaterThanOrEqual(last)
        last = ln
      }
      expect(last).toBe(0)
    }
  })
})

describe('what is believed of a propensity', () => {
  const random = makeRandom(3)
  const told = Array.from({ length: 500 }, () => ({ p: random() ** 4, n: 10 ** (6 * random()) - 1 }))

  it('has it as its mean, and one peak at the most', () => {
    for (const { p, n } of [...told, { p: 0.5, n: 0 }, { p: 1e-6, n: 0 }]) {
      const { a, b } = beliefIn(p, n)
      expect(a / (a + b)).toBeCloseTo(p, 12)
      expect(Math.min(a, b)).toBeGreaterThanOrEqual(1 - 1e-9)
    }
  })

  it('gets as much surer as there are observations', () => {
    for (const { p, n } of told) {
      const [few, many] = [beliefIn(p, n), beliefIn(p, n + 1000)]
      expect(many.a + many.b - few.a - few.b).toBeCloseTo(1000, 6)
    }
  })

  it('is Beta(1, 99) for a hundredth of which nothing is known, and Beta(1, 1) for a half', () => {
    expect(beliefIn(0.01, 0)).toEqual({ a: 1, b: 99 })
    expect(beliefIn(0.5, 0)).toEqual({ a: 1, b: 1 })
  })
})
