import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moneyNumber, shortestFloat32, wireNumber } from '../../src/domain/wire-number.ts'

const anyScore = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('a number on the wire', () => {
  it.each([
    [Math.fround(0.01), 0.01],
    [1 / 3, 0.33333],
    [0.0123456789, 0.012346],
    [1234567.8, 1234600],
    [1, 1],
    [0, 0],
    [-0.12345678, -0.12346],
    [5e-324, 5e-324],
  ])('has five significant digits: %d is told as %d', (value, told) => {
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
    fc.assert(fc.property(sizes, (value) => Math.abs(wireNumber(value) - value) <= 5.000001e-5 * value))
  })
})

describe('rounding without a text', () => {
  /** Scores, money, whatever else; and what lies in the middle between two of what it could be told as. */
  const numbers = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1e12, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc
      .tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 22 }), fc.constantFrom(-1, 0, 1))
      .map(([whole, places, off]) => ((whole + 0.5) / 10 ** places) * (1 + off * Number.EPSILON)),
  )

  it('comes to what its digits are read as', () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(wireNumber(value)).toBe(Number(value.toPrecision(5)))
        expect(moneyNumber(value)).toBe(Number(value.toPrecision(12)))
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('a stored float', () => {
  it('is told so that it reads back as the same float', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (value) => Math.fround(shortestFloat32(value)) === value,
      ),
    )
  })

  it.each([
    [Math.fround(0.1), 0.1],
    [Math.fround(16777217), 16777216],
    [Math.fround(1234.56), 1234.56],
    [9999, 9999],
  ])('is told short: %d as %d', (value, told) => expect(shortestFloat32(value)).toBe(told))
})
