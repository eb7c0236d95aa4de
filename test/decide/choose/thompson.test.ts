import { describe, expect, it } from 'vitest'
import { beliefIn } from '../../../src/decide/choose/beta.ts'
import { chancesOfBeingBest, MOST_CONTENDERS } from '../../../src/decide/choose/thompson.ts'
import { priorityOf } from '../../../src/decide/weigh.ts'
import { PLAIN_POWERS } from '../../../src/domain/arbitration.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { drawBeta } from './real-beta.ts'
import { makeRandom } from './statistics.ts'

interface Told {
  readonly propensity: number
  readonly evidence: number
  /** Value and lever, with their powers. */
  readonly factor: number
}

/** As it comes to the slot: the best first. */
function fieldOf(told: readonly Told[], power = 1): Candidate[] {
  return told
    .map(({ propensity, evidence, factor }) => {
      const priority = priorityOf(propensity, 1, 1, factor, { ...PLAIN_POWERS, propensity: power })
      return { propensity, evidence, priority, factor } as unknown as Candidate
    })
    .sort((a, b) => b.priority! - a.priority!)
}

const sumOf = (chances: Float64Array) => chances.reduce((sum, chance) => sum + chance, 0)
const certain = (propensity: number, factor = 1): Told => ({
  propensity,
  factor,
  evidence: Number.POSITIVE_INFINITY,
})

describe('chances of being the best', () => {
  const DRAWS = 20_000
  const random = makeRandom(5)
  /** Propensities as they are: of one shop, of anything, near 1. */
  const SPREADS = [
    () => 0.001 + 0.01 * random(),
    random,
    () => 10 ** (-4 * random()),
    () => 1 - 0.1 * random(),
  ]

  function anyField(i: number): { field: Candidate[]; power: number } {
    const power = [1, 1, 0.5, 2, 10][i % 5]!
    const propensityOf = SPREADS[i % 4]!
    const told = Array.from({ length: 2 + Math.floor(29 * random()) }, () => ({
      propensity: propensityOf(),
      evidence: random() < 0.2 ? 0 : 10 ** (6 * random()),
      factor: random() < 0.5 ? 1 : 10 ** random(),
    }))
    return { field: fieldOf(told, power), power }
  }

  /** How often each was the best when every propensity was drawn from what is believed of it. */
  function byDrawing(field: readonly Candidate[], power: number): number[] {
    const beliefs = field.map(({ propensity, evidence, priority }) => {
      return { ...beliefIn(propensity!, evidence), ln: Math.log(priority!) - power * Math.log(propensity!) }
    })
    const wins = field.map(() => 0)
    for (let i = 0; i < DRAWS; i++) {
      const drawn = beliefs.map(({ a, b, ln }) => ln + power * Math.log(drawBeta(a, b, random)))
      wins[drawn.indexOf(Math.max(...drawn))]!++
    }
    return wins.map((count) => count / DRAWS)
  }

  function expectAsDrawn(field: readonly Candidate[], power: number): Float64Array {
    const chances = chancesOfBeingBest(field, power)
    const drawn = byDrawing(field, power)
    for (const [i, chance] of chances.entries())
      expect(Math.abs(chance - drawn[i]!), `position ${i}: ${chance}`).toBeLessThan(0.02)
    return chances
  }

  it('are what comes out when propensities are drawn, within 0.02', () => {
    let undecided = 0
    for (let i = 0; i < 20; i++) {
      const { field, power } = anyField(i)
      if (Math.max(...expectAsDrawn(field, power)) < 0.9) undecided++
    }
    expect(undecided).toBeGreaterThan(7)
  })

  it('are so of some of whom much is known beside one of whom nothing is', () => {
    for (const power of [1, 3]) {
      const known = [0.3, 0.3006, 0.2995].map((propensity) => ({ propensity, evidence: 1e6, factor: 1 }))
      expectAsDrawn(
        fieldOf([...known, { propensity: 0.001, evidence: 0, factor: 200 ** power }], power),
        power,
      )
    }
  })

  it('are so of some of whom nothing is known', () => {
    const told = [0.01, 0.012, 0.1, 0.3].map((propensity) => ({
      propensity,
      evidence: 0,
      factor: 0.02 / propensity,
    }))
    expectAsDrawn(fieldOf(told), 1)
    expectAsDrawn(fieldOf([...told.slice(0, 3), { propensity: 0.01, evidence: 3, factor: 4 }]), 1)
  })

  it('of two near 1 of whom much is known are as sure as what is known', () => {
    // Their difference is normal, a little less than three quarters of its deviation from 0.
    const of = (propensity: number): Told => ({ propensity, evidence: 1e6, factor: 1 })
    const [first] = chancesOfBeingBest(fieldOf([of(0.999), of(0.99897)]), 1)
    expect(first).toBeGreaterThan(0.73)
    expect(first).toBeLessThan(0.77)
  })

  it('sum to 1 and are never below 0, whatever is told', () => {
    const pick = <Value>(...values: readonly Value[]) => values[Math.floor(random() * values.length)]!
    for (let i = 0; i < 5000; i++) {
      const power = pick(0.1, 0.5, 1, 2, 10)
      const told = Array.from({ length: 1 + Math.floor(6 * random()) }, () => ({
        propensity: pick(0, 1, 0.5, 0.01, 1 - 1e-6, 1e-7, 2 ** -149, random()),
        evidence: pick(0, 0.5, 5, 1000 * random(), 1e6, Number.POSITIVE_INFINITY),
        factor: pick(0, 1, 1, 100, random()),
      }))
      const chances = chancesOfBeingBest(fieldOf(told, power), power)
      if (!(Math.abs(sumOf(chances) - 1) < 1e-9))
        expect(sumOf(chances), JSON.stringify(told)).toBeCloseTo(1, 9)
      if (!(Math.min(...chances) >= 0)) expect([...chances], JSON.stringify(told)).toBe('never below 0')
    }
  })
})

