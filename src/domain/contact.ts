import type { Outcome } from './outcome.ts'
import type { Kind, Tier } from './tier.ts'

/**
 * What a contact was about, as it was then: what policies select and count by. A contact that another system made may
 * name no action, group or placement, or one that the catalogue does not have.
 */
export interface ContactFacts {
  readonly channel: string
  readonly placement: string | undefined
  readonly action: string | undefined
  readonly group: string | undefined
  readonly tier: Tier
  readonly kind: Kind
}

/** Something that became of a contact. Epoch milliseconds; `until` only with `later`: when the person wants to be asked again. */
export interface ContactOutcome {
  readonly type: Outcome
  readonly at: number
  readonly until?: number
}

/** One contact with a person. */
export interface Contact {
  readonly facts: ContactFacts
  /** Names it among the person’s contacts, so that it counts once however often it is told. */
  readonly ref: string
  /** Its moment, epoch milliseconds; in the future for what is planned. */
  readonly at: number
  /** Epoch milliseconds until which a hold counts; null when the contact is confirmed, and counts for good. */
  readonly heldUntil: number | null
  /** In order of time. */
  readonly outcomes: readonly ContactOutcome[]
}

/** The contacts of one UTC day that were about the same: all that is kept of older history. */
export interface ContactDay {
  readonly facts: ContactFacts
  /** Days since 1970-01-01 UTC. */
  readonly day: number
  readonly contacts: number
  /** How often each outcome came on that day, of these or of earlier contacts. */
  readonly outcomes: ReadonlyMap<Outcome, number>
}

/** What one person was offered, where, when and with what outcome: a value. */
export interface ContactLedger {
  /** Exactly known contacts, in order of time. */
  readonly contacts: readonly Contact[]
  /** Older ones, by day, in order of time. */
  readonly days: readonly ContactDay[]
}

export const EMPTY_LEDGER: ContactLedger = { contacts: [], days: [] }

export const DAY_MS = 86_400_000
