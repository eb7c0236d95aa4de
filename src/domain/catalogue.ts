import type { Json } from './canonical-json.ts'
import type { ActionId, ChannelId, PlacementId, TreatmentId } from './ids.ts'

/** Tiers in the order in which they fill a slate. */
export const TIERS = ['mandatory', 'service', 'retention', 'marketing'] as const
export type Tier = (typeof TIERS)[number]
export const KINDS = ['offer', 'activity'] as const
export type Kind = (typeof KINDS)[number]

export type Scalar = string | number | boolean
export type Attributes = Readonly<Record<string, Scalar>>
export type AttributeType = 'number' | 'string' | 'bool'

/** The declared type of a customer attribute or a context field. */
export interface TypeSpec {
  readonly type: AttributeType
  readonly default?: Scalar
}

/** An action’s content for some placements, by language tag in lower case (`de`, `en-gb`). */
export interface Treatment {
  readonly id: TreatmentId
  readonly placements: readonly PlacementId[]
  readonly content: ReadonlyMap<string, Json>
}

/** An offer or activity. Times are epoch milliseconds; `to` is exclusive. */
export interface Action {
  readonly id: ActionId
  readonly active: boolean
  readonly kind: Kind
  readonly tier: Tier
  readonly group: string | undefined
  /** Margin per target outcome in the catalogue’s currency; 1 where none is written. */
  readonly value: number
  /** Below this propensity the action is not worth the customer’s attention: 0–1. */
  readonly minPropensity: number
  readonly validFrom: number
  readonly validTo: number
  readonly attributes: Attributes
  readonly treatments: readonly Treatment[]
}

/** A slot of a channel. Smaller `order` is filled first. */
export interface Placement {
  readonly id: PlacementId
  readonly channel: ChannelId
  readonly contentType: 'json' | 'text' | 'html'
  readonly order: number
  readonly fallback: Json | undefined
}

export interface Channel {
  readonly id: ChannelId
  readonly direction: 'inbound' | 'outbound'
}

/** One action as it may play in one placement: its position in {@link Catalogue.actions} and what it says there. */
export interface Play {
  readonly position: number
  /** By language tag in lower case: the first treatment written for this placement that speaks it. */
  readonly speaks: ReadonlyMap<string, Treatment>
}

/** One version of everything a marketer wrote: immutable, indexed by placement. */
export interface Catalogue {
  /** First 16 hex digits of SHA-256 over the canonical document. */
  readonly version: string
  readonly currency: string
  readonly locale: string
  readonly timeZone: string
  readonly customerTypes: ReadonlyMap<string, TypeSpec>
  readonly contextTypes: ReadonlyMap<string, TypeSpec>
  /** Id of the model that scores, or undefined for the prior. */
  readonly model: string | undefined
  readonly target: { readonly outcome: string; readonly within: string }
  readonly channels: ReadonlyMap<ChannelId, Channel>
  readonly placements: ReadonlyMap<PlacementId, Placement>
  readonly actions: readonly Action[]
  readonly positionOf: ReadonlyMap<ActionId, number>
  readonly plays: ReadonlyMap<PlacementId, readonly Play[]>
}
