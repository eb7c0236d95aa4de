import type { ContactFacts } from '../../src/domain/contact.ts'
import type { CapPolicy } from '../../src/domain/contact-policy.ts'
import { countedUnder, fits, isCap } from '../../src/domain/contact-policy.ts'
import { isLive } from '../../src/domain/hold.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import { mostInWindow } from '../../src/domain/window.ts'
import type { CustomerStore } from '../../src/ports/customer-store.ts'
import type { DecisionStore } from '../../src/ports/decision-store.ts'
import type { Event } from './events.ts'
import { HOLD_MS, PAIRS, SATURATED, SHOP } from './shop.ts'

type Store = CustomerStore & DecisionStore
type Customers = readonly CustomerId[]
type Grant = Extract<Event, { kind: 'grant' }>

const PLAYS = [...SHOP.plays.values()].flat()
export const CAPS: readonly CapPolicy[] = [
  ...new Set(PLAYS.flatMap(({ policies }) => policies.filter(isCap))),
]
const factsOf = (placement: string, action: string): ContactFacts =>
  PLAYS.find(({ facts }) => facts.placement === placement && facts.action === action)!.facts

/** What a cap counts together, of things with facts. */
function counted<Thing>(things: readonly Thing[], factsIn: (thing: Thing) => ContactFacts) {
  return CAPS.flatMap((cap) => {
    const byKey = new Map<string, Thing[]>()
    for (const thing of things) {
      const facts = factsIn(thing)
      const key = countedUnder(cap.per, facts)
      if (key === undefined || !fits(cap.where, facts)) continue
      byKey.set(key, [...(byKey.get(key) ?? []), thing])
    }
    return [...byKey].map(([key, list]) => ({ cap, key, list }))
  })
}

export interface Overfull {
  readonly customer: string
  readonly cap: CapPolicy
  readonly key: string
  readonly at: number
  readonly most: number
}

/** From the store: windows in which a customer’s ledger and live holds together are more than a cap allows. */
export async function overfullLedgers(store: Store, customers: Customers): Promise<Overfull[]> {
  const over: Overfull[] = []
  for (const customer of customers) {
    const { ledger, holds, readAt } = await store.gather({ customer })
    const live = holds.filter((hold) => isLive(hold, readAt)).map(({ contact }) => contact)
    const contacts = [...ledger.contacts, ...live]
    for (const { cap, key, list } of counted(contacts, ({ facts }) => facts)) {
      for (const one of list) {
        const others = list.filter((other) => other !== one).map(({ at }) => ({ first: at, last: at }))
        const most = mostInWindow(others, one.at, cap.windowMs)
        if (most > cap.max) over.push({ customer, cap, key, at: one.at, most })
      }
    }
  }
  return over
}

/** What is over though no outcome came after its hold had ended: such a one counts, and nobody could hold it against a cap. */
export function overWithoutLate(over: readonly Overfull[], events: readonly Event[]): string[] {
  const late = events.filter((event) => event.kind === 'outcome' && event.became === 'late')
  return over
    .filter(({ customer, cap, key, most }) => {
      const own = late
        .filter((event) => event.customer === customer)
        .map(({ placement, action }) => factsOf(placement, action))
        .filter((facts) => countedUnder(cap.per, facts) === key && fits(cap.where, facts))
      return most - own.length > cap.max
    })
    .map(
      ({ customer, cap, key, at, most }) =>
        `${customer}: ${cap.id} ${key} holds ${most} at ${at}, ${cap.max} allowed`,
    )
}

/**
 * From the answers: grants at whose moment more than the cap allows was certainly granted before and certainly live: the
 * clocks of callers leave a little of the truth open, and what is open is left out.
 */
export function overfullAnswers(events: readonly Event[]): string[] {
  const over: string[] = []
  for (const [customer, own] of byCustomer(events)) {
    const lives = livesOf(own)
    for (const { cap, key, list } of counted(lives, ({ grant }) => factsOf(grant.placement, grant.action))) {
      for (const one of list) {
        const before = list.filter(
          (other) =>
            other !== one &&
            other.grant.answeredAt <= one.grant.askedAt &&
            other.certainUntil > one.grant.answeredAt,
        )
        const others = before.map(({ at }) => ({ first: at, last: at }))
        const most = mostInWindow(others, one.grant.at, cap.windowMs)
        if (most > cap.max)
          over.push(
            `${customer}: ${cap.id} ${key} grants ${most} at ${one.grant.at}, ${cap.max} allowed: ${JSON.stringify([one, ...before.filter(({ grant }) => Math.abs(grant.at - one.grant.at) < cap.windowMs)])}`,
          )
      }
    }
  }
  return over
}

interface Life {
  readonly grant: Grant
  /** Its moment, or an earlier one: what was told to be seen before, for an earlier decision of the visit, moves it there. */
  readonly at: number
  /** Until when it is certain that it counted with the moment of this grant: it may have been renewed, which moves it. */
  readonly certainUntil: number
}

