import { type Contact, type ContactFacts, type ContactLedger, DAY_MS } from './contact.ts'
import { type CapPolicy, countedUnder, fits } from './contact-policy.ts'
import { type Hold, isLive } from './hold.ts'
import { counts } from './ledger.ts'
import { type Happened, mostInWindow } from './window.ts'

/** Facts that no decision could hold against a cap: they were told after the deed. */
export const OVERFILL_CAUSES = ['late_outcome', 'recorded_contact'] as const
export type OverfillCause = (typeof OVERFILL_CAUSES)[number]

/** A contact that counts from now on and did not before, with what is known of its person then. */
export interface Counted {
  readonly contact: Contact
  /** The contact is among them. */
  readonly ledger: ContactLedger
  /** Some may have run out. */
  readonly holds: readonly Hold[]
}

/** The contact of this ref where it counts after a change of its ledger, and did not before; else null. */
export function newlyCounted(
  before: ContactLedger,
  after: ContactLedger,
  ref: string,
  now: number,
): Contact | null {
  const isCounted = (contact: Contact) => contact.ref === ref && counts(contact, now)
  if (before === after || before.contacts.some(isCounted)) return null
  return after.contacts.find(isCounted) ?? null
}

/**
 * The caps that count a contact and hold more than they allow in a window with it: of confirmed contacts, as far back as
 * the horizon, and of live holds. What is known by the day only was as near as it may have been.
 * @param now - epoch milliseconds, by which a hold is live
 */
export function overfilledBy(
  { contact, ledger, holds }: Counted,
  caps: readonly CapPolicy[],
  { now, historyHorizonMs }: { readonly now: number; readonly historyHorizonMs: number },
): readonly CapPolicy[] {
  const since = now - historyHorizonMs
  const others = [
    ...ledger.contacts.filter((one) => one.ref !== contact.ref && one.at >= since && counts(one, now)),
    ...holds.filter((hold) => isLive(hold, now)).map((hold) => hold.contact),
  ]
  const days = ledger.days.filter(({ day }) => (day + 1) * DAY_MS > since)
  return caps.filter(({ where, per, max, windowMs }) => {
    const key = countedUnder(per, contact.facts)
    if (key === undefined || !fits(where, contact.facts)) return false
    const isCounted = ({ facts }: { readonly facts: ContactFacts }) =>
      countedUnder(per, facts) === key && fits(where, facts)
    const happened: Happened[] = others.filter(isCounted).map(({ at }) => ({ first: at, last: at }))
    for (const { day, contacts } of days.filter(isCounted)) {
      const wholeDay = { first: day * DAY_MS, last: (day + 1) * DAY_MS - 1 }
      // More than it allows says no more.
      for (let i = 0; i < Math.min(contacts, max + 1); i++) happened.push(wholeDay)
    }
    return mostInWindow(happened, contact.at, windowMs) > max
  })
}
