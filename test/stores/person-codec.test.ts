import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { type ContactFacts, EMPTY_LEDGER } from '../../src/domain/contact.ts'
import {
  decodePerson,
  decodeStatements,
  EMPTY_RECORD,
  encodePerson,
  encodeStatements,
  expiryOf,
  factsIn,
  type PersonRecord,
  stateOf,
} from '../../src/stores/person-codec.ts'
import { nameAsFacts } from '../../src/stores/profile-codec.ts'
import { seal } from '../../src/stores/sealed.ts'
import { anyLedger, makeFactNumbers } from './any-ledger.ts'

const anyKey = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constant('ä'.repeat(120)),
  fc.constant('\ud83d'),
)
const anyNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const anyStatement: fc.Arbitrary<ConsentStatement> = fc.record({
  purpose: fc.option(fc.string()),
  channel: fc.option(fc.string()),
  address: fc.option(fc.oneof(fc.string(), anyKey)),
  state: fc.constantFrom('granted', 'refused'),
  at: fc.option(fc.integer()),
  toldAt: fc.integer(),
})
const anyRecord: fc.Arbitrary<PersonRecord> = fc.record({
  profile: fc.option(
    fc.record({
      attributes: fc.dictionary(
        fc.oneof(fc.string(), fc.constant('__proto__')),
        fc.oneof(anyText, fc.boolean(), anyNumber),
      ),
      preferences: fc.record(
        {
          timeZone: fc.string(),
          refusedTopics: fc.array(fc.string()),
          pace: fc.array(fc.record({ max: fc.nat(), window: fc.constant('7d') })),
          pauses: fc.array(fc.record({ channel: fc.string(), until: fc.nat() }, { requiredKeys: [] })),
        },
        { requiredKeys: [] },
      ),
      consents: fc.array(anyStatement),
      updatedAt: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 48 })),
    }),
  ),
  ledger: anyLedger,
  expiresAt: fc.option(fc.integer({ min: 1, max: 2 ** 48 - 1 })),
  revision: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})
const numbers = makeFactNumbers()
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