describe('certain ones', () => {
  it('leave nothing to chance: the best is drawn, equals evenly', () => {
    expect([
      ...chancesOfBeingBest(fieldOf([certain(0.01), certain(0.0101), certain(0.5, 0.019)]), 1),
    ]).toEqual([1, 0, 0])
    const [one, other, third] = chancesOfBeingBest(fieldOf([certain(0.02), certain(0.02), certain(0.01)]), 1)
    expect([one, other]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)])
    expect(third).toBe(0)
  })

  it('that will or will not for sure are no trouble', () => {
    expect([...chancesOfBeingBest(fieldOf([certain(1), certain(1, 0.9), certain(0)]), 1)]).toEqual([1, 0, 0])
    const none = [...chancesOfBeingBest(fieldOf([certain(0), certain(0)]), 1)]
    expect(none).toEqual([0.5, 0.5])
    const worthless = [...chancesOfBeingBest(fieldOf([certain(0.5, 0), certain(0.2, 0), certain(0.1, 0)]), 1)]
    expect(worthless).toEqual([1 / 3, 1 / 3, 1 / 3])
    expect([...chancesOfBeingBest(fieldOf([certain(0.3)]), 1)]).toEqual([1])
  })
})

describe('ten thousand', () => {
  it.each([0, 100, 1e6])('with %d observations each: not too many share what there is', (evidence) => {
    const random = makeRandom(6)
    const alike = fieldOf(Array.from({ length: 10_000 }, () => ({ propensity: 0.01, evidence, factor: 1 })))
    const shares = chancesOfBeingBest(alike, 1)
    // The first of equals: the field is in the order of their lots.
    for (const share of shares.subarray(0, MOST_CONTENDERS)) expect(share).toBeCloseTo(1 / MOST_CONTENDERS, 9)
    expect(sumOf(shares.subarray(MOST_CONTENDERS))).toBe(0)
    const unlike = fieldOf(
      Array.from({ length: 10_000 }, () => ({ propensity: 0.02 * random(), evidence, factor: 1 })),
    )
    const chances = chancesOfBeingBest(unlike, 1)
    expect(Math.abs(sumOf(chances) - 1)).toBeLessThan(1e-9)
    expect(Math.min(...chances)).toBeGreaterThanOrEqual(0)
    expect(chances[0]).toBeGreaterThan(chances[5000]!)
  })
})
