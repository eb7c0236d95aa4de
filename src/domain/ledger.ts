import {
  type Contact,
  type ContactDay,
  type ContactFacts,
  type ContactLedger,
  type ContactOutcome,
  DAY_MS,
} from './contact.ts'
import { type Outcome, PROVING, RELEASING } from './outcome.ts'

/** Contacts are kept exactly for 92 days, so that every window of up to a quarter is exact; older ones by day. */
export const EXACT_FOR_MS = 92 * DAY_MS

/** Outcomes of one contact that are kept: more is a caller that runs in circles. */
export const MOST_OUTCOMES = 32

/** Exactly known contacts of one person at most; a caller that runs in circles must not make everybody wait. */
export const MOST_EXACT = 2000

/** Where the exactly known part of a history ends when it is compacted: at the beginning of a day (UTC). */
export function exactSince(now: number): number {
  return Math.floor((now - EXACT_FOR_MS) / DAY_MS) * DAY_MS
}

/** The moment from which on everything is known exactly; before it some of it counts by its whole day. */
export function exactFrom({ days }: ContactLedger): number {
  return days.reduce((latest, { day }) => Math.max(latest, (day + 1) * DAY_MS), Number.NEGATIVE_INFINITY)
}

/**
 * Whether a contact counts at a moment: it took place or will, or is still held. A mail that bounced and then was sent
 * counts; so does whatever somebody has seen or answered.
 */
export function counts(contact: Contact, now: number): boolean {
  const { outcomes } = contact
  if (outcomes.length === 0) return !isRunOut(contact, now)
  return outcomes.some(({ type }) => PROVING.has(type)) || !RELEASING.has(outcomes.at(-1)!.type)
}

/** A hold of which nothing came in its time. What came of it late makes it a contact. */
function isRunOut({ heldUntil, outcomes }: Contact, now: number): boolean {
  return heldUntil !== null && heldUntil <= now && outcomes.length === 0
}

/** Whether a contact’s ref belongs to one that is about something else: another channel, or another action. */
export function isTaken({ contacts }: ContactLedger, { ref, facts }: Contact): boolean {
  const known = contacts.find((contact) => contact.ref === ref)?.facts
  if (known === undefined) return false
  const isOther = known.action !== undefined && facts.action !== undefined && known.action !== facts.action
  return isOther || known.channel !== facts.channel
}

/** What of a contact was told without a time, and has that of the telling. */
export interface Undated {
  readonly contact: boolean
  readonly outcomes: ReadonlySet<Outcome>
}

const ALL_DATED: Undated = { contact: false, outcomes: new Set() }

/**
 * The ledger with one contact more. One that is there already, by its ref, gains the outcomes that are new, is confirmed
 * when it was held, and moves to another moment that is told of it while nothing says that it took place.
 * @param undated - what is no news of a contact that has such already
 * @returns the same ledger when nothing changed
 */
export function addContact(
  ledger: ContactLedger,
  contact: Contact,
  undated: Undated = ALL_DATED,
): ContactLedger {
  const known = ledger.contacts.findIndex(({ ref }) => ref === contact.ref)
  if (known < 0) return { ...ledger, contacts: [...ledger.contacts, settled(contact)].sort(byTime) }
  const before = ledger.contacts[known]!
  const told = contact.outcomes.filter(
    ({ type }) => !undated.outcomes.has(type) || !before.outcomes.some((one) => one.type === type),
  )
  const outcomes = bothOutcomes(before.outcomes, told)
  const heldUntil = before.heldUntil === null ? null : contact.heldUntil
  const isMoved = !undated.contact && !before.outcomes.some(({ type }) => tookPlace(type))
  const next = settled({ ...before, at: isMoved ? contact.at : before.at, outcomes, heldUntil })
  if (outcomes === before.outcomes && heldUntil === before.heldUntil && next.at === before.at) return ledger
  const contacts = [...ledger.contacts]
  contacts[known] = next
  return { ...ledger, contacts: next.at === before.at ? contacts : contacts.sort(byTime) }
}

/** What came of a contact came after it: one that was planned for later took place then. */
function settled(contact: Contact): Contact {
  const first = contact.outcomes.find(({ type }) => tookPlace(type))
  return first === undefined || first.at >= contact.at ? contact : { ...contact, at: first.at }
}

