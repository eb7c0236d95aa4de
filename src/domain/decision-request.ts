import type { Attributes } from './attributes.ts'
import type { ActionId, ChannelId, CustomerId, PlacementId } from './ids.ts'
import type { Kind } from './tier.ts'

/** One slate that is asked for: at most `limit` actions, of these kinds when given. */
export interface SlateRequest {
  readonly placement: PlacementId
  readonly limit: number
  readonly kinds: readonly Kind[] | undefined
}

/** Who, on which channel, in which placements, in which context. Checked for form; not yet against the catalogue. */
export interface DecisionRequest {
  readonly requestId: string | undefined
  /** Undefined for an anonymous visitor. */
  readonly customer: CustomerId | undefined
  /** The visit that it belongs to; a visitor without an id is remembered by it for a day. */
  readonly sessionId: string | undefined
  readonly channel: ChannelId
  /** Where a message would go; opt-outs belong to addresses. */
  readonly address: string | undefined
  readonly slates: readonly SlateRequest[]
  readonly context: Attributes
  /** BCP 47 tag in canonical case, or undefined for the customer’s or catalogue’s own. */
  readonly locale: string | undefined
  readonly include: readonly ActionId[] | undefined
  readonly exclude: readonly ActionId[]
  readonly mode: 'live' | 'dry-run'
  /** Epoch milliseconds; only a dry-run may set it. */
  readonly at: number | undefined
  /** When the contact is to be, epoch milliseconds; undefined for now. */
  readonly contactAt: number | undefined
  /** `none`: nothing is held for what is shown, and no unit of a volume is taken. */
  readonly reserve: 'hold' | 'none'
  /** Milliseconds until the answer must be there; undefined for the default. */
  readonly deadlineMs: number | undefined
  readonly explain: 'none' | 'codes' | 'full'
}
