import type { Outcome } from '../domain/outcome.ts'
import type { Kind, Tier } from '../domain/tier.ts'
import type { Subject } from '../ports/customer-store.ts'

/** A contact as a caller tells it. Times are epoch milliseconds. */
export interface WantedContact {
  /** The caller’s name for it, among all contacts of the person. */
  readonly id: string
  readonly subject: Subject
  readonly channel: string
  readonly placement?: string | undefined
  /** One that the catalogue does not have was another system’s: it counts too. */
  readonly action?: string | undefined
  readonly group?: string | undefined
  readonly tier?: Tier | undefined
  readonly kind?: Kind | undefined
  /** Now by default, or when the first that became of it did. */
  readonly at?: number | undefined
  readonly outcomes?: readonly WantedOutcome[] | undefined
}

export interface WantedOutcome {
  readonly type: Outcome
  /** Now by default. */
  readonly at?: number | undefined
  readonly until?: number | undefined
}
