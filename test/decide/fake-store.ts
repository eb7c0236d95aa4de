import { createHmac } from 'node:crypto'
import { normalAddress } from '../../src/domain/address.ts'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { failure } from '../../src/domain/errors.ts'
import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import { NOTHING_STORED, type StoredCustomer } from '../../src/domain/profile.ts'
import type { CustomerStore, Subject } from '../../src/ports/customer-store.ts'
import type { DecisionStore, Grant } from '../../src/ports/decision-store.ts'

/** A set of two features, `orders` and `recency`; a stranger has 0 and 365. */
export const FEATURE_SET: FeatureSet = compileFeatureSet({
  format: 'emma-features/1',
  name: 'test',
  version: '0123456789abcdef',
  asOf: '2026-11-01',
  source: 'by hand',
  rows: 1,
  data: 'features.csv',
  key: 'customer',
  dimensions: [],
  features: [
    { name: 'orders', storage: 'u8', unit: 'orders', default: 0, meaning: 'how many' },
    { name: 'recency', storage: 'f32', unit: 'days', default: 365, meaning: 'days since the last' },
  ],
})

export interface FakeStoreSetup {
  readonly customers?: Readonly<Record<string, Partial<StoredCustomer>>>
  /** Visitors by the id of their session. */
  readonly sessions?: Readonly<Record<string, Partial<StoredCustomer>>>
  /** What was said of addresses, by the address as it is asked with. */
  readonly addresses?: Readonly<Record<string, readonly ConsentStatement[]>>
  readonly featureSet?: FeatureSet | null
  /** What its clock says; ten o’clock in Berlin on 1 November 2026 unless told otherwise. */
  readonly readAt?: number
  /** Ids of volumes of which nothing is left. */
  readonly soldOut?: readonly string[]
  /** Units of volumes by id: what takes more is not granted. Of others there are plenty. */
  readonly unitsLeft?: Readonly<Record<string, number>>
  /** Told of what is granted: everything that there are units for. */
  readonly onCommit?: (grant: Grant) => void
  /** Every read fails. */
  readonly broken?: boolean
}

/** A store in memory, to be read only: what is granted is told, and nothing is written. Its persons and HMACs are as secret as this line. */
export function makeFakeStore(setup: FakeStoreSetup = {}): CustomerStore & DecisionStore {
  const { customers = {}, sessions = {}, addresses = {}, featureSet = FEATURE_SET, broken = false } = setup
  const { readAt = Date.parse('2026-11-01T09:00:00Z'), soldOut = [], unitsLeft = {} } = setup
  const hmac = (text: string) => createHmac('sha256', 'test').update(text).digest('hex')
  const addressKey = (address: string) => hmac(`address\n${normalAddress(address)}`)
  const storedOf = (subject: Subject | null) => {
    if (subject === null) return undefined
    return 'customer' in subject ? own(customers, subject.customer) : own(sessions, subject.session)
  }
  const writesNothing = async () => {
    throw new Error('a decision writes nothing')
  }
  return {
    person: (id) => ({ key: hmac(id), bucket: Number.parseInt(hmac(id).slice(0, 4), 16) % 1024 }),
    visitor: (sessionId) => ({ key: hmac(sessionId), bucket: 1 }),
    hmac,
    featureSet: async () => featureSet,
    gather: async (subject, address) => {
      if (broken) throw failure('store_unavailable', 'memory', 'the store failed', 'mend it')
      const of = Object.entries(addresses).filter(
        ([one]) => address !== undefined && addressKey(one) === addressKey(address),
      )
      const addressConsents = of.flatMap(([, statements]) => statements)
      const stored = { ...NOTHING_STORED, featureSet, addressConsents, ...storedOf(subject) }
      return { ...stored, readAt, basis: { record: '', holds: '' } }
    },
    addressKey,
    upsert: writesNothing,
    recordContacts: writesNothing,
    recordConsents: writesNothing,
    sample: async () => [],
    commit: async (grant) => {
      const tooFew = Object.entries(unitsLeft).find(
        ([volume, left]) => grant.takes.filter((take) => take.volume === volume).length > left,
      )
      if (tooFew !== undefined) return { result: 'sold_out', volume: tooFew[0] }
      setup.onCommit?.(grant)
      return { result: 'granted', sequence: 1 }
    },
    soldOut: () => new Set([...soldOut, ...Object.keys(unitsLeft).filter((id) => unitsLeft[id] === 0)]),
    recordOutcomes: writesNothing,
    sweep: async () => ({ expired: 0 }),
    volumeAccount: async () => ({ used: 0, leased: 0 }),
    close: async () => {},
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
