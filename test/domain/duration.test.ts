import { describe, expect, it } from 'vitest'
import { durationMs, LONGEST_DURATION_MS } from '../../src/domain/duration.ts'

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['3650d', LONGEST_DURATION_MS],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(durationMs(text)).toBe(milliseconds)
  })

  it.each(['', '7', 'd', '0d', '07d', '-1d', '1.5h', '7 d', '7D', '7days', '1y', '7d\n'])(
    'is never %j',
    (text) => {
      expect(() => durationMs(text)).toThrow(RangeError)
    },
  )
})
