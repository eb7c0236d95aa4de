import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wireNumber } from '../../src/domain/wire-number.ts'

const anyScore = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('a number on the wire', () => {
  it.each([
    [Math.fround(0.01), 0.01],
    [1 / 3, 0.333333],
    [0.0123456789, 0.0123457],
    [1234567.8, 1234570],
    [1, 1],
    [0, 0],
    [-0.12345678, -0.123457],
    [5e-324, 5e-324],
  ])('has six significant digits: %d is told as %d', (value, told) => {
    expect(wireNumber(value)).toBe(told)
  })

  it('does not change when it is told again', () => {
    fc.assert(fc.property(anyScore, (value) => Object.is(wireNumber(wireNumber(value)), wireNumber(value))))
  })

  it('keeps the order of scores', () => {
    fc.assert(
      fc.property(anyScore, anyScore, (a, b) => wireNumber(Math.min(a, b)) <= wireNumber(Math.max(a, b))),
    )
  })

  it('is never off by more than half of its last digit', () => {
    const sizes = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
    fc.assert(fc.property(sizes, (value) => Math.abs(wireNumber(value) - value) <= 5.000001e-6 * value))
  })
})
