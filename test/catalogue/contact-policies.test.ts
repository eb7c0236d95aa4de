import { describe, expect, it } from 'vitest'
import type { PlacementId } from '../../src/domain/ids.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'

const DAY = 86_400_000

const catalogue = makeCatalogue(
  [
    action('boots', { in: ['hero', 'mail'], group: 'shoes' }),
    action('sandals', { in: ['hero'], group: 'shoes' }),
    action('parcel', { in: ['hero', 'mail'], tier: 'service', kind: 'activity' }),
  ],
  {
    defaults: { locale: 'de', timeZone: 'Europe/Berlin', historyHorizon: '30d' },
    types: { customer: { age: 'number', late: { type: 'bool', default: false, purpose: 'care' } } },
    purposes: { care: { basis: 'contract' } },
    channels: {
      web: { quietHours: { from: '22:00', to: '06:30' } },
      email: {
        direction: 'outbound',
        quietHours: { from: '00:00', to: '01:00', timeZones: ['UTC'], except: ['service', 'mandatory'] },
      },
    },
    placements: [
      { id: 'hero', channel: 'web' },
      { id: 'mail', channel: 'email' },
    ],
    contactPolicies: [
      { id: 'z-all', per: 'customer', max: 0, window: '2w' },
      {
        id: 'b-mail',
        where: { channel: 'email', tier: ['marketing', 'retention'] },
        per: 'channel',
        max: 3,
        window: '36h',
      },
      {
        id: 'a-shoes',
        where: { group: 'shoes' },
        per: 'group',
        after: { outcome: 'reject' },
        suppressFor: '1d',
      },
      {
        id: 'c-offers',
        where: { kind: 'offer', placement: ['hero'] },
        per: 'action',
        after: { outcome: 'impression', times: 3, within: '7d', without: 'click' },
        suppressFor: '10d',
      },
    ],
  },
)
const playOf = (id: string, placement: string) =>
  catalogue.plays
    .get(placement as PlacementId)!
    .find(({ position }) => catalogue.actions[position]!.id === id)!
const policiesOf = (id: string, placement: string) =>
  playOf(id, placement).policies.map((policy) => policy.id)

describe('contact policies', () => {
  it('stand with every play that they count, by id, wherever they are written', () => {
    expect(policiesOf('boots', 'hero')).toEqual(['a-shoes', 'c-offers', 'z-all'])
    expect(policiesOf('boots', 'mail')).toEqual(['a-shoes', 'b-mail', 'z-all'])
    expect(policiesOf('parcel', 'mail')).toEqual(['z-all'])
  })

  it('are one list for plays that are counted alike', () => {
    expect(playOf('boots', 'hero').policies).toBe(playOf('sandals', 'hero').policies)
    expect(playOf('parcel', 'hero').policies).toBe(playOf('parcel', 'mail').policies)
  })

  it('have their lengths in milliseconds', () => {
    const [shoes, offers, all] = playOf('boots', 'hero').policies
    const [, mail] = playOf('boots', 'mail').policies
    expect(shoes).toMatchObject({
      outcome: 'reject',
      times: 1,
      withinMs: Number.POSITIVE_INFINITY,
      suppressForMs: DAY,
    })
    expect(offers).toMatchObject({ times: 3, withinMs: 7 * DAY, without: 'click', suppressForMs: 10 * DAY })
    expect(all).toMatchObject({ max: 0, windowMs: 14 * DAY })
    expect(mail).toMatchObject({ max: 3, windowMs: 1.5 * DAY })
  })

  it('know what a play is about', () => {
    expect(playOf('parcel', 'mail').facts).toEqual({
      channel: 'email',
      placement: 'mail',
      action: 'parcel',
      group: undefined,
      tier: 'service',
      kind: 'activity',
    })
  })
})

describe('the rest of what contact is judged by', () => {
  it('becomes what decides', () => {
    const channel = (id: string) => [...catalogue.channels.values()].find((one) => one.id === id)!
    expect(catalogue.historyHorizonMs).toBe(30 * DAY)
    expect([...catalogue.attributePurposes]).toEqual([['late', 'care']])
    expect([...catalogue.groups]).toEqual(['shoes'])
    expect(channel('web').quietHours).toEqual({
      from: 1320,
      to: 390,
      timeZones: ['Europe/Berlin'],
      except: new Set(),
    })
    expect(channel('email').quietHours).toEqual({
      from: 0,
      to: 60,
      timeZones: ['UTC'],
      except: new Set(['service', 'mandatory']),
    })
  })
})
