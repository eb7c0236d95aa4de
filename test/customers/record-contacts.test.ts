import { describe, expect, it } from 'vitest'
import { makeRecordContacts } from '../../src/customers/record-contacts.ts'
import type { WantedContact } from '../../src/customers/wanted-contact.ts'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import { failure } from '../../src/domain/errors.ts'
import type { ToldContact } from '../../src/ports/customer-store.ts'
import { anna, catalogue, DAY, MINUTE, NOW } from './told-shop.ts'

type Fields = Partial<Omit<WantedContact, 'subject'>>

/** Records with a store that notes what it is given, and finds nothing new in contacts that are called `old`. */
async function record(...wanted: Fields[]) {
  const told: ToldContact[][] = []
  const given: unknown[] = []
  const recordContacts = makeRecordContacts(
    {
      async recordContacts(contacts, now, horizon) {
        told.push([...contacts])
        given.push(now, horizon)
        const known = (name: string, ref: string) => ref === sha256Hex(name).slice(0, 16)
        return contacts.map(({ contact: { ref } }) =>
          known('taken', ref) ? 'taken' : known('old', ref) ? 'known' : 'changed',
        )
      },
    },
    () => catalogue,
    () => NOW,
  )
  const recorded = await recordContacts(
    wanted.map((fields) => ({ id: 'c', subject: anna, channel: 'web', ...fields })),
  )
  return { recorded, calls: told.length, told: told.flat().map(({ contact }) => contact), given }
}
const factsOf = async (fields: Fields) => (await record(fields)).told[0]!.facts

describe('a caller whose clock is ahead', () => {
  it('is heeded at once: nothing has happened later than it is told', async () => {
    const ahead = NOW + 4 * MINUTE
    const outcomes = [
      { type: 'reject', at: ahead },
      { type: 'later', at: ahead, until: NOW + DAY },
    ] as const
    const { told } = await record({ at: ahead, outcomes })
    expect(told[0]).toMatchObject({
      at: NOW,
      outcomes: [
        { type: 'reject', at: NOW },
        { type: 'later', at: NOW, until: NOW + DAY },
      ],
    })
  })

  it('plans all the same', async () => {
    expect((await record({ at: NOW + 4 * MINUTE })).told[0]!.at).toBe(NOW + 4 * MINUTE)
  })
})

describe('an id that belongs to another contact', () => {
  it('is refused, and the others are recorded', async () => {
    const { recorded } = await record({ id: 'new' }, { id: 'taken' }, { id: 'old' })
    expect(recorded.map(({ status }) => status)).toEqual(['accepted', 'refused', 'duplicate'])
    expect(recorded[1]).toMatchObject({ code: 'contact_id_taken', faults: [{ place: '/contacts/1/id' }] })
  })
})

