import { sha256Hex } from './canonical-json.ts'
import type { Contact } from './contact.ts'
import type { Outcome } from './outcome.ts'
import type { Unit } from './volume.ts'

/** A contact with its hold: it counts until then unless it is released, and for good once it is confirmed. */
export interface HeldContact extends Contact {
  /** Epoch milliseconds; it counts while this is later than now. */
  readonly heldUntil: number
}

/** A contact that a decision reserved for what it shows. */
export interface Hold {
  /** Without outcomes; its ref is that of the decision that took it, see `refOfHold`. */
  readonly contact: HeldContact
  /** The visit that it was taken in, as a key of 16 hex digits: only there it is renewed. Null: never. */
  readonly session: string | null
  /** The outcome that confirms it, beside those that prove a contact. */
  readonly confirmOn: Outcome
  /** What it takes of volumes, and gives back when it is released or runs out. */
  readonly units: readonly Unit[]
}

/** 16 hex digits that name a hold: those of the decision that took it, of the placement and of the action. */
export function refOfHold(decision: string, placement: string, action: string): string {
  return sha256Hex(JSON.stringify([decision, placement, action])).slice(0, 16)
}

export function isLive({ contact }: Hold, now: number): boolean {
  return contact.heldUntil > now
}
