import type { Candidate } from '../domain/candidate.ts'
import { reason } from '../domain/reason.ts'
import type { Tier } from '../domain/tier.ts'

/** What a holdout gets none of. */
const HELD_OUT: ReadonlySet<Tier> = new Set(['retention', 'marketing'])

/**
 * The candidates as they are for somebody in the holdout: mandatory and service stay, the rest is refused, whatever else
 * refuses it: nothing of it is worth waiting for.
 */
export function holdOut(candidates: readonly Candidate[]): Candidate[] {
  return candidates.map((candidate) => {
    const { tier } = candidate.action
    if (!HELD_OUT.has(tier)) return candidate
    return { ...candidate, refusals: [...candidate.refusals, reason('held_out', { tier })] }
  })
}

/** Whether nothing but the holdout refuses it. */
export function isHeldOutOnly({ refusals }: Pick<Candidate, 'refusals'>): boolean {
  return refusals.length === 1 && refusals[0]!.code === 'held_out'
}
