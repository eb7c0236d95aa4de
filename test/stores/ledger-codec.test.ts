import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contact, ContactDay, ContactFacts, ContactLedger } from '../../src/domain/contact.ts'
import { MOST_OUTCOMES } from '../../src/domain/ledger.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { decodeLedger, encodeLedger } from '../../src/stores/ledger-codec.ts'
import { decodeOlderLedger } from '../../src/stores/older-ledger.ts'
import { anyLedger, makeFactNumbers } from './any-ledger.ts'

const FACTS: ContactFacts = {
  channel: 'web',
  placement: 'hero',
  action: undefined,
  group: undefined,
  tier: 'marketing',
  kind: 'offer',
}
const contact = (given: Partial<Contact> = {}): Contact => ({
  facts: FACTS,
  ref: '00112233445566ff',
  at: 1_793_534_400_000,
  heldUntil: null,
  outcomes: [],
  ...given,
})
const day = (given: Partial<ContactDay> = {}): ContactDay => ({
  facts: FACTS,
  day: 20_758,
  contacts: 1,
  outcomes: new Map(),
  ...given,
})
const ledger = (...contacts: Contact[]): ContactLedger => ({ contacts, days: [] })
const hex = (of: ContactLedger) => Buffer.from(encodeLedger(of, () => 7)).toString('hex')
const size = (of: ContactLedger) => encodeLedger(of, () => 7).length

