import { isUncapped, type Seen, uncounted } from './caps.ts'
import { type Action, MAX_PER_GROUP } from './catalogue.ts'

export interface Scored {
  readonly action: Action
  readonly propensity: number
  readonly priority: number
}

/** The best by priority, not too many of a group, and no more than the caps leave room for. */
export function choose(candidates: readonly Scored[], limit: number, seen: Seen): Scored[] {
  const taken: Action[] = []
  const chosen: Scored[] = []
  for (const candidate of candidates.toSorted((a, b) => b.priority - a.priority)) {
    if (chosen.length >= limit) break
    const { action } = candidate
    const ofGroup = taken.filter(({ group }) => group === action.group).length
    if (ofGroup >= MAX_PER_GROUP || !isUncapped(action, seen, uncounted(taken, seen))) continue
    taken.push(action)
    chosen.push(candidate)
  }
  return chosen
}