function livesOf(events: readonly Event[]): Life[] {
  const grants = events.filter((event) => event.kind === 'grant')
  const outcomes = new Map<string, Extract<Event, { kind: 'outcome' }>[]>()
  for (const event of events) {
    if (event.kind !== 'outcome') continue
    const key = nameOf(event)
    outcomes.set(key, [...(outcomes.get(key) ?? []), event])
  }
  return grants.map((grant): Life => {
    const told = outcomes.get(nameOf(grant)) ?? []
    const confirmed = told.find(({ became }) => became === 'confirmed')
    const released = told.find(({ became }) => became === 'released')
    // What a visit renewed is released by what is told of any of its decisions.
    const elsewhere = grants
      .filter((other) => other !== grant && isSameVisit(other, grant))
      .flatMap((other) => outcomes.get(nameOf(other)) ?? [])
      .filter(({ became, answeredAt }) => became === 'released' && answeredAt >= grant.askedAt)
      .reduce((first, { askedAt }) => Math.min(first, askedAt), Number.POSITIVE_INFINITY)
    // The next call of the same visit for the same renews it, and gives it another moment.
    const next = grants
      .filter((other) => other !== grant && isSameVisit(other, grant) && other.answeredAt >= grant.askedAt)
      .reduce((first, { askedAt }) => Math.min(first, askedAt), Number.POSITIVE_INFINITY)
    const ran = grant.at + HOLD_MS
    const stays = confirmed === undefined ? ran : Number.POSITIVE_INFINITY
    const end = Math.min(stays, released?.askedAt ?? stays)
    const isMoved = next <= (confirmed?.answeredAt ?? ran)
    const seen = grants
      .filter((other) => isSameVisit(other, grant))
      .flatMap((other) => outcomes.get(nameOf(other)) ?? [])
      .filter(({ type, answeredAt }) => type === 'impression' && answeredAt >= grant.askedAt)
    const at = seen.reduce((first, { askedAt }) => Math.min(first, askedAt), grant.at)
    return { grant, at, certainUntil: Math.min(end, elsewhere, isMoved ? next : end) }
  })
}

function nameOf({ decision, placement, action }: Pick<Grant, 'decision' | 'placement' | 'action'>): string {
  return `${decision} ${placement} ${action}`
}

function isSameVisit(a: Grant, b: Grant): boolean {
  return a.session !== null && a.session === b.session && a.placement === b.placement && a.action === b.action
}

function byCustomer(events: readonly Event[]): Map<string, Event[]> {
  const found = new Map<string, Event[]>()
  for (const event of events) {
    const list = found.get(event.customer)
    if (list === undefined) found.set(event.customer, [event])
    else list.push(event)
  }
  return found
}

/** Where what the answers say was confirmed is not what the ledgers hold. */
export async function unlikeLedgers(
  store: Store,
  customers: Customers,
  events: readonly Event[],
): Promise<string[]> {
  const told = new Map<string, number>()
  for (const event of events) {
    if (event.kind !== 'outcome' || (event.became !== 'confirmed' && event.became !== 'late')) continue
    const key = `${event.customer} ${event.placement} ${event.action}`
    told.set(key, (told.get(key) ?? 0) + 1)
  }
  const stored = new Map<string, number>()
  for (const customer of customers) {
    const { ledger } = await store.gather({ customer })
    for (const { facts } of ledger.contacts) {
      const key = `${customer} ${facts.placement} ${facts.action}`
      stored.set(key, (stored.get(key) ?? 0) + 1)
    }
  }
  return [...new Set([...told.keys(), ...stored.keys()])]
    .filter((key) => told.get(key) !== stored.get(key))
    .map((key) => `${key}: told ${told.get(key) ?? 0}, stored ${stored.get(key) ?? 0}`)
}

/**
 * How full what everybody wants has become: shares of 1.
 * @param mostUsed - units in use when most were: those of holds that end last come back when nobody asks any more
 */
export async function fullness(
  store: Store,
  customers: Customers,
  mostUsed: number,
): Promise<{ readonly cap: number; readonly volume: number }> {
  let granted = 0
  for (const customer of customers) {
    const { ledger, holds, readAt } = await store.gather({ customer })
    const live = holds.filter((hold) => isLive(hold, readAt)).map(({ contact }) => contact)
    granted += [...ledger.contacts, ...live].filter(({ facts }) => facts.placement === 'saturated').length
  }
  const { used } = await store.volumeAccount({ volume: 'pairs', period: 'total' })
  return { cap: granted / (customers.length * SATURATED), volume: Math.max(mostUsed, used) / PAIRS }
}

/** Units of the volume that ledgers and live holds stand for. */
export async function unitsHeld(store: Store, customers: Customers): Promise<number> {
  let units = 0
  for (const customer of customers) {
    const { ledger, holds } = await store.gather({ customer })
    const all = [...ledger.contacts, ...holds.map(({ contact }) => contact)]
    units += all.filter(({ facts }) => facts.action === 'boots').length
  }
  return units
}
