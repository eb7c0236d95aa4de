import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../src/domain/local-time.ts'
import { type CalendarPeriod, periodAt } from '../../src/domain/period.ts'

const HOUR = 3_600_000
/** Clocks that change at night, at midnight, by half an hour, by two hours, and never; and one that left out a day. */
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Africa/Cairo', 'Asia/Beirut'],
  ...['Australia/Lord_Howe', 'Antarctica/Troll', 'Asia/Kathmandu', 'America/Nuuk', 'Pacific/Apia'],
]
const LENGTHS: readonly CalendarPeriod[] = ['day', 'week', 'month']
const moments = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2060, 0) })
const cases = fc.record({
  per: fc.constantFrom(...LENGTHS),
  zone: fc.constantFrom(...ZONES),
  at: moments,
})
const berlin = (per: CalendarPeriod, utc: string) => periodAt(per, Date.parse(utc), 'Europe/Berlin')
const hours = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }) => (endsAt - startsAt) / HOUR

describe('periods', () => {
  it.each<[CalendarPeriod, string, string, string, string]>([
    ['day', '2026-11-29T12:00:00Z', '2026-11-29', '2026-11-28T23:00:00Z', '2026-11-29T23:00:00Z'],
    ['week', '2026-11-29T12:00:00Z', '2026-W48', '2026-11-22T23:00:00Z', '2026-11-29T23:00:00Z'],
    ['month', '2026-11-29T12:00:00Z', '2026-11', '2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z'],
    ['month', '2026-12-31T22:59:59Z', '2026-12', '2026-11-30T23:00:00Z', '2026-12-31T23:00:00Z'],
    // The first days of January are still of the last week of a year with 53.
    ['week', '2027-01-03T12:00:00Z', '2026-W53', '2026-12-27T23:00:00Z', '2027-01-03T23:00:00Z'],
    ['week', '2027-01-04T12:00:00Z', '2027-W01', '2027-01-03T23:00:00Z', '2027-01-10T23:00:00Z'],
  ])('a %s of Berlin: %s is of %s', (per, at, name, startsAt, endsAt) => {
    expect(berlin(per, at)).toEqual({ name, startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) })
  })

  it.each([
    ['2026-03-29T12:00:00Z', 23],
    ['2026-10-25T12:00:00Z', 25],
    ['2026-11-01T12:00:00Z', 24],
  ])('the day of %s has %i hours in Berlin', (at, expected) => {
    expect(hours(berlin('day', at))).toBe(expected)
  })

  it('a day that a zone left out has no moment', () => {
    const before = periodAt('day', Date.parse('2011-12-30T09:59:59.999Z'), 'Pacific/Apia')
    const after = periodAt('day', Date.parse('2011-12-30T10:00:00Z'), 'Pacific/Apia')
    expect([before.name, after.name]).toEqual(['2011-12-29', '2011-12-31'])
    expect(before.endsAt).toBe(after.startsAt)
  })

  it('hold their moments, and meet without gap or overlap', () => {
    fc.assert(
      fc.property(cases, ({ per, zone, at }) => {
        const period = periodAt(per, at, zone)
        expect(period.startsAt).toBeLessThanOrEqual(at)
        expect(period.endsAt).toBeGreaterThan(at)
        for (const inside of [period.startsAt, period.endsAt - 1])
          expect(periodAt(per, inside, zone)).toEqual(period)
        const [before, after] = [period.startsAt - 1, period.endsAt].map((beside) =>
          periodAt(per, beside, zone),
        )
        expect([before!.endsAt, after!.startsAt]).toEqual([period.startsAt, period.endsAt])
        expect(before!.name < period.name && period.name < after!.name).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('begin where the clock shows a new day, and weeks on a Monday', () => {
    fc.assert(
      fc.property(cases, ({ per, zone, at }) => {
        const { name, startsAt } = periodAt(per, at, zone)
        const [first, last] = [localTime(startsAt, zone), localTime(startsAt - 60_000, zone)]
        expect(last.day < first.day).toBe(true)
        if (per === 'day') expect(name).toBe(first.day)
        if (per === 'month') expect(name).toBe(first.day.slice(0, 7))
        if (per === 'week' && zone !== 'Pacific/Apia') expect(first.weekday).toBe(1)
      }),
      { numRuns: 400 },
    )
  })
})
