import { expect, it } from 'vitest'
import { awakeFrom } from '../../../src/decide/judge/quiet.ts'

it('waits for days when only a clock that jumps opens a gap between the nights of two zones', () => {
  // New York is six hours behind Berlin, and five from 8 to 29 March: only then are both awake for an hour.
  const hours = { from: 6 * 60, to: 0 }
  const zones = ['America/New_York', 'Europe/Berlin']
  expect(awakeFrom(hours, Date.parse('2026-03-07T05:00:00Z'), zones)).toBe(Date.parse('2026-03-09T04:00:00Z'))
  expect(awakeFrom(hours, Date.parse('2026-02-01T05:00:00Z'), zones)).toBeNull()
})
