import type { Attributes } from './attributes.ts'
import type { FeatureSet } from './feature-set.ts'

/** What was told of a customer, beside the precomputed features. */
export interface Profile {
  readonly attributes: Attributes
  /** Epoch milliseconds of the last change. */
  readonly updatedAt: number
}

/** A customer as stored: null where nothing is. */
export interface StoredCustomer {
  readonly profile: Profile | null
  readonly featureSet: FeatureSet | null
  readonly vector: Float32Array | null
  /** True when a vector is stored that the current feature set cannot read. */
  readonly vectorDamaged: boolean
}
