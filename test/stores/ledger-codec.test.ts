import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contact, ContactDay, ContactFacts, ContactLedger } from '../../src/domain/contact.ts'
import { MOST_OUTCOMES } from '../../src/domain/ledger.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { decodeLedger, encodeLedger } from '../../src/stores/ledger-codec.ts'
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
    expect(hex({ contacts: [contact({ outcomes })], days })).toBe(
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
    )
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

  it('is small: 19 bytes a contact, 7 an outcome, none for an empty one', () => {
    expect(size({ contacts: [], days: [] })).toBe(0)
    expect(size(ledger(contact(), contact())) - size(ledger(contact()))).toBe(19)
    const clicked = contact({ outcomes: [{ type: 'click', at: 1 }] })
    expect(size(ledger(clicked)) - size(ledger(contact()))).toBe(7)
    const waiting = contact({ outcomes: [{ type: 'later', at: 1, until: 2 }] })
    expect(size(ledger(waiting)) - size(ledger(clicked))).toBe(6)
    expect(size({ contacts: [], days: [day()] })).toBe(4 + 9)
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
    ['256 outcomes', ledger(contact({ outcomes: Array(256).fill({ type: 'click', at: 1 }) }))],
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
    clicked[4 + 19] = OUTCOMES.length
    expect(() => decodeLedger(clicked, () => FACTS)).toThrow('no outcome of this number')
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
    twice[4 + 9 + 3] = twice[4 + 9]!
    expect(() => decodeLedger(twice, () => FACTS)).toThrow('twice')
  })
})
