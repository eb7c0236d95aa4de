import type { Action, Play, Treatment } from './catalogue.ts'
import type { PlacementId } from './ids.ts'
import type { Reason } from './reason.ts'

/**
 * An action on its way to one placement. It is judged, never dropped: it ends with a status and its reasons. Judging makes it;
 * scoring and weighing write down in it what they find. From then on it is not changed.
 */
export interface Candidate {
  readonly placement: PlacementId
  readonly play: Play
  readonly action: Action
  /** What it could show here, by language tag in lower case. */
  readonly speaks: ReadonlyMap<string, Treatment>
  /** Empty while it is permitted; every reason that refuses it otherwise. */
  refusals: readonly Reason[]
  /** Margin per target outcome, from 0; null where a rule gives it and could not be worked out. */
  readonly value: number | null
  /** Calibrated probability of the target outcome, 0–1; null before it is scored, and of what was refused before that. */
  propensity: number | null
  /** How many observations stand behind the propensity: 0 for a mere guess, infinitely many where its model says no number. */
  evidence: number
  /** C: what the context weights that hold come to, from 0; 1 before it is weighed. */
  contextWeight: number
  /** P×C×V×L inside the tier, each to its power; null before it is weighed, and of what has no score. */
  priority: number | null
}