describe('a ledger as bytes', () => {
  it('comes back as it was', () => {
    const numbers = makeFactNumbers()
    fc.assert(
      fc.property(anyLedger, (of) => {
        expect(decodeLedger(encodeLedger(of, numbers.numberOf), numbers.factsOf)).toEqual(of)
      }),
    )
  })

  it('is written byte by byte as these, for every release to come', () => {
    const outcomes = [
      { type: 'click' as const, at: 1_793_534_460_001 },
      { type: 'later' as const, at: 1_793_534_460_002, until: 1_796_126_400_000 },
    ]
    const days = [day({ contacts: 3, outcomes: new Map([['dismiss', 2]]) })]
    expect(hex({ contacts: [contact({ outcomes }), contact({ at: 1_793_534_400_258 })], days })).toBe(
      '00' +
        '000002' + // narrow times and facts, two contacts
        '00112233445566ff' +
        '00112233445566ff' + // their refs
        '01a196fb1600' +
        '0007' + // when, about what
        '93' +
        'ea61' + // a click a minute later, and more
        '55' +
        '0001' +
        '01a23179de00' + // then later, until
        '00000102' +
        '0007' +
        '0f' + // soon after the first, nothing came of it
        '0007' +
        '5116' +
        '0003' +
        '01' +
        '04' +
        '0002', // a day of three contacts, dismissed twice
    )
    expect(hex(ledger(contact({ at: 2 }), contact({ at: 1 })))).toBe(
      '01' +
        '000002' + // times on their own, as they are in no order
        '00112233445566ff'.repeat(2) +
        '000000000002' +
        '0007' +
        '0f' +
        '000000000001' +
        '0007' +
        '0f',
    )
    const numbered = Buffer.from(encodeLedger(ledger(contact({ at: 2 })), () => 65_536)).toString('hex')
    expect(numbered).toBe('02' + '000001' + '00112233445566ff' + '000000000002' + '00010000' + '0f')
  })

  it('comes back with all the outcomes that a contact can have', () => {
    const outcomes = Array.from({ length: MOST_OUTCOMES }, (_, i) => ({
      type: OUTCOMES[i % OUTCOMES.length]!,
      at: i,
    }))
    const of = ledger(contact({ outcomes }), contact())
    expect(
      decodeLedger(
        encodeLedger(of, () => 0),
        () => FACTS,
      ),
    ).toEqual(of)
  })

  it('numbers outcomes as stored ledgers do: append only', () => {
    expect(OUTCOMES).toEqual([
      ...['sent', 'presented', 'impression', 'click', 'dismiss', 'later', 'reject', 'accept', 'conversion'],
      ...['return', 'bounced', 'failed', 'notShown', 'cancelled'],
    ])
  })

  it('is small: 15 bytes a contact, 17 or 18 with what confirmed it, none for an empty one', () => {
    expect(size({ contacts: [], days: [] })).toBe(0)
    const other = contact({ at: contact().at + 49 * 86_400_000 })
    const more = (one: Contact) => size(ledger(contact(), one)) - size(ledger(contact()))
    expect(more(other)).toBe(15)
    const seenAfter = (ms: number) => ({
      ...other,
      outcomes: [{ type: 'impression' as const, at: other.at + ms }],
    })
    expect(more(seenAfter(0))).toBe(15)
    expect(more(seenAfter(65_535))).toBe(17)
    expect(more(seenAfter(65_536))).toBe(18)
    expect(more(seenAfter(2 ** 24 - 1))).toBe(18)
    expect(more(seenAfter(2 ** 24))).toBe(21)
    expect(more(seenAfter(-1))).toBe(21)
    const waiting = { ...other, outcomes: [{ type: 'later' as const, at: other.at, until: 2 }] }
    expect(more(waiting)).toBe(21)
    expect(size({ contacts: [], days: [day()] })).toBe(4 + 7)
  })

  it('counts at most 65,535 a day, and never again from nought', () => {
    const much = day({ contacts: 70_000, outcomes: new Map([['click', 1_000_000]]) })
    const back = decodeLedger(
      encodeLedger({ contacts: [], days: [much] }, () => 0),
      () => FACTS,
    )
    expect(back.days).toEqual([day({ contacts: 65_535, outcomes: new Map([['click', 65_535]]) })])
  })

  it.each<[string, ContactLedger]>([
    ['a hold', ledger(contact({ heldUntil: 1 }))],
    ['a ref of words', ledger(contact({ ref: 'newsletter-2026' }))],
    ['a ref that is too long', ledger(contact({ ref: '00112233445566ff00' }))],
    ['a moment before 1970', ledger(contact({ at: -1 }))],
    ['a moment beyond 48 bits', ledger(contact({ at: 2 ** 48 }))],
    ['an outcome of no name', ledger(contact({ outcomes: [{ type: 'seen' as 'sent', at: 1 }] }))],
    ['a day beyond 16 bits', { contacts: [], days: [day({ day: 65_536 })] }],
  ])('is not made of %s', (_, of) => {
    expect(() => encodeLedger(of, () => 0)).toThrow(RangeError)
  })

  it('is not read when it is cut short or has a byte more', () => {
    const numbers = makeFactNumbers()
    fc.assert(
      fc.property(anyLedger, fc.double({ min: 0, max: 1, noNaN: true }), (of, where) => {
        const whole = encodeLedger(of, numbers.numberOf)
        if (whole.length === 0) return
        const cut = Math.floor(where * (whole.length - 1))
        // A shorter one may be that of fewer days, but never one of the same.
        const same = (bytes: Uint8Array) => {
          try {
            expect(decodeLedger(bytes, numbers.factsOf)).not.toEqual(of)
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
          }
        }
        same(whole.subarray(0, cut))
        same(Buffer.concat([whole, Uint8Array.of(0)]))
      }),
    )
    const two = encodeLedger(ledger(contact(), contact()), () => 0)
    for (let length = 1; length < two.length; length++)
      expect(() => decodeLedger(two.subarray(0, length), () => FACTS)).toThrow()
    expect(() => decodeLedger(Buffer.concat([two, Uint8Array.of(0)]), () => FACTS)).toThrow()
  })

  it('is not read with an outcome or facts that nobody knows, or an outcome twice on a day', () => {
    const clicked = encodeLedger(ledger(contact({ outcomes: [{ type: 'click', at: 1 }] })), () => 0)
    clicked[4 + 8 + 6 + 2]! += OUTCOMES.length - OUTCOMES.indexOf('click')
    expect(() => decodeLedger(clicked, () => FACTS)).toThrow('no outcome of this number')
    const [wider] = encodeLedger(ledger(contact()), () => 0)
    expect(() => decodeLedger(Uint8Array.of(wider! | 4, 0, 0, 0), () => FACTS)).toThrow('width')
    const { factsOf } = makeFactNumbers()
    expect(() =>
      decodeLedger(
        encodeLedger(ledger(contact()), () => 3),
        factsOf,
      ),
    ).toThrow('no facts')
    const outcomes = new Map([
      ['click', 1],
      ['dismiss', 1],
    ] as const)
    const twice = encodeLedger({ contacts: [], days: [day({ outcomes })] }, () => 0)
    twice[4 + 7 + 3] = twice[4 + 7]!
    expect(() => decodeLedger(twice, () => FACTS)).toThrow('twice')
  })
})

describe('a ledger of the release before', () => {
  const bytes = Buffer.from(
    '00000001' + // contacts
      '01a196fb1600' +
      '00000007' +
      '00112233445566ff' +
      '02' + // when, about what, its ref, two outcomes
      '03' +
      '01a196fc0061' + // a click
      '85' +
      '01a196fc0062' +
      '01a23179de00' + // later, until
      '00000007' +
      '5116' +
      '0003' +
      '01' +
      '04' +
      '0002', // a day of three contacts, dismissed twice
    'hex',
  )

  it('is read', () => {
    const outcomes = [
      { type: 'click' as const, at: 1_793_534_460_001 },
      { type: 'later' as const, at: 1_793_534_460_002, until: 1_796_126_400_000 },
    ]
    const days = [day({ contacts: 3, outcomes: new Map([['dismiss', 2]]) })]
    expect(decodeOlderLedger(bytes, () => FACTS)).toEqual({ contacts: [contact({ outcomes })], days })
    expect(decodeOlderLedger(new Uint8Array(0), () => FACTS)).toEqual({ contacts: [], days: [] })
  })

  it('is not read when it is cut short, but at a day', () => {
    for (let length = 1; length < bytes.length; length++)
      if (length !== bytes.length - 12)
        expect(() => decodeOlderLedger(bytes.subarray(0, length), () => FACTS), `${length}`).toThrow()
  })
})
