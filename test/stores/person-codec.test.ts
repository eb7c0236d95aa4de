import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { EMPTY_LEDGER } from '../../src/domain/contact.ts'
import {
  decodePerson,
  decodeStatements,
  EMPTY_RECORD,
  encodePerson,
  encodeStatements,
  expiryOf,
  type PersonRecord,
  stateOf,
} from '../../src/stores/person-codec.ts'
import { seal } from '../../src/stores/sealed.ts'
import { anyLedger, makeFactNumbers } from './any-ledger.ts'

const anyStatement: fc.Arbitrary<ConsentStatement> = fc.record({
  purpose: fc.option(fc.string()),
  channel: fc.option(fc.string()),
  address: fc.option(fc.string()),
  state: fc.constantFrom('granted', 'refused'),
  at: fc.option(fc.integer()),
  toldAt: fc.integer(),
})
const anyRecord: fc.Arbitrary<PersonRecord> = fc.record({
  profile: fc.option(
    fc.record({
      attributes: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
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
      updatedAt: fc.nat(),
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

  it('is read as the release before wrote him: without a revision', () => {
    const head = Buffer.alloc(10)
    head.writeUIntBE(77, 0, 6)
    expect(decodePerson(seal(2, [head]), numbers)).toEqual({ ...EMPTY_RECORD, expiresAt: 77 })
    expect(expiryOf(seal(2, [head]))).toBe(77)
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
