import type { SampleAction } from './actions.ts'
import { AS_OF, CONTACTS_FROM, DAY_SECONDS } from './calendar.ts'
import { CHANNELS, type ChannelName } from './households.ts'
import type { Person } from './person.ts'
import type { Random } from './random.ts'
import type { Situation } from './situation.ts'
import { CHANCE_WHOLE, truth } from './truth.ts'

/** A past contact and whether it led to the target. */
export interface Contact {
  /** Seconds since 1970-01-01. */
  readonly at: number
  readonly action: string
  readonly channel: ChannelName
  readonly converted: boolean
}

const CHANNEL_WEIGHTS = [8, 4, 5, 3, 3]
/** Activities are tried in a quarter of the contacts: enough to learn when they are welcome. */
const ACTIVITY_PERCENT = 25

/** What may be tried on a channel. */
export type Menus = ReadonlyMap<
  ChannelName,
  { readonly [Kind in SampleAction['kind']]: readonly SampleAction[] }
>

export function menusOf(actions: readonly SampleAction[]): Menus {
  return new Map(
    CHANNELS.map((channel) => {
      const playing = actions.filter((action) => action.channels.includes(channel))
      const ofKind = (kind: SampleAction['kind']) => playing.filter((action) => action.kind === kind)
      return [channel, { offer: ofKind('offer'), activity: ofKind('activity') }]
    }),
  )
}

/**
 * The contacts of one customer, by time. The policy was blind: a channel by chance (e-mail only for subscribers),
 * then an offer or activity with content for it, all equally likely. So a model can learn from it without bias.
 * A conversion here leaves no trace in the order lines: features as of today give no answer away.
 */
export function drawContacts(
  person: Person,
  situation: Situation,
  menus: Menus,
  random: Random,
): readonly Contact[] {
  const from = Math.max(CONTACTS_FROM, person.memberSince)
  const days = AS_OF - from
  const count = 8 + Math.floor(((6 + random.below(30)) * days) / (AS_OF - CONTACTS_FROM))
  const weights = CHANNELS.map((name, i) =>
    name === 'email' && !person.newsletter ? 0 : CHANNEL_WEIGHTS[i]!,
  )
  const contacts = Array.from({ length: count }, (): Contact => {
    const at = (from + random.below(days)) * DAY_SECONDS + (8 + random.below(13)) * 3600 + random.below(3600)
    const channel = CHANNELS[random.weighted(weights)]!
    const kind = random.chance(ACTIVITY_PERCENT, 100) ? 'activity' : 'offer'
    const action = random.oneOf(menus.get(channel)![kind])
    const chance = truth(person, situation, action, channel)
    return { at, action: action.id, channel, converted: random.chance(chance, CHANCE_WHOLE) }
  })
  return contacts.sort((one, other) => one.at - other.at)
}
