import type { Attributes } from './attributes.ts'
import type { Kind } from './catalogue.ts'
import type { ActionId, ChannelId, CustomerId, PlacementId } from './ids.ts'

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
  readonly channel: ChannelId
  readonly slates: readonly SlateRequest[]
  readonly context: Attributes
  /** BCP 47 tag in canonical case, or undefined for the customer’s or catalogue’s own. */
  readonly locale: string | undefined
  readonly include: readonly ActionId[] | undefined
  readonly exclude: readonly ActionId[]
  readonly mode: 'live' | 'dry-run'
  /** Epoch milliseconds; only a dry-run may set it. */
  readonly at: number | undefined
  readonly explain: 'none' | 'codes' | 'full'
}
