import type { Outcome } from '../domain/outcome.ts'
import type { CodedFault } from './catalogue-names.ts'
import { notYetFaults, SKEW_MS, tooFarFaults, tooLateFaults } from './times.ts'
import type { WantedContact, WantedOutcome } from './wanted-contact.ts'

/** What times are held against. */
interface Frame {
  readonly now: number
  readonly historyHorizonMs: number
}

/** Faults of the times of a contact that is at `at`, and of what became of it. */
export function contactTimeFaults(
  { outcomes = [] }: Pick<WantedContact, 'outcomes'>,
  at: number,
  place: string,
  frame: Frame,
): CodedFault[] {
  const { now, historyHorizonMs } = frame
  const tookPlace = outcomes.some(({ type }) => !mayPrecede(type))
  return [
    ...tooLateFaults(at, now, historyHorizonMs, `${place}/at`),
    ...(tookPlace
      ? notYetFaults(at, now, `${place}/at`)
      : tooFarFaults(at, now, `${place}/at`, 'tell it when it is nearer')),
    ...outcomes.flatMap((outcome, i) => outcomeFaults(outcome, at, `${place}/outcomes/${i}`, frame)),
  ]
}

function outcomeFaults(
  outcome: WantedOutcome,
  contactAt: number,
  place: string,
  { now, historyHorizonMs }: Frame,
): CodedFault[] {
  const { type, at = now } = outcome
  const faults = [
    ...tooLateFaults(at + SKEW_MS, now, historyHorizonMs, `${place}/at`),
    ...notYetFaults(at, now, `${place}/at`),
  ]
  if (at < contactAt - SKEW_MS && !mayPrecede(type)) {
    const what = 'this is before the contact'
    faults.push({ code: 'invalid_request', place: `${place}/at`, what, remedy: 'correct one of both times' })
  }
  return [...faults, ...untilFaults({ ...outcome, at }, `${place}/until`, now)]
}

/** Of the moment until which somebody wants to be left alone. */
export function untilFaults(
  { type, at, until }: WantedOutcome & { readonly at: number },
  place: string,
  now: number,
): CodedFault[] {
  const fault = (what: string, remedy: string): CodedFault[] => [
    { code: 'invalid_request', place, what, remedy },
  ]
  if (until === undefined) return []
  if (type !== 'later') return fault(`nobody waits after ${type}`, 'leave it out, or make it "later"')
  if (until <= at) return fault('this is not after the outcome', 'use a time after "at", or leave it out')
  return tooFarFaults(until, now, place, 'use a nearer time, or leave it out')
}

/** What is planned may be called off before its time comes. */
function mayPrecede(type: Outcome): boolean {
  return type === 'cancelled'
}
