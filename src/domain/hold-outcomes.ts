import type { ContactLedger, ContactOutcome } from './contact.ts'
import { type Hold, isLive } from './hold.ts'
import { addContact } from './ledger.ts'
import { PROVING, RELEASING } from './outcome.ts'

/** What is known of what a decision held, when something is told of it. */
export interface Held {
  /** Confirmed contacts of whoever it was held against. */
  readonly ledger: ContactLedger
  /** The hold as it is stored; it may have run out. Null when there is none any more. */
  readonly stored: Hold | null
  /** The hold as the decision left it. */
  readonly remembered: Hold
}

/** What an outcome did, see `Became` of the port. */
export interface HeldAfter {
  readonly became: 'confirmed' | 'released' | 'late' | 'recorded' | 'known'
  /** The same ledger when it says nothing new. */
  readonly ledger: ContactLedger
  /** `kept` as it is; gone, and its units are used for good; gone, and its units come back. */
  readonly hold: 'kept' | 'used' | 'returned'
}

/** @param now - epoch milliseconds, by which a hold is live */
export function tellOutcome(
  { ledger, stored, remembered }: Held,
  outcome: ContactOutcome,
  now: number,
): HeldAfter {
  const { ref } = remembered.contact
  const confirmed = ledger.contacts.find((contact) => contact.ref === ref)
  if (confirmed !== undefined) {
    // Its moment is that of the contact: a decision that only renewed the hold, or was renewed, remembers another.
    const after = addContact(ledger, { ...confirmed, outcomes: [outcome] })
    const hold = stored === null ? 'kept' : 'used'
    return { became: after === ledger ? 'known' : 'recorded', ledger: after, hold }
  }
  const live = stored !== null && isLive(stored, now) ? stored : null
  if (confirms(remembered, outcome)) {
    const contact = { ...(live ?? remembered).contact, heldUntil: null, outcomes: [outcome] }
    const after = addContact(ledger, contact)
    if (live !== null) return { became: 'confirmed', ledger: after, hold: 'used' }
    return { became: 'late', ledger: after, hold: stored === null ? 'kept' : 'returned' }
  }
  if (live !== null && RELEASING.has(outcome.type)) return { became: 'released', ledger, hold: 'returned' }
  return { became: 'known', ledger, hold: 'kept' }
}

function confirms({ confirmOn }: Hold, { type }: ContactOutcome): boolean {
  return type === confirmOn || PROVING.has(type)
}