function tookPlace(type: Outcome): boolean {
  return type === 'sent' || PROVING.has(type)
}

/**
 * The ledger as it is kept: contacts whose last event is before {@link exactSince} become days, and of too many the
 * oldest; holds that ran out and what is wholly older than the horizon go. A contact that somebody wants to hear of again
 * later stays until then.
 * @returns the same ledger when there is nothing to do
 */
export function compactLedger(ledger: ContactLedger, now: number, horizonMs: number): ContactLedger {
  const since = exactSince(now)
  const horizon = now - horizonMs
  const kept = newest(
    ledger.contacts.filter((contact) => isKeptExactly(contact, since, horizon, now)),
    now,
  )
  const isDayKept = ({ day }: ContactDay) => (day + 1) * DAY_MS > horizon
  if (kept.length === ledger.contacts.length && ledger.days.every(isDayKept)) return ledger
  const days = new Map(ledger.days.map((day) => [keyOf(day.facts, day.day), day]))
  const exact = new Set(kept)
  for (const contact of ledger.contacts) if (!exact.has(contact)) countByDay(days, contact, now)
  return { contacts: kept, days: [...days.values()].filter(isDayKept).sort((a, b) => a.day - b.day) }
}

function isKeptExactly(contact: Contact, since: number, horizon: number, now: number): boolean {
  const { heldUntil, at, outcomes } = contact
  if (isRunOut(contact, now)) return false
  if (waits(contact, now) || (heldUntil ?? 0) > now) return true
  const latest = Math.max(at, ...outcomes.map((outcome) => outcome.at))
  return latest >= since && latest >= horizon
}

function waits({ outcomes }: Contact, now: number): boolean {
  return outcomes.some(({ until }) => until !== undefined && until > now)
}

/** As many as are kept exactly, and those that somebody wants to hear of again. */
function newest(contacts: readonly Contact[], now: number): readonly Contact[] {
  const tooMany = contacts.length - MOST_EXACT
  return tooMany <= 0 ? contacts : contacts.filter((contact, i) => i >= tooMany || waits(contact, now))
}

function countByDay(days: Map<string, ContactDay>, contact: Contact, now: number): void {
  if (isRunOut(contact, now)) return
  const { facts, at, outcomes } = contact
  if (counts(contact, now)) change(days, facts, at, (day) => ({ ...day, contacts: day.contacts + 1 }))
  for (const { type, at: cameAt } of outcomes) {
    change(days, facts, cameAt, (day) => ({
      ...day,
      outcomes: new Map(day.outcomes).set(type, (day.outcomes.get(type) ?? 0) + 1),
    }))
  }
}

function change(
  days: Map<string, ContactDay>,
  facts: ContactFacts,
  at: number,
  next: (day: ContactDay) => ContactDay,
): void {
  const day = Math.floor(at / DAY_MS)
  const key = keyOf(facts, day)
  days.set(key, next(days.get(key) ?? { facts, day, contacts: 0, outcomes: new Map<Outcome, number>() }))
}

function keyOf({ channel, placement, action, group, tier, kind }: ContactFacts, day: number): string {
  return JSON.stringify([day, channel, placement, action, group, tier, kind])
}

function byTime(a: { readonly at: number }, b: { readonly at: number }): number {
  return a.at - b.at
}

/** Both lists in order of time, each outcome once; the first list itself when the second brings nothing. */
function bothOutcomes(
  known: readonly ContactOutcome[],
  told: readonly ContactOutcome[],
): readonly ContactOutcome[] {
  const isKnown = ({ type, at, until }: ContactOutcome) =>
    known.some((one) => one.type === type && one.at === at && one.until === until)
  const fresh = told.filter((outcome) => !isKnown(outcome))
  return fresh.length === 0 ? known : fewEnough([...known, ...fresh].sort(byTime))
}

/** What may be forgotten of too many, the oldest first: what came a hundred times says no more than what came thirty times. */
const REPEATED: readonly Outcome[] = ['impression', 'click', 'dismiss', 'presented', 'sent']

function fewEnough(outcomes: ContactOutcome[]): ContactOutcome[] {
  while (outcomes.length > MOST_OUTCOMES) {
    const oldest = outcomes.findIndex(({ type }) => REPEATED.includes(type))
    outcomes.splice(Math.max(oldest, 0), 1)
  }
  return outcomes
}
