import { type ContactFacts, DAY_MS } from '../../domain/contact.ts'
import { type ContactPolicy, countedUnder, fits, type Selection } from '../../domain/contact-policy.ts'
import { counts } from '../../domain/ledger.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Happened } from './contact-times.ts'

/** Something of the person’s history with what it was about. */
interface Entry extends Happened {
  readonly facts: ContactFacts
}

/** Contacts of one day that were about the same, at most: nobody meant more. */
const MOST_A_DAY = 1000

/** The person’s history as policies count it: nothing older than the horizon, no hold that ran out. */
export interface History {
  /** Contacts that a policy counts, by its key. */
  contacts(policy: { readonly where: Selection; readonly per: ContactPolicy['per'] }): ByKey
  /** Outcomes of a kind that a policy listens to, by its key. */
  outcomes(policy: { readonly where: Selection; readonly per: ContactPolicy['per'] }, type: Outcome): ByKey
}

type ByKey = ReadonlyMap<string, readonly Happened[]>
const NOTHING: ByKey = new Map()

export function makeHistory({ standing, now, catalogue }: Situation): History {
  const { contacts, days } = standing.ledger
  if (contacts.length === 0 && days.length === 0) return { contacts: () => NOTHING, outcomes: () => NOTHING }
  const since = now - catalogue.historyHorizonMs
  const isKept = ({ last }: Happened) => last >= since
  const counted: Entry[] = contacts
    .filter((contact) => counts(contact, now))
    .map(({ facts, at }) => ({ facts, first: at, last: at }))
  const came = new Map<Outcome, Entry[]>()
  const add = (type: Outcome, entry: Entry) => {
    const list = came.get(type)
    if (list === undefined) came.set(type, [entry])
    else list.push(entry)
  }
  for (const { facts, outcomes } of contacts)
    for (const { type, at } of outcomes) add(type, { facts, first: at, last: at })
  for (const { facts, day, contacts: count, outcomes } of days) {
    const entry = { facts, first: day * DAY_MS, last: (day + 1) * DAY_MS - 1 }
    for (let i = 0; i < Math.min(count, MOST_A_DAY); i++) counted.push(entry)
    for (const [type, often] of outcomes)
      for (let i = 0; i < Math.min(often, MOST_A_DAY); i++) add(type, entry)
  }
  const kept = counted.filter(isKept)
  return {
    contacts: (policy) => byKey(kept, policy),
    outcomes: (policy, type) => byKey((came.get(type) ?? []).filter(isKept), policy),
  }
}

function byKey(
  entries: readonly Entry[],
  { where, per }: { readonly where: Selection; readonly per: ContactPolicy['per'] },
): ByKey {
  const found = new Map<string, Happened[]>()
  for (const entry of entries) {
    const key = countedUnder(per, entry.facts)
    if (key === undefined || !fits(where, entry.facts)) continue
    const list = found.get(key)
    if (list === undefined) found.set(key, [entry])
    else list.push(entry)
  }
  return found
}
