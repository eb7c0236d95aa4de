import type { CodedFault } from './catalogue-names.ts'

/** Clocks of callers may go wrong by so much. */
export const SKEW_MS = 300_000

/** How far ahead anybody plans. */
const AHEAD_DAYS = 400

/** Of what must have happened by now. */
export function notYetFaults(at: number, now: number, place: string): CodedFault[] {
  if (at <= now + SKEW_MS) return []
  const what = 'this time is in the future'
  return [invalid(place, what, 'tell it when it has happened, and check the clock')]
}

/** Of what may be planned. */
export function tooFarFaults(at: number, now: number, place: string, remedy: string): CodedFault[] {
  if (at <= now + AHEAD_DAYS * 86_400_000) return []
  return [invalid(place, `this is more than ${AHEAD_DAYS} days ahead`, remedy)]
}

/** Of what would be forgotten at once. */
export function tooLateFaults(
  at: number,
  now: number,
  historyHorizonMs: number,
  place: string,
): CodedFault[] {
  if (at >= now - historyHorizonMs) return []
  const what = 'this was before the history that the catalogue keeps'
  return [{ code: 'too_late', place, what, remedy: 'leave it out, or raise defaults.historyHorizon' }]
}

function invalid(place: string, what: string, remedy: string): CodedFault {
  return { code: 'invalid_request', place, what, remedy }
}
