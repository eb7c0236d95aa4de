import type { ScoredCandidate } from '../domain/candidate.ts'
import { sha256Hex } from '../domain/canonical-json.ts'
import { TIERS } from '../domain/tier.ts'

/** A permitted candidate in its place. `ties` names the run of equals it belongs to: same tier, same priority. */
export interface Ranked {
  readonly candidate: ScoredCandidate
  readonly ties: number
}

/**
 * Step 5: a total order over one placement’s permitted candidates. Tier first, then priority, then, among equals,
 * SHA-256 over seed and action id: another order for every person, placement and day, never the order of ids.
 */
export function arbitrate(candidates: readonly ScoredCandidate[], seed: string): Ranked[] {
  const permitted = candidates.filter((candidate) => candidate.refusals.length === 0)
  const lots = new Map<ScoredCandidate, string>()
  const lot = (candidate: ScoredCandidate) => {
    const drawn = lots.get(candidate) ?? sha256Hex(`${seed}\n${candidate.action.id}`)
    lots.set(candidate, drawn)
    return drawn
  }
  const ordered = permitted.sort((a, b) => byTierAndPriority(a, b) || (lot(a) < lot(b) ? -1 : 1))
  let ties = -1
  return ordered.map((candidate, i) => {
    if (i === 0 || byTierAndPriority(ordered[i - 1]!, candidate) !== 0) ties++
    return { candidate, ties }
  })
}

function byTierAndPriority(a: ScoredCandidate, b: ScoredCandidate): number {
  return TIERS.indexOf(a.action.tier) - TIERS.indexOf(b.action.tier) || b.priority! - a.priority!
}
