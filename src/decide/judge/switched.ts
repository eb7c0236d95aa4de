import type { Action } from '../../domain/catalogue.ts'
import type { PlacementId } from '../../domain/ids.ts'
import { NO_REASONS, phrase, type Reason, reason } from '../../domain/reason.ts'
import { switchKey } from '../../domain/run-time-state.ts'
import type { Situation } from '../../domain/situation.ts'

const EVERYTHING = switchKey({ kind: 'everything', id: '' })

/**
 * What somebody switched off at run time: everything, a channel, a group, an action. Made once for each placement of a
 * request; while nothing is off it costs nothing.
 */
export function makeSwitched({ catalogue, runTime: { state } }: Situation, placement: PlacementId) {
  const { off } = state
  if (off.size === 0) return () => NO_REASONS
  const { channel } = catalogue.placements.get(placement)!
  const ofAll = [
    ...(off.has(EVERYTHING) ? [reason('switched_off', { what: phrase('off_everything') })] : []),
    ...(off.has(switchKey({ kind: 'channel', id: channel }))
      ? [reason('switched_off', { what: phrase('off_channel', { channel }) })]
      : []),
  ]
  return ({ id, group }: Action): readonly Reason[] => {
    const groupOff = group !== undefined && off.has(switchKey({ kind: 'group', id: group }))
    const actionOff = off.has(switchKey({ kind: 'action', id }))
    if (!groupOff && !actionOff) return ofAll
    return [
      ...ofAll,
      ...(groupOff ? [reason('switched_off', { what: phrase('the_group', { group: group! }) })] : []),
      ...(actionOff ? [reason('switched_off', { what: phrase('off_action') })] : []),
    ]
  }
}

/** Whether nothing at all may be shown in a placement: neutral fallbacks only. */
export function isSwitchedOff({ catalogue, runTime: { state } }: Situation, placement: PlacementId): boolean {
  if (state.off.size === 0) return false
  const { channel } = catalogue.placements.get(placement)!
  return state.off.has(EVERYTHING) || state.off.has(switchKey({ kind: 'channel', id: channel }))
}
