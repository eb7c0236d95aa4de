import type { Catalogue } from '../domain/catalogue.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { Situation } from '../domain/situation.ts'

/** What a scorer answers: one propensity (0–1) per asked position, in order. */
export interface Scores {
  readonly propensity: Float32Array
  /** Observations behind each propensity; null where the model says nothing of them, and its word is taken. */
  readonly evidence: Float64Array | null
}

/**
 * Rows in, propensities out. Asked once per decision for all candidates together.
 * @throws EmmaError `model_invalid` when the situation’s feature set cannot feed the model, or the answer is not a probability.
 */
export interface Scorer {
  /** `name/version@hash` of the model, or `prior`. */
  readonly version: string
  /** @throws EmmaError `model_invalid` naming what the feature set lacks. A prior needs nothing. */
  fits(catalogue: Catalogue, featureSet: FeatureSet): void
  /**
   * `positions` are indexes into the situation’s catalogue actions, each at most once. It answers at once: a decision is
   * worked out in one go, while what it is about is in the processor’s caches.
   */
  score(situation: Situation, positions: readonly number[]): Scores
}

/** A scorer that was loaded, and is closed once, when nobody asks it any more. */
export interface Model extends Scorer {
  close(): Promise<void>
}
