import { type ContactFacts, DAY_MS } from '../../domain/contact.ts'
import {
  type CapPolicy,
  type ContactPolicy,
  countedUnder,
  fits,
  type SuppressionPolicy,
} from '../../domain/contact-policy.ts'
import { counts } from '../../domain/ledger.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Happened } from '../../domain/window.ts'

/** Contacts of one day that were about the same, at most: nobody meant more. */
const MOST_A_DAY = 1000

type ByKey = ReadonlyMap<string, readonly Happened[]>

/**
 * The person’s history as policies count it: nothing older than the horizon, no hold that ran out, and nothing that can
 * matter to a policy no more at the moment of the contact or after it.
 */
export interface History {
  /** Contacts that a cap counts, by its key. */
  contacts(cap: CapPolicy): ByKey
  /** Outcomes of a kind that a silence listens to, by its key. */
  outcomes(silence: SuppressionPolicy, type: Outcome): ByKey
}

const NOTHING: ByKey = new Map()

/** Things that happened, by what they were about: a store gives contacts that were about the same one object. */
type ByFacts = Map<ContactFacts, Happened[]>

export function makeHistory({ standing, now, contactAt, catalogue }: Situation): History {
  const { contacts, days } = standing.ledger
  if (contacts.length === 0 && days.length === 0) return { contacts: () => NOTHING, outcomes: () => NOTHING }
  const since = now - catalogue.historyHorizonMs
  const counted: ByFacts = new Map()
  const came = new Map<Outcome, ByFacts>()
  const add = (to: ByFacts, facts: ContactFacts, happened: Happened, often = 1) => {
    if (happened.last < since) return
    for (let i = 0; i < Math.min(often, MOST_A_DAY); i++) append(to, facts, happened)
  }
  const ofType = (type: Outcome) => {
    const known = came.get(type) ?? new Map()
    came.set(type, known)
    return known
  }
  for (const contact of contacts) {
    const { facts, at, outcomes } = contact
    if (counts(contact, now)) add(counted, facts, { first: at, last: at })
    for (const { type, at: cameAt } of outcomes) add(ofType(type), facts, { first: cameAt, last: cameAt })
  }
  for (const { facts, day, contacts: count, outcomes } of days) {
    const wholeDay = { first: day * DAY_MS, last: (day + 1) * DAY_MS - 1 }
    add(counted, facts, wholeDay, count)
    for (const [type, often] of outcomes) add(ofType(type), facts, wholeDay, often)
  }
  return {
    contacts: (cap) => byKey(counted, cap, contactAt - cap.windowMs),
    outcomes: (silence, type) => byKey(came.get(type), silence, contactAt - reachOf(silence)),
  }
}

/** How far back what silences may have begun. */
function reachOf({ times, withinMs, suppressForMs }: SuppressionPolicy): number {
  return suppressForMs + (times === 1 ? 0 : withinMs)
}

function byKey(happened: ByFacts | undefined, { where, per }: ContactPolicy, after: number): ByKey {
  if (happened === undefined) return NOTHING
  const found = new Map<string, Happened[]>()
  for (const [facts, list] of happened) {
    const key = countedUnder(per, facts)
    if (key === undefined || !fits(where, facts)) continue
    for (const one of list) if (one.last > after) append(found, key, one)
  }
  return found
}

function append<Key>(to: Map<Key, Happened[]>, key: Key, happened: Happened): void {
  const list = to.get(key)
  if (list === undefined) to.set(key, [happened])
  else list.push(happened)
}
