import type { Catalogue } from '../domain/catalogue.ts'
import type { Arm, Experiments, Rotation } from '../domain/experiment.ts'
import { unit } from '../domain/lot.ts'
import type { Seeds } from '../domain/situation.ts'

/**
 * The arm that a person is in. Holdout and random arm are shares of everybody and exclude each other, each drawn with a
 * salt of its own: when one rotates, the other stays. The challenger scores its share of all others.
 */
export function armOf({ experiments: drawn }: Seeds, { experiments }: Pick<Catalogue, 'experiments'>): Arm {
  if (drawn === null) return 'none'
  const { holdout, model } = experiments
  if (isIn(drawn.holdout, holdout.share)) return 'holdout'
  if (isIn(drawn.random, shareOfRest(experiments))) return 'random'
  return isIn(drawn.model, model.share) ? 'challenger' : 'champion'
}

/** The random arm’s share of those who are in no holdout, so that it comes to its share of everybody. */
function shareOfRest({ holdout, random }: Experiments): number {
  return holdout.share < 1 ? random.share / (1 - holdout.share) : 0
}

function isIn(seed: string | undefined, share: number): boolean {
  return seed !== undefined && unit(seed) < share
}

/** For how long an arm stays: the part of a day (`2026-11-28`) that says in which turn it lies. */
export function periodOf(rotate: Rotation, day: string): string {
  const [year, month] = day.split('-') as [string, string]
  switch (rotate) {
    case 'month':
      return `${year}-${month}`
    case 'quarter':
      return `${year}-Q${Math.ceil(Number(month) / 3)}`
    case 'year':
      return year
    case 'never':
      return ''
  }
}
