import { type ContactFacts, DAY_MS } from '../../domain/contact.ts'
import { type ContactPolicy, countedUnder, fits } from '../../domain/contact-policy.ts'
import { counts } from '../../domain/ledger.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Happened } from './contact-times.ts'

/** Contacts of one day that were about the same, at most: nobody meant more. */
const MOST_A_DAY = 1000

/** What a policy counts: which contacts, and what of them together. */
type Counting = Pick<ContactPolicy, 'where' | 'per'>
type ByKey = ReadonlyMap<string, readonly Happened[]>

/** The person’s history as policies count it: nothing older than the horizon, no hold that ran out. */
export interface History {
  /** Contacts that a policy counts, by its key. */
  contacts(policy: Counting): ByKey
  /** Outcomes of a kind that a policy listens to, by its key. */
  outcomes(policy: Counting, type: Outcome): ByKey
}

const NOTHING: ByKey = new Map()

/** Things that happened, by what they were about: a store gives contacts that were about the same one object. */
type ByFacts = Map<ContactFacts, Happened[]>

export function makeHistory({ standing, now, catalogue }: Situation): History {
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
    contacts: (policy) => byKey(counted, policy),
    outcomes: (policy, type) => byKey(came.get(type), policy),
  }
}

function byKey(happened: ByFacts | undefined, { where, per }: Counting): ByKey {
  if (happened === undefined) return NOTHING
  const found = new Map<string, Happened[]>()
  // Most keys are counted from one kind of contact, whose list is taken as it is.
  const own = new Set<string>()
  for (const [facts, list] of happened) {
    const key = countedUnder(per, facts)
    if (key === undefined || !fits(where, facts)) continue
    const known = found.get(key)
    if (known === undefined) found.set(key, list)
    else if (own.has(key)) known.push(...list)
    else {
      found.set(key, [...known, ...list])
      own.add(key)
    }
  }
  return found
}

function append<Key>(to: Map<Key, Happened[]>, key: Key, happened: Happened): void {
  const list = to.get(key)
  if (list === undefined) to.set(key, [happened])
  else list.push(happened)
}
