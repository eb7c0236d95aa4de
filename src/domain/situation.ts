import type { Attributes } from './attributes.ts'
import type { Catalogue, Play } from './catalogue.ts'
import type { ConsentStatement } from './consent.ts'
import type { ContactLedger } from './contact.ts'
import type { DecisionRequest } from './decision-request.ts'
import type { Arm, ExperimentName } from './experiment.ts'
import type { FeatureSet } from './feature-set.ts'
import type { Hold } from './hold.ts'
import type { PlacementId } from './ids.ts'
import type { Preferences } from './preferences.ts'
import type { RunTime } from './run-time.ts'

/** Why a decision was made with less than everything: each code stands in the answer’s `degraded`. */
export const DEGRADED_CODES = [
  'store_unavailable',
  'features_not_loaded',
  'features_invalid',
  'model_unavailable',
  'challenger_unavailable',
  'model_failed',
  'contended',
] as const
export type DegradedCode = (typeof DEGRADED_CODES)[number]

/**
 * What may be used to choose for the person: `unknown` has an id that the store does not know, `anonymous` has none.
 * What he does not let us use is not here, as if nobody had told it.
 */
export interface KnownCustomer {
  readonly state: 'known' | 'unknown' | 'anonymous'
  /** False when he refused personalisation: features and attributes are then those of a stranger. */
  readonly personalised: boolean
  readonly attributes: Attributes
  /** The packed features, unpacked; the set’s defaults where nothing is stored; null without a feature set. */
  readonly vector: Float32Array | null
}

/** How we stand with the person: what only ever holds something back, and is used whatever he agreed to. */
export interface Standing {
  /** Whose it is; of `nobody`, an anonymous visitor without a session, nothing is ever known. */
  readonly of: 'customer' | 'session' | 'nobody'
  /** False when the store could not tell: what cannot be checked is not shown. */
  readonly isChecked: boolean
  readonly consents: readonly ConsentStatement[]
  /** Key of the address the request names; null when it names none. */
  readonly address: string | null
  readonly preferences: Preferences
  /** Confirmed contacts, and those of live holds among them. */
  readonly ledger: ContactLedger
  /** Live holds. */
  readonly holds: readonly Hold[]
  /** Key of the visit; null without one. */
  readonly session: string | null
  /** False when nothing can be held for him now: then nothing is shown that a cap or a volume counts. */
  readonly canHold: boolean
}

/** What is left to chance is drawn from these, each an HMAC with the store’s secret, hexadecimal. */
export interface Seeds {
  /** Over person, placement and day: ties and draws. */
  readonly placements: ReadonlyMap<PlacementId, string>
  /** Over person and day: whether it is a day on which all is drawn evenly. */
  readonly day: string
  /** Over person, experiment and its period; absent of an experiment with no share. Null of nobody in particular. */
  readonly experiments: Partial<Readonly<Record<ExperimentName, string>>> | null
}

/** Everything one decision depends on, gathered and frozen: the same situation gives the same decision. */
export interface Situation {
  /** Epoch milliseconds: when it is decided. */
  readonly now: number
  /** Epoch milliseconds, not before `now`: when the contact is to be, for which everything is judged. */
  readonly contactAt: number
  /** Hour, weekday and day of `contactAt` in the catalogue’s zone. */
  readonly local: { readonly hour: number; readonly weekday: number; readonly day: string }
  readonly request: DecisionRequest
  readonly catalogue: Catalogue
  /** Stock, prices and switches as of this moment. */
  readonly runTime: RunTime
  readonly customer: KnownCustomer
  readonly standing: Standing
  /** False when the store could not tell what is left of volumes: what cannot be checked is not shown. */
  readonly volumesChecked: boolean
  /**
   * How many units there are at most for this answer, by the id of the volume, for the moment of the contact: 0 is sold
   * out, and what is not there has plenty. What is held already comes on top.
   */
  readonly unitsLeft: ReadonlyMap<string, number>
  /** Volumes of which this visit holds a unit for a play, by id: showing it again takes no other. */
  readonly unitsHeld: ReadonlyMap<Play, ReadonlySet<string>>
  readonly featureSet: FeatureSet | null
  readonly seeds: Seeds
  /** Follows from seeds and catalogue. */
  readonly arm: Arm
  readonly degraded: readonly DegradedCode[]
}