describe('a person as bytes', () => {
  it('comes back as he was', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = encodePerson(record, numbers)
        const back = decodePerson(bytes, numbers)
        expect(plain(back.profile)).toEqual(plain(record.profile))
        expect(back.ledger).toEqual(record.ledger)
        expect(back.expiresAt).toBe(record.expiresAt)
        expect(expiryOf(bytes)).toBe(record.expiresAt)
        expect(back.revision).toBe(record.revision)
        const next = encodePerson({ ...record, revision: (record.revision + 1) % 2 ** 32 }, numbers)
        expect(stateOf(next)).not.toBe(stateOf(bytes))
      }),
    )
    expect(decodePerson(encodePerson(EMPTY_RECORD, numbers), numbers)).toEqual(EMPTY_RECORD)
  })

  it('is read from a view into other bytes, and is not changed by reading', () => {
    const record = { ...EMPTY_RECORD, expiresAt: 77 }
    const bytes = encodePerson(record, numbers)
    const around = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')])
    const view = new Uint8Array(around.buffer, around.byteOffset + 6, bytes.length)
    expect(decodePerson(view, numbers)).toEqual(record)
    expect(Buffer.from(view).equals(bytes)).toBe(true)
  })

  it('never comes back as somebody else when any of its bytes is another, or it is cut short', () => {
    const flip = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(anyRecord, flip, ({ ...record }, [where, by]) => {
        const bytes = Buffer.from(encodePerson(record, numbers))
        bytes[where % bytes.length]! ^= by
        expect(() => decodePerson(bytes, numbers)).toThrow()
      }),
    )
    const bytes = encodePerson({ ...EMPTY_RECORD, expiresAt: 5 }, numbers)
    for (let i = 0; i < bytes.length; i++) {
      expect(() => decodePerson(bytes.subarray(0, i), numbers)).toThrow()
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(bytes)
        flipped[i]! ^= 1 << bit
        expect(() => decodePerson(flipped, numbers), `bit ${bit} of byte ${i}`).toThrow()
        expect(() => expiryOf(flipped)).toThrow()
      }
    }
    expect(() => decodePerson(Buffer.concat([bytes, Uint8Array.of(0)]), numbers)).toThrow()
  })

  it('is read as the release before wrote him: JSON alone', () => {
    const old = Buffer.from('\u0001{"attributes":{"age":41,"name":"Änne"},"updatedAt":1793534400000}')
    expect(decodePerson(old, numbers)).toEqual({
      profile: {
        attributes: { age: 41, name: 'Änne' },
        preferences: {},
        consents: [],
        updatedAt: 1_793_534_400_000,
      },
      ledger: EMPTY_LEDGER,
      expiresAt: null,
      revision: 0,
    })
    for (const broken of [
      '\u0001',
      '\u0001{}',
      '\u0001{"attributes":{}',
      '\u0001null',
      '\u0001{"attributes":1,"updatedAt":2}',
    ])
      expect(() => decodePerson(Buffer.from(broken), numbers)).toThrow()
  })

  it('is read as the release before wrote him: the profile as JSON, without a revision', () => {
    const head = Buffer.alloc(10)
    head.writeUIntBE(77, 0, 6)
    expect(decodePerson(seal(2, [head]), numbers)).toEqual({ ...EMPTY_RECORD, expiresAt: 77 })
    expect(expiryOf(seal(2, [head]))).toBe(77)
    const facts = { ...nameAsFacts('web'), tier: 'marketing' as const, kind: 'offer' as const }
    const number = numbers.numberOf(facts).toString(16).padStart(8, '0')
    const ledger = Buffer.from(`0000000101a196fb1600${number}00112233445566ff00`, 'hex')
    const json = Buffer.from('{"attributes":{"age":41},"preferences":{},"consents":[],"updatedAt":9}')
    const older = Buffer.alloc(10)
    older.writeUInt32BE(json.length, 6)
    const contact = { facts, ref: '00112233445566ff', at: 1_793_534_400_000, heldUntil: null, outcomes: [] }
    expect(decodePerson(seal(2, [older, json, ledger]), numbers)).toEqual({
      profile: { attributes: { age: 41 }, preferences: {}, consents: [], updatedAt: 9 },
      ledger: { contacts: [contact], days: [] },
      expiresAt: null,
      revision: 0,
    })
    expect(() => decodePerson(seal(2, [older, json.subarray(1), ledger.subarray(0, 3)]), numbers)).toThrow()
  })

  it('is written byte by byte as this, for every release to come', () => {
    const named = makeFactNumbers()
    for (const name of ['age', 'vip', 'city', 'marketing', 'email']) named.numberOf(nameAsFacts(name))
    const profile = {
      attributes: { age: 41, vip: true, city: 'Köln' },
      preferences: {},
      consents: [
        {
          purpose: 'marketing',
          channel: 'email',
          address: 'AAAAAAAAAAAAAAAAAAAAAA',
          state: 'refused' as const,
          at: 990,
          toldAt: 1010,
        },
      ],
      updatedAt: 1000,
    }
    const record = { ...EMPTY_RECORD, profile, expiresAt: 77, revision: 258 }
    const bytes = Buffer.from(encodePerson(record, named))
    expect(bytes[0]).toBe(3)
    expect(bytes.subarray(5).toString('hex')).toBe(
      '00000102' +
        '03' +
        '00000000004d' + // revision, expiry and profile follow, expiry
        'd00f' +
        '00' + // when it was changed, no preferences
        '03' +
        '00' +
        '0429' + // three attributes: 41 years
        '01' +
        '01' + // very important
        '02' +
        '15' +
        '4bc3b66c6e' + // from Köln
        '01' +
        '3f' +
        '03' +
        '04' +
        '00'.repeat(16) + // one statement: refused, for marketing, by e-mail, at this address
        '14' +
        '28', // told 10 ms after the change, made 20 ms before it was told
    )
    expect(decodePerson(bytes, named)).toEqual(record)
  })

  it('is small: 442 bytes with 20 contacts that were seen, 5 attributes and 3 statements', () => {
    const named = makeFactNumbers()
    for (let i = 0; i < 900; i++) named.numberOf(nameAsFacts(`other-${i}`))
    const at = 1_793_534_400_000
    const record: PersonRecord = {
      profile: {
        attributes: {
          age: 41,
          country: 'DE',
          firstName: 'Annegret',
          openComplaint: false,
          loyaltyTier: 'gold',
        },
        preferences: {},
        consents: [
          {
            purpose: 'marketing',
            channel: 'email',
            address: null,
            state: 'granted',
            at: at - 5e9,
            toldAt: at,
          },
          { purpose: 'marketing', channel: 'phone', address: null, state: 'refused', at: null, toldAt: at },
          {
            purpose: 'personalisation',
            channel: null,
            address: null,
            state: 'granted',
            at: at - 5e9,
            toldAt: at,
          },
        ],
        updatedAt: at + 86_400_000,
      },
      ledger: {
        contacts: Array.from({ length: 20 }, (_, i) => ({
          facts: { ...nameAsFacts('web'), action: `action-${i}`, tier: 'marketing', kind: 'offer' },
          ref: i.toString(16).padStart(16, 'f'),
          at: at + i * 4.5 * 86_400_000,
          heldUntil: null,
          outcomes: [{ type: 'impression', at: at + i * 4.5 * 86_400_000 + 1000 + i * 3000 }],
        })),
        days: [],
      },
      expiresAt: null,
      revision: 41,
    }
    // Redis keeps up to 442 in a block of 448; one byte more would take one of 512.
    expect(encodePerson(record, named).length).toBeLessThanOrEqual(442)
    expect(decodePerson(encodePerson(record, named), named)).toEqual(record)
  })

  it('names all that it needs numbers for', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const [asked, told] = [
          new Set<string>(),
          new Set(factsIn(record).map((facts) => JSON.stringify(facts))),
        ]
        const numberOf = (facts: ContactFacts) => asked.add(JSON.stringify(facts)).size
        encodePerson(record, { numberOf })
        expect(told).toEqual(asked)
      }),
    )
  })

  it('is of no format that is to come', () => {
    expect(() => decodePerson(Uint8Array.of(9, 0, 0), numbers)).toThrow('format 9 is not known')
  })
})

describe('statements as bytes', () => {
  it('come back as they were, or not at all', () => {
    fc.assert(
      fc.property(fc.array(anyStatement), fc.nat(), (statements, where) => {
        const bytes = Buffer.from(encodeStatements(statements))
        expect(decodeStatements(bytes)).toEqual(statements)
        bytes[where % bytes.length]! ^= 0x11
        expect(() => decodeStatements(bytes)).toThrow()
      }),
    )
  })
})
