import { describe, expect, it } from 'vitest'
import { EMPTY_PROFILE } from '../../src/domain/profile.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, makeHouse } from './make-house.ts'

const MINUTE = 60_000
const EVENING = Date.parse('2026-11-20T20:50:00Z')

const catalogue = makeCatalogue(
  [action('boots', { in: ['mail'] }), action('parcel', { in: ['mail'], tier: 'service' })],
  {
    channels: {
      email: { direction: 'outbound', quietHours: { from: '22:00', to: '08:00', except: 'service' } },
    },
    placements: [{ id: 'mail', channel: 'email' }],
    contactPolicies: [{ id: 'daily', where: { tier: 'marketing' }, per: 'customer', max: 1, window: '24h' }],
  },
)
const until = async (now: number, more: object = {}, timeZone = 'Europe/Berlin') => {
  const profile = { ...EMPTY_PROFILE, preferences: { timeZone } }
  const store = makeFakeStore({ customers: { 'c-1': { profile } } })
  const request = ask({ channel: 'email', slates: { mail: 1 }, include: ['boots'], ...more } as object)
  return (await makeHouse(catalogue, { store, now })(request)).validUntil
}

describe('an answer is good', () => {
  it('for half an hour from the moment it is for', async () => {
    expect(await until(EVENING - 60 * MINUTE)).toBe(EVENING - 30 * MINUTE)
    const contactAt = EVENING + 24 * 60 * MINUTE - 60 * MINUTE
    expect(await until(EVENING, { contactAt })).toBe(contactAt + 30 * MINUTE)
  })

  it('no longer than what it shows is held', async () => {
    const held = makeCatalogue([action('boots')], { channels: { web: { holdFor: '5m' } } })
    const { validUntil } = await makeHouse(held, { now: EVENING })(ask())
    expect(validUntil).toBe(EVENING + 5 * MINUTE)
  })

  it('until quiet hours begin, by the clock of the person, for what must not disturb', async () => {
    expect(await until(EVENING)).toBe(EVENING + 10 * MINUTE)
    expect(await until(EVENING + 30_500)).toBe(EVENING + 10 * MINUTE)
    expect(await until(EVENING, {}, 'UTC')).toBe(EVENING + 30 * MINUTE)
    expect(await until(EVENING, { include: ['parcel'] })).toBe(EVENING + 30 * MINUTE)
  })

  it('until a clock jumps into the night', async () => {
    // In New York the clock goes from 2 to 3 on 8 March.
    const night = makeCatalogue([action('boots', { in: ['mail'] })], {
      channels: { email: { quietHours: { from: '02:30', to: '08:00' } } },
      placements: [{ id: 'mail', channel: 'email' }],
    })
    const profile = { ...EMPTY_PROFILE, preferences: { timeZone: 'America/New_York' } }
    const store = makeFakeStore({ customers: { 'c-1': { profile } } })
    const now = Date.parse('2026-03-08T06:50:00Z')
    const decision = await makeHouse(night, { store, now })(ask({ channel: 'email', slates: { mail: 1 } }))
    expect(decision.validUntil).toBe(Date.parse('2026-03-08T07:00:00Z'))
  })

  it('until something may be sent that waits', async () => {
    const night = EVENING + 9 * 60 * MINUTE + 65 * MINUTE
    expect(await until(night)).toBe(night + 5 * MINUTE)
  })
})
