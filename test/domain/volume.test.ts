import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodAt } from '../../src/domain/period.ts'
import { allowanceAt, PERIODS, type Volume } from '../../src/domain/volume.ts'

const volume = (more: Partial<Volume> = {}): Volume => ({
  id: 'boots',
  where: {},
  max: 500,
  per: 'day',
  pacing: 'even',
  ...more,
})
const inBerlin = (of: Volume, utc: string) => allowanceAt(of, Date.parse(utc), 'Europe/Berlin')

describe('what a volume allows', () => {
  it('is all of it, first come first served', () => {
    expect(inBerlin(volume({ pacing: 'asap' }), '2026-11-29T00:00:00Z')).toEqual({
      volume: 'boots',
      period: '2026-11-29',
      allowed: 500,
      max: 500,
      endsAt: Date.parse('2026-11-29T23:00:00Z'),
    })
  })

  it('is all of a total, which has no end', () => {
    const total = { volume: 'boots', period: 'total', allowed: 500, max: 500, endsAt: null }
    for (const pacing of ['even', 'asap'] as const)
      expect(inBerlin(volume({ per: 'total', pacing }), '2026-11-29T00:00:00Z')).toEqual(total)
  })

  it.each([
    ['2026-11-28T23:00:00Z', 1],
    ['2026-11-28T23:02:52.799Z', 1],
    ['2026-11-28T23:02:52.800Z', 2],
    ['2026-11-29T11:00:00Z', 251],
    ['2026-11-29T22:57:07.199Z', 499],
    ['2026-11-29T22:57:07.200Z', 500],
    // Half of the day on which the clocks go back has passed half an hour later.
    ['2026-10-25T10:29:59.999Z', 250],
    ['2026-10-25T10:30:00Z', 251],
  ])('is the share of the period that has passed: at %s %i of 500', (at, allowed) => {
    expect(inBerlin(volume(), at).allowed).toBe(allowed)
  })

  it('is nothing of nothing', () => {
    expect(inBerlin(volume({ max: 0 }), '2026-11-29T12:00:00Z').allowed).toBe(0)
  })

  it('grows from one to all within a period, and never beyond', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(
        fc.constantFrom(...PERIODS.filter((per) => per !== 'total')),
        fc.constantFrom('Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'UTC'),
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
        fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1_000_000_000 })),
        shares,
        (per, zone, at, max, passed) => {
          const { startsAt, endsAt } = periodAt(per, at, zone)
          const of = volume({ per, max })
          const allowed = [0, ...passed.sort((a, b) => a - b), 1].map(
            (share) => allowanceAt(of, startsAt + Math.floor(share * (endsAt - 1 - startsAt)), zone).allowed,
          )
          expect(allowed[0]).toBe(1)
          expect(allowed.every((each, i) => i === 0 || each >= allowed[i - 1]!)).toBe(true)
          expect(Math.max(...allowed)).toBeLessThanOrEqual(max)
          // Where a unit has less than a millisecond of its own, the last ones have none.
          if (max <= endsAt - startsAt) expect(allowed.at(-1)).toBe(max)
        },
      ),
      { numRuns: 300 },
    )
  })
})
