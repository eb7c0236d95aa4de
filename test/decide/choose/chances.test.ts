import { describe, expect, it } from 'vitest'
import { baseChances } from '../../../src/decide/choose/chances.ts'
import { GREEDY, type Policy } from '../../../src/decide/choose/policy.ts'
import { chancesOfBeingBest } from '../../../src/decide/choose/thompson.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { makeRandom } from './statistics.ts'

const random = makeRandom(9)

/** Of one tier, the best first, each with a propensity of its own. */
function fieldOf(priorities: readonly number[]): Candidate[] {
  return [...priorities]
    .sort((a, b) => b - a)
    .map((priority) => {
      const one = { priority, propensity: 0.1 * random(), evidence: 50, action: { tier: 'marketing' } }
      return one as unknown as Candidate
    })
}

const anyPriorities = () => Array.from({ length: 2 + Math.floor(8 * random()) }, () => 10 * random())
const chancesBy = (base: Policy['base'], priorities: readonly number[], temperature = 1) => [
  ...baseChances(fieldOf(priorities), { ...GREEDY, base, temperature }, 1),
]

describe('softmax', () => {
  it.each([0.1, 0.5, 1, 3, 50])(
    'draws in proportion to priority^(1/temperature), temperature %d',
    (temperature) => {
      for (let i = 0; i < 100; i++) {
        const priorities = anyPriorities().sort((a, b) => b - a)
        const chances = chancesBy('softmax', priorities, temperature)
        for (const [j, chance] of chances.entries())
          expect(chance / chances[0]!).toBeCloseTo((priorities[j]! / priorities[0]!) ** (1 / temperature), 9)
      }
    },
  )

  it('does not care in what unit anything is worth', () => {
    const priorities = anyPriorities()
    const cents = priorities.map((priority) => priority * 100)
    for (const [j, chance] of chancesBy('softmax', cents, 0.7).entries())
      expect(chance).toBeCloseTo(chancesBy('softmax', priorities, 0.7)[j]!, 12)
  })

  it('gives nothing to what is worth nothing, unless all is', () => {
    expect(chancesBy('softmax', [3, 1, 0])).toEqual([0.75, 0.25, 0])
    expect(chancesBy('softmax', [0, 0])).toEqual([0.5, 0.5])
  })
})

describe('the best', () => {
  it('is drawn, and equals of it evenly', () => {
    expect(chancesBy('best', [3, 2, 2])).toEqual([1, 0, 0])
    expect(chancesBy('best', [3, 3, 3, 2])).toEqual([1 / 3, 1 / 3, 1 / 3, 0])
    expect(chancesBy('best', [0, 0])).toEqual([0.5, 0.5])
  })
})

describe('chance alone', () => {
  it('is even', () => {
    expect(chancesBy('even', [5, 1, 0, 0])).toEqual([0.25, 0.25, 0.25, 0.25])
  })
})

describe('thompson', () => {
  it('believes in propensities to their power', () => {
    const field = fieldOf([3, 2, 2])
    const policy: Policy = { ...GREEDY, base: 'thompson' }
    expect([...baseChances(field, policy, 2)]).toEqual([...chancesOfBeingBest(field, 2)])
  })

  it('is the best where propensities do not count', () => {
    const policy: Policy = { ...GREEDY, base: 'thompson' }
    expect([...baseChances(fieldOf([3, 2]), policy, 0)]).toEqual([1, 0])
    expect([...baseChances(fieldOf([3, 3]), policy, 0)]).toEqual([0.5, 0.5])
  })
})
