import { type FeatureSet, unpackVector } from '../../domain/feature-set.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import type { Person } from '../../ports/customer-store.ts'
import { vectorKey } from '../keys.ts'
import type { Environment } from './environment.ts'

export type StoredVector = Pick<StoredCustomer, 'vector' | 'vectorDamaged'>

export const NO_VECTOR: StoredVector = { vector: null, vectorDamaged: false }

/** A customer’s vector of the set in use. */
export function readVector(db: Environment, set: FeatureSet | null, person: Person): StoredVector {
  const packed = set === null ? undefined : db.get(vectorKey(set.manifest.version, person))
  if (packed === undefined) return NO_VECTOR
  const vector = unpackVector(set!, packed)
  return typeof vector === 'string' ? { vector: null, vectorDamaged: true } : { vector, vectorDamaged: false }
}
