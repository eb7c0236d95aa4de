import type { Candidate } from '../../domain/candidate.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { type Reason, reason } from '../../domain/reason.ts'

/** How many actions of a group one slate still has room for. Mandatory ones are never too many, and count. */
export interface GroupLimit {
  refusal(candidate: Candidate): Reason | null
  /** @returns whether its group is full now */
  take(candidate: Candidate): boolean
}

export function makeGroupLimit({ maxPerSlate }: Pick<Catalogue, 'maxPerSlate'>): GroupLimit {
  const taken = new Map<string, number>()
  return {
    refusal({ action: { group, tier } }) {
      if (taken.size === 0 || group === undefined || tier === 'mandatory') return null
      const max = maxPerSlate.get(group)
      return max !== undefined && (taken.get(group) ?? 0) >= max ? reason('group_full', { group, max }) : null
    },
    take({ action: { group } }) {
      if (group === undefined) return false
      const count = (taken.get(group) ?? 0) + 1
      taken.set(group, count)
      return count >= (maxPerSlate.get(group) ?? Number.POSITIVE_INFINITY)
    },
  }
}
