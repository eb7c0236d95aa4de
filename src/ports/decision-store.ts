import type { CapCheck } from '../domain/cap-check.ts'
import type { ContactOutcome } from '../domain/contact.ts'
import type { Hold } from '../domain/hold.ts'
import type { DecisionId } from '../domain/ids.ts'
import type { Counted } from '../domain/overfilled.ts'
import type { Allowance, Unit } from '../domain/volume.ts'
import type { Basis, Subject } from './customer-store.ts'

/** What a decision asks to be true from now on: all of it in one step, or nothing. */
export interface Grant {
  /** Whose ledger it is held against; null of nobody’s: then `checks` are empty. */
  readonly subject: Subject | null
  readonly decision: DecisionId
  /** Epoch milliseconds by the store’s clock: the moment the decision was made for. */
  readonly now: number
  /** The caller’s name for the request, and a keyed hash of what it asked for; null without a name. */
  readonly request: { readonly id: string; readonly hash: string } | null
  /** What the decision is founded on, as gathered. */
  readonly basis: Basis
  readonly checks: readonly CapCheck[]
  /** Holds as they stand afterwards. One with the ref of a live hold renews it: that one must still be as it was gathered. */
  readonly holds: readonly Hold[]
  /** Units that are taken anew for them, one entry each. */
  readonly takes: readonly Allowance[]
  /** Units that renewed holds need no more. */
  readonly returns: readonly Unit[]
  /** The decision as it is kept; opaque to the store. */
  readonly record: Uint8Array
  /** Epoch milliseconds until which record and request are kept at least. */
  readonly keptUntil: number
}

export type Granted =
  /** `sequence`: 1, 2, 3, … in the bucket of the decision, without gaps. */
  | { readonly result: 'granted'; readonly sequence: number }
  /** The request was answered before: its record, and the hash of what it asked for then. Nothing changed. */
  | { readonly result: 'answered'; readonly record: Uint8Array; readonly hash: string }
  /** Somebody took the last room of a cap meanwhile. Nothing changed; so in the cases below. */
  | { readonly result: 'capped' }
  /** What is confirmed, told or agreed of the person changed meanwhile, or a hold that was to be renewed is not as it was. */
  | { readonly result: 'moved' }
  /** No unit of a volume is left for now. */
  | { readonly result: 'sold_out'; readonly volume: string }

/** How a try to commit ended; `failed`: the store did not say. */
export const COMMIT_RESULTS = ['granted', 'answered', 'capped', 'moved', 'sold_out', 'failed'] as const
export type CommitResult = (typeof COMMIT_RESULTS)[number]

/** What became of an action of a decision. */
export interface ToldOutcome {
  readonly decision: DecisionId
  readonly action: string
  /** Undefined: wherever the decision placed it; the first placement where it placed it twice. */
  readonly placement: string | undefined
  readonly outcome: ContactOutcome
}

/** What an outcome did. */
export type Became =
  /** A hold is a contact now. */
  | 'confirmed'
  /** A hold is gone, its units are given back. */
  | 'released'
  /** The hold had ended before: it counts all the same, and may overfill a cap. */
  | 'late'
  /** It is noted with a contact that was confirmed before. */
  | 'recorded'
  /** It says nothing new. */
  | 'known'
  /** The decision is not kept, or has no such action; or it was decided without a hold. */
  | 'unknown'

/** What of a volume is in use. `used` and `leased` together are never more than the largest `allowed` that was asked with. */
export interface VolumeAccount {
  /** Units of live holds and of contacts that were confirmed from holds. */
  readonly used: number
  /** Units that processes have taken out to give away, and not given away yet. */
  readonly leased: number
}

/**
 * Decisions and what they grant. Every call but `soldOut` may throw EmmaError `store_unavailable`; what a call that threw
 * was to write may be written all the same, wholly or not at all.
 */
export interface DecisionStore {
  commit(grant: Grant): Promise<Granted>
  /** Those of the volumes that are known to have no unit left for now; asked while a decision is gathered. */
  soldOut(asked: readonly Allowance[]): ReadonlySet<string>
  /**
   * Each by itself in one step; told again it changes nothing. `now` by the caller’s clock; a hold has ended when it has by
   * that or by the store’s clock in that step.
   * @param onLate - told of each contact that became `late`, once it is written; not of nobody’s, and not where the holds
   *   beside it could not be read
   */
  recordOutcomes(
    told: readonly ToldOutcome[],
    now: number,
    historyHorizonMs: number,
    onLate?: (counted: Counted) => void,
  ): Promise<readonly Became[]>
  /** Removes a bounded number of holds that ran out, gives their units back, and forgets records that are kept no longer. */
  sweep(now: number): Promise<{ readonly expired: number }>
  volumeAccount(unit: Unit): Promise<VolumeAccount>
}
