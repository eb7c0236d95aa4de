import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../src/domain/local-time.ts'

const HOUR = 3_600_000
const at = (utc: string, zone = 'Europe/Berlin') => localTime(Date.parse(utc), zone)

/** When the last Sunday of a month begins the change, 01:00 UTC, as the European rule says. */
function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1))
  return last.getTime() - last.getUTCDay() * 24 * HOUR
}

function berlin(moment: number) {
  const year = new Date(moment).getUTCFullYear()
  const summer = moment >= lastSunday(year, 2) && moment < lastSunday(year, 9)
  const wall = new Date(moment + (summer ? 2 : 1) * HOUR)
  return {
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    weekday: wall.getUTCDay(),
    day: wall.toISOString().slice(0, 10),
  }
}

describe('the wall clock', () => {
  it.each([
    ['2026-03-29T00:59:59Z', 1],
    ['2026-03-29T01:00:00Z', 3],
  ])('leaves out an hour in Berlin when summer time begins: %s is %d o’clock', (utc, hour) => {
    expect(at(utc)).toMatchObject({ hour, weekday: 0, day: '2026-03-29' })
  })

  it.each([
    ['2026-10-25T00:30:00Z', 2],
    ['2026-10-25T01:30:00Z', 2],
    ['2026-10-25T02:00:00Z', 3],
  ])('has an hour twice in Berlin when summer time ends: %s is %d o’clock', (utc, hour) => {
    expect(at(utc)).toMatchObject({ hour, weekday: 0, day: '2026-10-25' })
  })

  it('agrees with the European rule at any moment of this half of the century', () => {
    const moments = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 11, 31) })
    fc.assert(
      fc.property(moments, (moment) => {
        expect(localTime(moment, 'Europe/Berlin')).toEqual(berlin(moment))
      }),
    )
  })

  it('begins a day at hour 0, never 24', () => {
    expect(at('2026-10-31T23:00:00Z')).toEqual({ hour: 0, minute: 0, weekday: 0, day: '2026-11-01' })
    expect(at('2026-10-31T22:59:59.999Z')).toEqual({ hour: 23, minute: 59, weekday: 6, day: '2026-10-31' })
  })

  it.each([
    ['UTC', { hour: 18, minute: 20, weekday: 4, day: '2026-12-31' }],
    ['Asia/Kathmandu', { hour: 0, minute: 5, weekday: 5, day: '2027-01-01' }],
    ['Pacific/Kiritimati', { hour: 8, minute: 20, weekday: 5, day: '2027-01-01' }],
    ['America/St_Johns', { hour: 14, minute: 50, weekday: 4, day: '2026-12-31' }],
    ['Pacific/Pago_Pago', { hour: 7, minute: 20, weekday: 4, day: '2026-12-31' }],
  ])('knows the day in %s', (zone, expected) => {
    expect(at('2026-12-31T18:20:00Z', zone)).toEqual(expected)
  })

  it('counts weekdays from Sunday', () => {
    const week = Array.from({ length: 7 }, (_, i) => at(`2026-11-0${i + 1}T12:00:00Z`).weekday)
    expect(week).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it('does not guess a zone that it does not know', () => {
    expect(() => localTime(0, 'Europe/Atlantis')).toThrow(RangeError)
  })
})
