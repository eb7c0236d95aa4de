import { describe, expect, it } from 'vitest'
import { checkPreferences, type WantedPreferences } from '../../src/customers/check-preferences.ts'
import { catalogue } from './told-shop.ts'

const check = (wanted: WantedPreferences) => checkPreferences(wanted, '/preferences', catalogue)
const pace = (window: string, channel = 'web') => ({ pace: [{ channel, max: 1, window }] })

describe('checkPreferences', () => {
  it('gives wishes as they are kept, without what is not wished', () => {
    const wishes = {
      pace: [
        { max: 0, window: '100d' },
        { channel: 'email', max: 2, window: '1h' },
      ],
      refusedTopics: ['shoes'],
      pauses: [{}, { channel: 'web', until: 5 }],
    }
    expect(check({ ...wishes, timeZone: undefined })).toStrictEqual({ wishes, faults: [] })
    expect(check({})).toStrictEqual({ wishes: {}, faults: [] })
  })

  it('gives null for what is to be forgotten', () => {
    const nothing = { timeZone: null, pace: null, refusedTopics: null, pauses: null }
    expect(check(nothing)).toEqual({ wishes: nothing, faults: [] })
  })

  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ])('spells the zone %s as %s', (written, kept) => {
    expect(check({ timeZone: written })).toEqual({ wishes: { timeZone: kept }, faults: [] })
  })

  it.each<[string, WantedPreferences, string, string]>([
    ['a zone that is none', { timeZone: 'Europe/Bielefeld' }, 'invalid_request', 'timeZone'],
    ['an offset', { timeZone: '+02:00' }, 'invalid_request', 'timeZone'],
    ['an offset to the west', { timeZone: '-0330' }, 'invalid_request', 'timeZone'],
    ['a zone of no letters', { timeZone: '' }, 'invalid_request', 'timeZone'],
    ['a pace on an unknown channel', pace('7d', 'fax'), 'unknown_channel', 'pace/0/channel'],
    ['a pace in no window', pace('a week'), 'invalid_request', 'pace/0/window'],
    ['a pace in a window of nought', pace('0d'), 'invalid_request', 'pace/0/window'],
    ['a pace longer than the history', pace('101d'), 'invalid_request', 'pace/0/window'],
    ['a pace longer than any number', pace(`${'9'.repeat(400)}d`), 'invalid_request', 'pace/0/window'],
    ['a topic that is no group', { refusedTopics: ['shoes', 'boats'] }, 'unknown_group', 'refusedTopics/1'],
    [
      'a pause on an unknown channel',
      { pauses: [{}, { channel: 'fax' }] },
      'unknown_channel',
      'pauses/1/channel',
    ],
  ])('finds %s', (_, wanted, code, place) => {
    expect(check(wanted).faults).toEqual([
      { code, place: `/preferences/${place}`, what: expect.any(String), remedy: expect.any(String) },
    ])
  })

  it('finds everything at once', () => {
    const wanted = { timeZone: 'x', ...pace('x', 'fax'), refusedTopics: ['x'], pauses: [{ channel: 'x' }] }
    expect(check(wanted).faults).toHaveLength(5)
  })
})
