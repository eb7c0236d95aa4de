import { createHmac } from 'node:crypto'
import { failure } from '../../src/domain/errors.ts'
import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import type { StoredCustomer } from '../../src/domain/profile.ts'
import type { CustomerStore } from '../../src/ports/customer-store.ts'

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
  readonly featureSet?: FeatureSet | null
  /** Every read fails. */
  readonly broken?: boolean
}

/** A customer store in memory, to be read only. Its persons and HMACs are as secret as this line. */
export function makeFakeStore(setup: FakeStoreSetup = {}): CustomerStore {
  const { customers = {}, featureSet = FEATURE_SET, broken = false } = setup
  const hmac = (text: string) => createHmac('sha256', 'test').update(text).digest('hex')
  const read = (customer: Partial<StoredCustomer> = {}): StoredCustomer => {
    if (broken) throw failure('store_unavailable', 'memory', 'the store failed', 'mend it')
    return { profile: null, featureSet, vector: null, vectorDamaged: false, ...customer }
  }
  return {
    person: (id) => ({ key: hmac(id), bucket: Number.parseInt(hmac(id).slice(0, 4), 16) % 1024 }),
    hmac,
    featureSet: async () => featureSet,
    gather: async (id) => read(Object.hasOwn(customers, id) ? customers[id] : undefined),
    gatherAnonymous: async () => read(),
    upsert: async () => {
      throw new Error('a decision writes nothing')
    },
    sample: async () => [],
    close: async () => {},
  }
}
