import type { Action } from '../../domain/catalogue.ts'
import type { PlacementId } from '../../domain/ids.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'
import { switchKey } from '../../domain/run-time-state.ts'
import type { Situation } from '../../domain/situation.ts'

const EVERYTHING = switchKey({ kind: 'everything', id: '' })

/** What somebody switched off at run time: everything, a channel, a group, an action. Made once per request. */
export function makeSwitched({ catalogue, runTime: { state } }: Situation) {
  const { off } = state
  if (off.size === 0) return () => NO_REASONS
  return (action: Action, placement: PlacementId): readonly Reason[] => {
    const reasons: Reason[] = []
    if (off.has(EVERYTHING)) reasons.push(reason('switched_off', { what: 'everything' }))
    const { channel } = catalogue.placements.get(placement)!
    if (off.has(switchKey({ kind: 'channel', id: channel })))
      reasons.push(reason('switched_off', { what: `channel ${channel}` }))
    if (action.group !== undefined && off.has(switchKey({ kind: 'group', id: action.group })))
      reasons.push(reason('switched_off', { what: `group ${action.group}` }))
    if (off.has(switchKey({ kind: 'action', id: action.id })))
      reasons.push(reason('switched_off', { what: 'this action' }))
    return reasons
  }
}

/** Whether nothing at all may be shown in a placement: neutral fallbacks only. */
export function isSwitchedOff({ catalogue, runTime: { state } }: Situation, placement: PlacementId): boolean {
  if (state.off.size === 0) return false
  const { channel } = catalogue.placements.get(placement)!
  return state.off.has(EVERYTHING) || state.off.has(switchKey({ kind: 'channel', id: channel }))
}
