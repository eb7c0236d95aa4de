import type { Attributes } from './attributes.ts'
import type { Catalogue } from './catalogue.ts'
import type { DecisionRequest } from './decision-request.ts'
import type { FeatureSet } from './feature-set.ts'
import type { PlacementId } from './ids.ts'
import type { RunTime } from './run-time.ts'

/** Why a decision was made with less than everything: each code stands in the answer’s `degraded`. */
export const DEGRADED_CODES = [
  'store_unavailable',
  'features_not_loaded',
  'features_invalid',
  'model_unavailable',
  'model_failed',
] as const
export type DegradedCode = (typeof DEGRADED_CODES)[number]

/** What is known of the person: `unknown` has an id that the store does not know, `anonymous` has none. */
export interface KnownCustomer {
  readonly state: 'known' | 'unknown' | 'anonymous'
  readonly attributes: Attributes
  /** The packed features, unpacked; the set’s defaults where nothing is stored; null without a feature set. */
  readonly vector: Float32Array | null
}

/** Everything one decision depends on, gathered and frozen: the same situation gives the same decision. */
export interface Situation {
  /** Epoch milliseconds. */
  readonly now: number
  /** Hour, weekday and day of `now` in the catalogue’s zone. */
  readonly local: { readonly hour: number; readonly weekday: number; readonly day: string }
  readonly request: DecisionRequest
  readonly catalogue: Catalogue
  /** Stock, prices and switches as of this moment. */
  readonly runTime: RunTime
  readonly customer: KnownCustomer
  readonly featureSet: FeatureSet | null
  /** Per placement, hexadecimal: HMAC over person, placement and day. Settles ties. */
  readonly seeds: ReadonlyMap<PlacementId, string>
  readonly degraded: readonly DegradedCode[]
}