describe('a contact that is told', () => {
  it('is recorded under eight bytes of its name’s hash, now by default', async () => {
    const { recorded, told, given } = await record({ id: 'mail 17', placement: 'hero', action: 'boots' })
    expect(recorded).toEqual([{ status: 'accepted' }])
    expect(told).toEqual([
      {
        facts: {
          channel: 'web',
          placement: 'hero',
          action: 'boots',
          group: 'shoes',
          tier: 'marketing',
          kind: 'offer',
        },
        ref: sha256Hex('mail 17').slice(0, 16),
        at: NOW,
        heldUntil: null,
        outcomes: [],
      },
    ])
    expect(given).toEqual([NOW, 100 * DAY])
  })

  it('is about what the catalogue says of its action, unless it is told otherwise', async () => {
    expect(await factsOf({ action: 'parcel' })).toMatchObject({
      group: undefined,
      tier: 'service',
      kind: 'activity',
    })
    const other = { group: 'boats', tier: 'retention', kind: 'activity' } as const
    expect(await factsOf({ action: 'boots', ...other })).toMatchObject(other)
  })

  it('may be about an action of another system, or about none', async () => {
    const unknown = { group: undefined, tier: 'marketing', kind: 'offer' }
    expect(await factsOf({ action: 'newsletter' })).toMatchObject({ action: 'newsletter', ...unknown })
    expect(await factsOf({ action: '__proto__' })).toMatchObject({ action: '__proto__', ...unknown })
    expect(await factsOf({})).toMatchObject({ action: undefined, placement: undefined, ...unknown })
  })

  it('has its outcomes in order of time, each once, now by default', async () => {
    const outcomes = [
      { type: 'click' },
      { type: 'impression', at: NOW - 5 },
      { type: 'click' },
      { type: 'later', at: NOW - 2, until: NOW + DAY },
      { type: 'click', at: NOW - 1 },
    ] as const
    const { told } = await record({ at: NOW - 9, outcomes })
    expect(told[0]!.outcomes).toEqual([
      { type: 'impression', at: NOW - 5 },
      { type: 'later', at: NOW - 2, until: NOW + DAY },
      { type: 'click', at: NOW - 1 },
      { type: 'click', at: NOW },
    ])
  })

  it('was when the first of its outcomes came, where nothing else is told', async () => {
    const at = NOW - 3 * DAY
    const { told } = await record({ outcomes: [{ type: 'conversion' }, { type: 'click', at }] })
    expect(told[0]!.at).toBe(at)
  })

  it.each<[string, Fields]>([
    ['as old as the history', { at: NOW - 100 * DAY }],
    ['planned 400 days ahead', { at: NOW + 400 * DAY }],
    ['called off before its time', { at: NOW + 9 * DAY, outcomes: [{ type: 'cancelled' }] }],
    ['seen by a clock that goes fast', { at: NOW + 5 * MINUTE, outcomes: [{ type: 'click', at: NOW }] }],
    ['clicked by a clock that goes fast', { outcomes: [{ type: 'click', at: NOW + 5 * MINUTE }] }],
    ['clicked by a clock that goes slow', { at: NOW, outcomes: [{ type: 'click', at: NOW - 5 * MINUTE }] }],
    ['put off for 400 days', { outcomes: [{ type: 'later', until: NOW + 400 * DAY }] }],
  ])('may be %s', async (_, fields) => {
    expect((await record(fields)).recorded).toEqual([{ status: 'accepted' }])
  })

  it.each<[string, Fields, string, string]>([
    ['on no channel of the catalogue', { channel: 'fax' }, 'unknown_channel', 'channel'],
    ['on a channel called like a built-in', { channel: 'toString' }, 'unknown_channel', 'channel'],
    ['in no placement of the catalogue', { placement: 'roof' }, 'unknown_placement', 'placement'],
    ['in a placement of another channel', { placement: 'mail' }, 'placement_of_other_channel', 'placement'],
    ['older than the history', { at: NOW - 100 * DAY - 1 }, 'too_late', 'at'],
    ['planned further ahead', { at: NOW + 400 * DAY + 1 }, 'invalid_request', 'at'],
    [
      'seen before its time',
      { at: NOW + 5 * MINUTE + 1, outcomes: [{ type: 'impression', at: NOW + 1 }] },
      'invalid_request',
      'at',
    ],
    [
      'clicked in the future',
      { at: NOW, outcomes: [{ type: 'sent' }, { type: 'click', at: NOW + 5 * MINUTE + 1 }] },
      'invalid_request',
      'outcomes/1/at',
    ],
    [
      'clicked before it was made',
      { at: NOW - DAY, outcomes: [{ type: 'click', at: NOW - DAY - 5 * MINUTE - 1 }] },
      'invalid_request',
      'outcomes/0/at',
    ],
    [
      'called off in times of which nothing is kept',
      { at: NOW, outcomes: [{ type: 'cancelled', at: 1 }] },
      'too_late',
      'outcomes/0/at',
    ],
    [
      'to be waited for after a click',
      { outcomes: [{ type: 'click', until: NOW + DAY }] },
      'invalid_request',
      'outcomes/0/until',
    ],
    [
      'put off until now',
      { outcomes: [{ type: 'later', until: NOW }] },
      'invalid_request',
      'outcomes/0/until',
    ],
    [
      'put off further than anybody plans',
      { outcomes: [{ type: 'later', until: NOW + 400 * DAY + 1 }] },
      'invalid_request',
      'outcomes/0/until',
    ],
  ])('is refused when it is %s', async (_, fields, code, place) => {
    const { recorded, calls } = await record(fields)
    expect(recorded).toEqual([
      {
        status: 'refused',
        code,
        faults: [{ place: `/contacts/0/${place}`, what: expect.any(String), remedy: expect.any(String) }],
      },
    ])
    expect(calls).toBe(0)
  })

  it('is told all its faults at once, with the code of the first', async () => {
    const outcomes = [{ type: 'click', at: NOW + DAY, until: NOW }] as const
    const [refused] = (await record({ channel: 'fax', placement: 'roof', at: NOW + DAY, outcomes })).recorded
    expect(refused).toMatchObject({
      code: 'unknown_channel',
      faults: ['channel', 'placement', 'at', 'outcomes/0/at', 'outcomes/0/until'].map((place) => ({
        place: `/contacts/0/${place}`,
      })),
    })
  })

  it('is not told twice that its channel is wrong', async () => {
    const [refused] = (await record({ channel: 'fax', placement: 'hero' })).recorded
    expect(refused).toMatchObject({ faults: [{ place: '/contacts/0/channel' }] })
  })
})

describe('many contacts that are told', () => {
  it('end each for itself, and the right ones are recorded in one call', async () => {
    const { recorded, calls, told } = await record(
      { id: 'a' },
      { id: 'b', channel: 'fax' },
      { id: 'old' },
      { id: 'c', placement: 'roof' },
      { id: 'd' },
    )
    expect(recorded.map(({ status }) => status)).toEqual([
      ...['accepted', 'refused', 'duplicate', 'refused', 'accepted'],
    ])
    expect(recorded[3]).toMatchObject({ faults: [{ place: '/contacts/3/placement' }] })
    expect(calls).toBe(1)
    expect(told.map(({ ref }) => ref)).toEqual(['a', 'old', 'd'].map((id) => sha256Hex(id).slice(0, 16)))
  })

  it('fail together when the store does', async () => {
    const recordContacts = makeRecordContacts(
      {
        async recordContacts() {
          throw failure('store_unavailable', 'store', 'it failed', 'mend it')
        },
      },
      () => catalogue,
      () => NOW,
    )
    const telling = recordContacts([{ id: 'a', subject: anna, channel: 'web' }])
    await expect(telling).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})
