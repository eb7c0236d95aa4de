import type { Channel, QuietHours } from '../domain/catalogue.ts'
import { durationMs } from '../domain/duration.ts'
import type { ChannelId } from '../domain/ids.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { CatalogueDocument } from './document.ts'

type Direction = Channel['direction']

/** When somebody who comes has seen it, and when what we write is on its way. */
const CONFIRM_ON: Readonly<Record<Direction, Outcome>> = { inbound: 'impression', outbound: 'sent' }
/** A page is seen at once or not at all; a batch of mail may wait for a weekend to pass. */
const HOLD_FOR: Readonly<Record<Direction, string>> = { inbound: '30m', outbound: '48h' }

/** Channels that are only named by a placement are inbound: a short document stays short. */
export function toChannels({
  placements,
  channels,
  defaults,
}: CatalogueDocument): ReadonlyMap<ChannelId, Channel> {
  const named = placements.map(({ channel }): [string, WrittenChannel] => [channel, { direction: 'inbound' }])
  const written = new Map([...named, ...Object.entries(channels)])
  return new Map(
    [...written].map(([name, { direction, confirmOn, holdFor, quietHours }]): [ChannelId, Channel] => {
      const id = name as ChannelId
      return [
        id,
        {
          id,
          direction,
          confirmOn: confirmOn ?? CONFIRM_ON[direction],
          holdForMs: durationMs(holdFor ?? HOLD_FOR[direction]),
          quietHours: quietHours && toQuietHours(quietHours, defaults.timeZone),
        },
      ]
    }),
  )
}

type WrittenChannel = CatalogueDocument['channels'][string]
type WrittenHours = NonNullable<WrittenChannel['quietHours']>

function toQuietHours({ from, to, timeZones, except }: WrittenHours, timeZone: string): QuietHours {
  return {
    from: toMinutes(from),
    to: toMinutes(to),
    timeZones: timeZones ?? [timeZone],
    except: new Set(typeof except === 'string' ? [except] : except),
  }
}

function toMinutes(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':').map(Number)
  return hours! * 60 + minutes!
}
