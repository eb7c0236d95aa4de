import type { Action, Play, Treatment } from './catalogue.ts'
import type { PlacementId } from './ids.ts'
import type { Reason } from './reason.ts'

/** An action on its way to one placement. It is judged, never dropped: it ends with a status and its reasons. */
export interface Candidate {
  readonly placement: PlacementId
  readonly play: Play
  readonly action: Action
  /** What it could show here, by language tag in lower case. */
  readonly speaks: ReadonlyMap<string, Treatment>
  /** Empty while it is permitted; every reason that refuses it otherwise. */
  readonly refusals: readonly Reason[]
}

/** A permitted candidate with its score: P, V and P×V. */
export interface ScoredCandidate extends Candidate {
  /** Calibrated probability of the target outcome, 0–1; null when it was refused before scoring. */
  readonly propensity: number | null
  /** P × V inside the tier; null when it was refused before scoring. */
  readonly priority: number | null
}
