import { roomInGroup, roomLeft, type Seen } from './caps.ts'
import { type Action, MAX_PER_GROUP } from './catalogue.ts'

export interface Scored {
  readonly action: Action
  readonly propensity: number
  readonly priority: number
}

/** The best by priority, not too many of a group, and no more than the caps leave room for. */
export function choose(candidates: readonly Scored[], limit: number, seen: Seen): Scored[] {
  const most = Math.min(limit, roomLeft(seen))
  const taken = new Map<number, number>()
  const chosen: Scored[] = []
  for (const candidate of candidates.toSorted((a, b) => b.priority - a.priority)) {
    if (chosen.length >= most) break
    const { group } = candidate.action
    const ofGroup = taken.get(group) ?? 0
    if (ofGroup >= Math.min(MAX_PER_GROUP, roomInGroup(seen, group))) continue
    taken.set(group, ofGroup + 1)
    chosen.push(candidate)
  }
  return chosen
}
