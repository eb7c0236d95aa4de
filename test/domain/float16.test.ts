import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeF16, encodeF16 } from '../../src/domain/float16.ts'
import { HALF_FLOATS, nearestHalf } from './half-floats.ts'

const INFINITY = 0x7c00
const SIGN = 0x8000
const rounded = (value: number) => decodeF16(encodeF16(value))
const isNaNCode = (code: number) => (code & 0x7fff) > INFINITY

describe('a half float', () => {
  it('is read as IEEE 754 says, for each of the 65,536 codes', () => {
    for (let code = 0; code < 0x10000; code++) {
      const size = code & 0x7fff
      const expected = size > INFINITY ? Number.NaN : (HALF_FLOATS[size] ?? Number.POSITIVE_INFINITY)
      const value = decodeF16(code)
      if (!Object.is(value, code & SIGN ? -expected : expected))
        expect([code, value]).toEqual([code, expected])
    }
  })

  it('comes back as the same code when it is written again, and NaN as some NaN', () => {
    for (let code = 0; code < 0x10000; code++) {
      const again = encodeF16(decodeF16(code))
      if (isNaNCode(code) ? !isNaNCode(again) : again !== code) expect([code, again]).toEqual([code, code])
    }
  })

  it('is the nearest one, and the even one half-way, at and beside every half-way point', () => {
    const beside = 1 + 2 ** -40
    for (let code = 1; code < HALF_FLOATS.length; code++) {
      const halfway = (HALF_FLOATS[code - 1]! + HALF_FLOATS[code]!) / 2
      for (const value of [halfway, halfway * beside, halfway / beside, -halfway * beside]) {
        if (rounded(value) !== nearestHalf(value))
          expect([value, rounded(value)]).toEqual([value, nearestHalf(value)])
      }
    }
  })

  it('is the nearest one for any number', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true }), fc.double({ noNaN: true, min: -7e4, max: 7e4 })),
        (value) => Object.is(rounded(value), nearestHalf(value)),
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    [65504, 65504],
    [65519.99, 65504],
    [65520, Number.POSITIVE_INFINITY],
    [-65520, Number.NEGATIVE_INFINITY],
    [1e300, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [2 ** -25, 0],
    [2 ** -25 * 1.001, 2 ** -24],
    [-1e-300, -0],
    [-0, -0],
  ])('ends where the format ends: %d is kept as %d', (value, kept) => {
    expect(rounded(value)).toBe(kept)
  })
})
