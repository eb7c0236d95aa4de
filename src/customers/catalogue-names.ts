import type { Catalogue } from '../domain/catalogue.ts'
import { PERSONALISATION } from '../domain/consent.ts'
import type { ErrorCode, Fault } from '../domain/errors.ts'
import type { ChannelId, PlacementId } from '../domain/ids.ts'

/** A fault with the code that an answer with it as its first one has. */
export interface CodedFault extends Fault {
  readonly code: ErrorCode
}

/** Of a channel that the catalogue does not have. What is not named has no fault; so below too. */
export function channelFaults(
  channel: string | undefined,
  place: string,
  { channels }: Catalogue,
): CodedFault[] {
  if (channel === undefined || channels.has(channel as ChannelId)) return []
  return [unknown('channel', place, channels.keys())]
}

/** Of a placement that the catalogue does not have, or that belongs to another channel. */
export function placementFaults(
  placement: string | undefined,
  channel: string,
  place: string,
  { channels, placements }: Catalogue,
): CodedFault[] {
  if (placement === undefined) return []
  const known = placements.get(placement as PlacementId)
  if (known === undefined) {
    const ofChannel = [...placements.values()].filter((one) => one.channel === channel)
    return [
      unknown('placement', place, ofChannel.length > 0 ? ofChannel.map(({ id }) => id) : placements.keys()),
    ]
  }
  if (known.channel === channel || !channels.has(channel as ChannelId)) return []
  return [
    {
      code: 'placement_of_other_channel',
      place,
      what: `this placement belongs to channel ${known.channel}`,
      remedy: `tell it with "channel": "${known.channel}", or leave it out`,
    },
  ]
}

/** Of a group that the catalogue neither declares nor names. */
export function groupFaults(group: string, place: string, { groups }: Catalogue): CodedFault[] {
  return groups.has(group) ? [] : [unknown('group', place, groups)]
}

/** Of a purpose that the catalogue does not declare. */
export function purposeFaults(
  purpose: string | undefined,
  place: string,
  { purposes }: Catalogue,
): CodedFault[] {
  if (purpose === undefined || purpose === PERSONALISATION || purposes.has(purpose)) return []
  return [unknown('purpose', place, new Set([...purposes.keys(), PERSONALISATION]))]
}

function unknown(
  what: 'channel' | 'placement' | 'group' | 'purpose',
  place: string,
  known: Iterable<string>,
): CodedFault {
  return {
    code: `unknown_${what}`,
    place,
    what: `this ${what} is not in the catalogue`,
    remedy: remedyOf([...known]),
  }
}

/** Names a dozen: an answer is no listing of the catalogue. */
function remedyOf(known: readonly string[]): string {
  if (known.length === 0) return 'leave it out, the catalogue has none'
  const more = known.length > 12 ? ` and ${known.length - 12} more` : ''
  return `use one of ${known.slice(0, 12).join(', ')}${more}`
}
