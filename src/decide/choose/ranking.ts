import type { Candidate } from '../../domain/candidate.ts'
import { draw, type Lot } from '../../domain/lot.ts'
import { TIERS, type Tier } from '../../domain/tier.ts'

const RANK_OF = Object.fromEntries(TIERS.map((tier, rank) => [tier, rank])) as Readonly<Record<Tier, number>>

/**
 * A total order over one placement’s permitted candidates: tier first, then priority, then, among equals, the lots that
 * their actions draw: another order for every person, placement and day, never the order of ids.
 */
export function rank(candidates: readonly Candidate[], seed: Lot): Candidate[] {
  const permitted = candidates.filter(({ refusals }) => refusals.length === 0)
  return permitted.sort((a, b) => byTierAndPriority(a, b) || byLot(a, b, seed))
}

export function areEqual(a: Candidate, b: Candidate): boolean {
  return byTierAndPriority(a, b) === 0
}

function byTierAndPriority(a: Candidate, b: Candidate): number {
  const [ofA, ofB] = [a.action.tier, b.action.tier]
  if (ofA !== ofB) return RANK_OF[ofA] - RANK_OF[ofB]
  // A difference would be a fraction, and each of those is an object to the engine while it sorts.
  return a.priority! > b.priority! ? -1 : a.priority! < b.priority! ? 1 : 0
}

/** Ids settle what no lot does. */
function byLot(a: Candidate, b: Candidate, seed: Lot): number {
  return draw(seed, a.action.lot, 0) - draw(seed, b.action.lot, 0) || (a.action.id < b.action.id ? -1 : 1)
}
