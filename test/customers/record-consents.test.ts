import { describe, expect, it } from 'vitest'
import { makeRecordConsents, type WantedConsent } from '../../src/customers/record-consents.ts'
import { PERSONALISATION } from '../../src/domain/consent.ts'
import type { ToldConsent } from '../../src/ports/customer-store.ts'
import { anna, catalogue, DAY, MINUTE, NOW } from './told-shop.ts'

/** Records with a store that notes what it is given, and finds nothing new in what is granted. */
async function record(...wanted: Partial<WantedConsent>[]) {
  const calls: (readonly ToldConsent[])[] = []
  const recordConsents = makeRecordConsents(
    {
      async recordConsents(told) {
        calls.push(told)
        return told.map(({ statement }) => statement.state === 'refused')
      },
    },
    () => catalogue,
    () => NOW,
  )
  const recorded = await recordConsents(
    wanted.map((fields) => ({ subject: anna, state: 'refused', ...fields })),
  )
  return { recorded, calls, told: calls.flat() }
}

describe('a caller whose clock is ahead', () => {
  it('makes no statement that a later one could not outweigh', async () => {
    const { told } = await record({ state: 'granted', at: NOW + 4 * MINUTE })
    expect(told[0]!.statement.at).toBe(NOW)
  })
})

describe('a statement of consent that is told', () => {
  it('means everything that it does not name, and has a date only when it is told one', async () => {
    expect((await record({})).told).toEqual([
      {
        subject: anna,
        statement: {
          purpose: null,
          channel: null,
          address: null,
          state: 'refused',
          at: null,
          toldAt: NOW,
        },
      },
    ])
  })

  it('keeps all that it names', async () => {
    const named = {
      purpose: 'advertising',
      channel: 'email',
      address: 'anna@example.org',
      state: 'granted',
      at: NOW - DAY,
    } as const
    expect((await record({ subject: null, ...named })).told).toEqual([
      { subject: null, statement: { ...named, toldAt: NOW } },
    ])
  })

  it.each<[string, Partial<WantedConsent>]>([
    ['for a purpose that every catalogue has', { purpose: PERSONALISATION }],
    ['older than any contact that is kept', { at: 1 }],
    ['made by a clock that goes fast', { at: NOW + 5 * MINUTE }],
  ])('may be %s', async (_, fields) => {
    expect((await record(fields)).recorded).toEqual([{ status: 'accepted' }])
  })

  it.each<[string, Partial<WantedConsent>, string, string]>([
    ['no purpose of the catalogue', { purpose: 'fun' }, 'unknown_purpose', 'purpose'],
    ['a purpose called like a built-in', { purpose: 'constructor' }, 'unknown_purpose', 'purpose'],
    ['no channel of the catalogue', { channel: 'fax' }, 'unknown_channel', 'channel'],
    ['the future', { at: NOW + 5 * MINUTE + 1 }, 'invalid_request', 'at'],
  ])('is refused when it is of %s', async (_, fields, code, place) => {
    const { recorded, calls } = await record(fields)
    expect(recorded).toEqual([
      {
        status: 'refused',
        code,
        faults: [{ place: `/consents/0/${place}`, what: expect.any(String), remedy: expect.any(String) }],
      },
    ])
    expect(calls).toEqual([])
  })
})

describe('many statements that are told', () => {
  it('end each for itself, and the right ones are recorded in one call', async () => {
    const { recorded, calls } = await record(
      { purpose: 'fun' },
      { channel: 'web' },
      { state: 'granted' },
      { channel: 'fax', at: NOW + DAY },
    )
    expect(recorded.map(({ status }) => status)).toEqual(['refused', 'accepted', 'duplicate', 'refused'])
    expect(recorded[3]).toMatchObject({
      code: 'unknown_channel',
      faults: [{ place: '/consents/3/channel' }, { place: '/consents/3/at' }],
    })
    expect(calls).toHaveLength(1)
    expect(calls[0]!.map(({ statement }) => statement.channel)).toEqual(['web', null])
  })
})
