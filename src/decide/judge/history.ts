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
  /** While nothing has confirmed it. */
  readonly isHeld: boolean
}

export type ByKey<One = Happened> = Pick<ReadonlyMap<string, readonly One[]>, 'get' | 'has' | 'size'>

/**
 * The person’s history as policies count it: nothing older than the horizon, no hold that ran out, and nothing that can
 * matter to a policy no more at the moment of the contact or after it.
 */
export interface History {
  /** Contacts that a cap counts, by its key. */
  contacts(cap: CapPolicy): ByKey<Counted>
  /** Outcomes of a kind that a silence listens to, by its key. */
  outcomes(silence: SuppressionPolicy, type: Outcome): ByKey
  /** As it would be without a hold that counts in it. */
  without(hold: Hold): History
}

const NOTHING: ByKey<never> = new Map()

/** Things that happened, by what they were about: a store gives contacts that were about the same one object. */
type ByFacts<One = Happened> = Map<ContactFacts, One[]>

const EMPTY: History = { contacts: () => NOTHING, outcomes: () => NOTHING, without: () => EMPTY }

const histories = new WeakMap<Situation, History>()

/** Worked out once for each situation, and in it once for each cap: steps that follow one another ask the same. */
export function historyOf(situation: Situation): History {
  let history = histories.get(situation)
  if (history === undefined) {
    history = makeHistory(situation)
    histories.set(situation, history)
  }
  return history
}

function makeHistory({ standing, now, contactAt, catalogue }: Situation): History {
  const { contacts, days } = standing.ledger
  if (contacts.length === 0 && days.length === 0) return EMPTY
  const since = now - catalogue.historyHorizonMs
  const counted: ByFacts<Counted> = new Map()
  const came = new Map<Outcome, ByFacts>()
  const add = <One extends Happened>(to: ByFacts<One>, facts: ContactFacts, happened: One, often = 1) => {
    if (happened.last < since) return
    for (let i = 0; i < Math.min(often, MOST_A_DAY); i++) append(to, facts, happened)
  }
  const ofType = (type: Outcome): ByFacts => {
    const known = came.get(type) ?? new Map<ContactFacts, Happened[]>()
    came.set(type, known)
    return known
  }
  for (const contact of contacts) {
    const { facts, at, outcomes, heldUntil } = contact
    if (counts(contact, now)) add(counted, facts, { first: at, last: at, isHeld: heldUntil !== null })
    for (const { type, at: cameAt } of outcomes) add(ofType(type), facts, { first: cameAt, last: cameAt })
  }
  for (const { facts, day, contacts: count, outcomes } of days) {
    const wholeDay = { first: day * DAY_MS, last: (day + 1) * DAY_MS - 1 }
    add(counted, facts, { ...wholeDay, isHeld: false }, count)
    for (const [type, often] of outcomes) add(ofType(type), facts, wholeDay, often)
  }
  const ofCap = new Map<CapPolicy, ByKey<Counted>>()
  const history: History = {
    contacts(cap) {
      let known = ofCap.get(cap)
      if (known === undefined) {
        known = byKey(counted, cap, contactAt - cap.windowMs)
        ofCap.set(cap, known)
      }
      return known
    },
    outcomes: (silence, type) => byKey(came.get(type), silence, contactAt - reachOf(silence)),
    without: (hold) => lessHold(history, hold),
  }
  return history
}

/** A hold is a contact of which nothing came yet: it stands where it is counted, and nowhere else. */
function lessHold(history: History, { contact: { facts, at } }: Hold): History {
  const ofCap = new Map<CapPolicy, ByKey<Counted>>()
  const lessIn = (cap: CapPolicy): ByKey<Counted> => {
    const all = history.contacts(cap)
    const key = countedUnder(cap.per, facts)
    if (key === undefined || !fits(cap.where, facts)) return all
    const list = all.get(key)
    const place = list?.findIndex(({ first, isHeld }) => isHeld && first === at) ?? -1
    return place < 0 ? all : withList(all, key, list!.toSpliced(place, 1))
  }
  const less: History = {
    contacts(cap) {
      let known = ofCap.get(cap)
      if (known === undefined) {
        known = lessIn(cap)
        ofCap.set(cap, known)
      }
      return known
    },
    outcomes: history.outcomes,
    without: (hold) => lessHold(less, hold),
  }
  return less
}

function withList(all: ByKey<Counted>, key: string, list: readonly Counted[]): ByKey<Counted> {
  const isGone = list.length === 0
  return {
    get: (asked) => (asked !== key ? all.get(asked) : isGone ? undefined : list),
    has: (asked) => (asked !== key ? all.has(asked) : !isGone),
    size: isGone ? all.size - 1 : all.size,
  }
}

/** How far back what silences may have begun. */
function reachOf({ times, withinMs, suppressForMs }: SuppressionPolicy): number {
  return suppressForMs + (times === 1 ? 0 : withinMs)
}

function byKey<One extends Happened>(
  happened: ByFacts<One> | undefined,
  { where, per }: ContactPolicy,
  after: number,
): ByKey<One> {
  if (happened === undefined) return NOTHING
  const found = new Map<string, One[]>()
  for (const [facts, list] of happened) {
    const key = countedUnder(per, facts)
    if (key === undefined || !fits(where, facts)) continue
    for (const one of list) if (one.last > after) append(found, key, one)
  }
  return found
}

function append<Key, One>(to: Map<Key, One[]>, key: Key, happened: One): void {
  const list = to.get(key)
  if (list === undefined) to.set(key, [happened])
  else list.push(happened)
}
