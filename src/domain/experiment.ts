/**
 * Which policy decides for a person: that of everybody, another model, chance, or none at all for marketing. Nobody in
 * particular is in none: he is decided for as the champion does, and compared with nobody.
 */
export const ARMS = ['champion', 'challenger', 'random', 'holdout', 'none'] as const
export type Arm = (typeof ARMS)[number]

export const ROTATIONS = ['month', 'quarter', 'year', 'never'] as const
export type Rotation = (typeof ROTATIONS)[number]

/** A share of the persons, 0–1, and when others take their turn. */
export interface Experiment {
  readonly share: number
  readonly rotate: Rotation
}

/** Each with a salt of its own. Holdout and random arm exclude each other: their shares are of everybody. */
export interface Experiments {
  readonly holdout: Experiment
  readonly random: Experiment
  /** Share scored by the challenger, where the catalogue names one. */
  readonly model: Experiment
}
export const EXPERIMENTS = ['holdout', 'random', 'model'] as const
export type ExperimentName = (typeof EXPERIMENTS)[number]
