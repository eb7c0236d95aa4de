import { type ContactFacts, DAY_MS } from '../../domain/contact.ts'
import {
  type CapPolicy,
  type ContactPolicy,
  countedUnder,
  fits,
  type SuppressionPolicy,
} from '../../domain/contact-policy.ts'
import type { Hold } from '../../domain/hold.ts'
import { counts } from '../../domain/ledger.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Happened } from '../../domain/window.ts'

/** Contacts of one day that were about the same, at most: nobody meant more. */
const MOST_A_DAY = 1000

/** A contact that counts. */
export interface Counted extends Happened {
  readonly facts: ContactFacts
  /** While nothing has confirmed it. */
  readonly isHeld: boolean
}

export type ByKey<One = Happened> = ReadonlyMap<string, readonly One[]>

/**
 * The person’s history as policies count it: nothing older than the horizon, no hold that ran out, and nothing that can
 * matter to a policy no more at the moment of the contact or after it.
 */
export interface History {
  /** How many contacts count, whatever they were about: no cap counts more. */
  readonly size: number
  /** Contacts that a cap counts, by its key. */
  contacts(cap: CapPolicy): ByKey<Counted>
  /** Those under one key, as if some holds were not there. */
  under(cap: CapPolicy, key: string, less: readonly Hold[]): readonly Counted[]
  /** Outcomes of a kind that a silence listens to, by its key. */
  outcomes(silence: SuppressionPolicy, type: Outcome): ByKey
}

const NOTHING: ByKey<never> = new Map()
const NONE: readonly never[] = []

const EMPTY: History = { size: 0, contacts: () => NOTHING, under: () => NONE, outcomes: () => NOTHING }

/** Of the decision that was worked out last: nothing holds on to those before. */
let last: { readonly situation: Situation; readonly history: History } | undefined

/** Worked out once for each situation, and in it once for each cap: steps that follow one another ask the same. */
export function historyOf(situation: Situation): History {
  if (last?.situation !== situation) last = { situation, history: makeHistory(situation) }
  return last.history
}

function makeHistory(situation: Situation): History {
  const { standing, now, contactAt, catalogue } = situation
  const { contacts, days } = standing.ledger
  if (contacts.length === 0 && days.length === 0) return EMPTY
  const since = now - catalogue.historyHorizonMs
  const counted = countedOf(situation, since)
  const ofCap = new Map<CapPolicy, ByKey<Counted>>()
  const ofContacts = (cap: CapPolicy): ByKey<Counted> => {
    let known = ofCap.get(cap)
    if (known === undefined) {
      known = byKey(counted, cap, contactAt - cap.windowMs)
      ofCap.set(cap, known)
    }
    return known
  }
  return {
    size: counted.length,
    contacts: ofContacts,
    under(cap, key, less) {
      const known =
        ofCap.get(cap)?.get(key) ?? (ofCap.has(cap) ? NONE : underKey(counted, cap, key, contactAt))
      return less.length === 0 ? known : withoutHolds(known, cap, key, less)
    },
    outcomes: (silence, type) => byKey(cameOf(situation, type, since), silence, contactAt - reachOf(silence)),
  }
}

/** Every contact that counts. What is known by the day stands once for each. */
function countedOf({ standing, now }: Situation, since: number): Counted[] {
  const counted: Counted[] = []
  for (const contact of standing.ledger.contacts) {
    const { facts, at, heldUntil } = contact
    if (at >= since && counts(contact, now))
      counted.push({ facts, first: at, last: at, isHeld: heldUntil !== null })
  }
  for (const { facts, day, contacts } of standing.ledger.days) {
    const last = (day + 1) * DAY_MS - 1
    if (last < since) continue
    const one = { facts, first: day * DAY_MS, last, isHeld: false }
    for (let i = 0; i < Math.min(contacts, MOST_A_DAY); i++) counted.push(one)
  }
  return counted
}

/** Every outcome of a kind. What is known by the day stands once for each. */
function cameOf({ standing }: Situation, type: Outcome, since: number) {
  const came: (Happened & Pick<Counted, 'facts'>)[] = []
  for (const { facts, outcomes } of standing.ledger.contacts)
    for (const outcome of outcomes)
      if (outcome.type === type && outcome.at >= since)
        came.push({ facts, first: outcome.at, last: outcome.at })
  for (const { facts, day, outcomes } of standing.ledger.days) {
    const last = (day + 1) * DAY_MS - 1
    if (last < since) continue
    const often = Math.min(outcomes.get(type) ?? 0, MOST_A_DAY)
    for (let i = 0; i < often; i++) came.push({ facts, first: day * DAY_MS, last })
  }
  return came
}

function underKey(counted: readonly Counted[], cap: CapPolicy, key: string, contactAt: number): Counted[] {
  const after = contactAt - cap.windowMs
  return counted.filter(
    ({ facts, last }) => last > after && countedUnder(cap.per, facts) === key && fits(cap.where, facts),
  )
}

/** A hold is a contact of which nothing came yet: it stands where it is counted, and nowhere else. */
function withoutHolds(
  all: readonly Counted[],
  cap: CapPolicy,
  key: string,
  less: readonly Hold[],
): readonly Counted[] {
  let left = all
  for (const { contact } of less) {
    const { facts, at } = contact
    if (countedUnder(cap.per, facts) !== key || !fits(cap.where, facts)) continue
    const place = left.findIndex(({ first, isHeld }) => isHeld && first === at)
    if (place >= 0) left = left.toSpliced(place, 1)
  }
  return left
}

/** How far back what silences may have begun. */
function reachOf({ times, withinMs, suppressForMs }: SuppressionPolicy): number {
  return suppressForMs + (times === 1 ? 0 : withinMs)
}

function byKey<One extends Happened & Pick<Counted, 'facts'>>(
  happened: readonly One[],
  { where, per }: ContactPolicy,
  after: number,
): ByKey<One> {
  if (happened.length === 0) return NOTHING
  const found = new Map<string, One[]>()
  for (const one of happened) {
    if (one.last <= after) continue
    const key = countedUnder(per, one.facts)
    if (key === undefined || !fits(where, one.facts)) continue
    const list = found.get(key)
    if (list === undefined) found.set(key, [one])
    else list.push(one)
  }
  return found
}
