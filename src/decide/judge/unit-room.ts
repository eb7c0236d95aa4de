import type { Candidate } from '../../domain/candidate.ts'
import type { Reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { usedUp, volumesNeeded } from './available.ts'

/** What is left of volumes while an answer is filled: the last unit goes once. */
export function makeUnitRoom(situation: Situation) {
  const { unitsLeft } = situation
  const taken = new Map<string, number>()
  const isGone = (id: string): boolean => {
    const left = unitsLeft.get(id)
    return left !== undefined && (taken.get(id) ?? 0) >= left
  }
  return {
    refusal({ play, action }: Candidate): Reason | null {
      if (taken.size === 0 || action.tier === 'mandatory') return null
      const gone = volumesNeeded(play, situation).find(({ id }) => isGone(id))
      return gone === undefined ? null : usedUp(gone)
    },
    take({ play }: Candidate): boolean {
      let isUsedUp = false
      for (const { id } of volumesNeeded(play, situation)) {
        // Of what has plenty nothing is counted; mandatory goes without where nothing is left.
        if (!unitsLeft.has(id) || isGone(id)) continue
        taken.set(id, (taken.get(id) ?? 0) + 1)
        if (isGone(id)) isUsedUp = true
      }
      return isUsedUp
    },
  }
}
