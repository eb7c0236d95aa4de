import { describe, expect, it } from 'vitest'
import type { ChannelId, PlacementId } from '../../src/domain/ids.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'

const catalogue = makeCatalogue(
  [
    action('boots', { in: ['hero', 'mail'], group: 'shoes' }),
    action('sandals', { in: ['hero'], group: 'shoes' }),
    action('parcel', { in: ['hero', 'desk'], tier: 'service', kind: 'activity' }),
  ],
  {
    channels: {
      web: {},
      email: { direction: 'outbound' },
      sms: { direction: 'outbound', confirmOn: 'presented', holdFor: '3d' },
    },
    placements: [
      { id: 'hero', channel: 'web' },
      { id: 'mail', channel: 'email' },
      { id: 'desk', channel: 'sms' },
      { id: 'bare', channel: 'web' },
    ],
    volumes: [
      { id: 'z-shoes', where: { group: 'shoes' }, max: 500, per: 'week', pacing: 'even' },
      { id: 'b-mail', where: { channel: 'email', tier: ['marketing', 'retention'] }, max: 9, per: 'total' },
      { id: 'a-offers', where: { kind: 'offer', placement: ['hero'] }, max: 0, per: 'day' },
      { id: 'y-nobody', where: { action: 'boots', kind: 'activity' }, max: 1, per: 'month' },
    ],
  },
)
const playOf = (id: string, placement: string) =>
  catalogue.plays
    .get(placement as PlacementId)!
    .find(({ position }) => catalogue.actions[position]!.id === id)!
const idsOf = (volumes: readonly { readonly id: string }[]) => volumes.map(({ id }) => id)
const ofPlay = (id: string, placement: string) => idsOf(playOf(id, placement).volumes)
const inPlacement = (id: string) => idsOf(catalogue.volumesIn.get(id as PlacementId)!)

describe('volumes', () => {
  it('stand with every play that takes of them, by id, wherever they are written', () => {
    expect(ofPlay('boots', 'hero')).toEqual(['a-offers', 'z-shoes'])
    expect(ofPlay('boots', 'mail')).toEqual(['b-mail', 'z-shoes'])
    expect(ofPlay('parcel', 'hero')).toEqual([])
  })

  it('are one list for plays that take alike', () => {
    expect(playOf('boots', 'hero').volumes).toBe(playOf('sandals', 'hero').volumes)
    expect(playOf('parcel', 'hero').volumes).toBe(playOf('parcel', 'desk').volumes)
  })

  it('are known of each placement, also of one where nothing plays', () => {
    expect(inPlacement('hero')).toEqual(['a-offers', 'z-shoes'])
    expect(inPlacement('mail')).toEqual(['b-mail', 'z-shoes'])
    expect(inPlacement('desk')).toEqual([])
    expect(inPlacement('bare')).toEqual([])
  })

  it('are as they are written, first come first served unless it says otherwise', () => {
    expect(catalogue.volumes).toEqual([
      {
        id: 'a-offers',
        where: { kind: new Set(['offer']), placement: new Set(['hero']) },
        max: 0,
        per: 'day',
        pacing: 'asap',
      },
      {
        id: 'b-mail',
        where: { channel: new Set(['email']), tier: new Set(['marketing', 'retention']) },
        max: 9,
        per: 'total',
        pacing: 'asap',
      },
      {
        id: 'y-nobody',
        where: { action: new Set(['boots']), kind: new Set(['activity']) },
        max: 1,
        per: 'month',
        pacing: 'asap',
      },
      { id: 'z-shoes', where: { group: new Set(['shoes']) }, max: 500, per: 'week', pacing: 'even' },
    ])
  })
})

describe('holds of a channel', () => {
  const holdsOf = (id: string) => {
    const { confirmOn, holdForMs } = catalogue.channels.get(id as ChannelId)!
    return { confirmOn, holdForMs }
  }

  it('are as they are written', () => {
    expect(holdsOf('sms')).toEqual({ confirmOn: 'presented', holdForMs: 3 * 86_400_000 })
  })

  it('are by its direction where nothing is written', () => {
    expect(holdsOf('web')).toEqual({ confirmOn: 'impression', holdForMs: 30 * 60_000 })
    expect(holdsOf('email')).toEqual({ confirmOn: 'sent', holdForMs: 48 * 3_600_000 })
  })

  it('are those of one that only a placement names', () => {
    const [channel] = [...makeCatalogue([action('boots')]).channels.values()]
    expect(channel).toMatchObject({ id: 'web', confirmOn: 'impression', holdForMs: 30 * 60_000 })
  })
})
