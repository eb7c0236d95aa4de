import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/sample/random.ts'

describe('createRandom', () => {
  const draws = (seed: number, stream: number) => {
    const random = createRandom(seed, stream)
    return Array.from({ length: 4 }, () => random.below(2 ** 32))
  }

  it('repeats itself for the same seed and stream, and only then', () => {
    expect(draws(1962, 7)).toEqual(draws(1962, 7))
    expect(draws(1962, 7)).not.toEqual(draws(1962, 8))
    expect(draws(1962, 7)).not.toEqual(draws(1963, 7))
  })

  it('stays below the bound and reaches every value', () => {
    const random = createRandom(1, 1)
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(6)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('draws by weight, and never what weighs nothing', () => {
    const random = createRandom(2, 3)
    const counts = [0, 0, 0]
    for (let i = 0; i < 40_000; i++) counts[random.weighted([1, 0, 3])]!++
    expect(counts[1]).toBe(0)
    expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0)
  })

  it('gives neighbouring streams unlike first draws', () => {
    const firsts = Array.from({ length: 10_000 }, (_, stream) => createRandom(1962, stream).below(10))
    for (let value = 0; value < 10; value++) {
      const count = firsts.filter((first) => first === value).length
      expect(Math.abs(count - 1000)).toBeLessThan(150)
    }
  })
})
