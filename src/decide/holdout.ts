import type { WeighedCandidate } from '../domain/candidate.ts'
import { reason } from '../domain/reason.ts'
import type { Tier } from '../domain/tier.ts'

/** What a holdout gets none of. */
const HELD_OUT: ReadonlySet<Tier> = new Set(['retention', 'marketing'])

/** The candidates as they are for somebody in the holdout: mandatory and service stay, the rest is refused. */
export function holdOut(candidates: readonly WeighedCandidate[]): WeighedCandidate[] {
  return candidates.map((candidate) => {
    const { tier } = candidate.action
    if (candidate.refusals.length > 0 || !HELD_OUT.has(tier)) return candidate
    return { ...candidate, refusals: [reason('held_out', { tier })] }
  })
}

export function isHeldOut({ refusals }: Pick<WeighedCandidate, 'refusals'>): boolean {
  return refusals[0]?.code === 'held_out'
}
