import type { Action, Play } from '../../domain/catalogue.ts'
import { NO_REASONS, NOTHING_MORE, phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Volume } from '../../domain/volume.ts'

/**
 * Whether a unit is left of every volume that an action takes of: one that the visit holds is as good. Made once per
 * request; mandatory skips it. While nothing is sold out it costs nothing.
 */
export function makeAvailable(situation: Situation): (play: Play, action: Action) => readonly Reason[] {
  const { volumesChecked } = situation
  const refusalsOf = volumesChecked ? makeSoldOut(situation) : unchecked
  if (!isAnySoldOut(situation)) return () => NO_REASONS
  return (play, action) =>
    play.volumes.length === 0 || action.tier === 'mandatory' ? NO_REASONS : refusalsOf(play)
}

/** Whether any volume may stop anything. */
export function isAnySoldOut({ volumesChecked, unitsLeft }: Situation): boolean {
  if (!volumesChecked) return true
  for (const left of unitsLeft.values()) if (left === 0) return true
  return false
}

function makeSoldOut(situation: Situation): (play: Play) => readonly Reason[] {
  const { unitsLeft, unitsHeld } = situation
  const ofList = new Map<readonly Volume[], readonly Reason[]>()
  const refusalsOf = (volumes: readonly Volume[]): readonly Reason[] =>
    volumes.filter(({ id }) => unitsLeft.get(id) === 0).map(usedUp)
  return (play) => {
    if (unitsHeld.has(play)) return refusalsOf(volumesNeeded(play, situation))
    const known = ofList.get(play.volumes) ?? refusalsOf(play.volumes)
    ofList.set(play.volumes, known)
    return known
  }
}

const UNCHECKED: readonly Reason[] = [reason('unchecked', { what: phrase('checked_volumes') })]

function unchecked(): readonly Reason[] {
  return UNCHECKED
}

/** Those of which a contact by the play would take a unit anew. */
export function volumesNeeded(play: Play, { unitsHeld }: Pick<Situation, 'unitsHeld'>): readonly Volume[] {
  const held = unitsHeld.get(play)
  return held === undefined ? play.volumes : play.volumes.filter(({ id }) => !held.has(id))
}

export function usedUp({ id, max, per, pacing }: Volume): Reason {
  return reason('volume_used_up', {
    volume: id,
    allowed: max === 0 ? phrase('none_at_all') : phrase(`volume_${per}`, { max }),
    pace: max > 0 && pacing === 'even' && per !== 'total' ? phrase('spread_evenly') : NOTHING_MORE,
  })
}
