import type { WeighedCandidate } from '../../domain/candidate.ts'
import { draw, type Lot } from '../../domain/lot.ts'
import { TIERS } from '../../domain/tier.ts'

/**
 * A total order over one placement’s permitted candidates: tier first, then priority, then, among equals, the lots that
 * their actions draw: another order for every person, placement and day, never the order of ids.
 */
export function rank(candidates: readonly WeighedCandidate[], seed: Lot): WeighedCandidate[] {
  const permitted = candidates.filter(({ refusals }) => refusals.length === 0)
  return permitted.sort((a, b) => byTierAndPriority(a, b) || byLot(a, b, seed))
}

export function areEqual(a: WeighedCandidate, b: WeighedCandidate): boolean {
  return byTierAndPriority(a, b) === 0
}

function byTierAndPriority(a: WeighedCandidate, b: WeighedCandidate): number {
  if (a.action.tier !== b.action.tier) return TIERS.indexOf(a.action.tier) - TIERS.indexOf(b.action.tier)
  return b.priority! - a.priority!
}

/** Ids settle what no lot does. */
function byLot(a: WeighedCandidate, b: WeighedCandidate, seed: Lot): number {
  return draw(seed, a.action.lot, 0) - draw(seed, b.action.lot, 0) || (a.action.id < b.action.id ? -1 : 1)
}
