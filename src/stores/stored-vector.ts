import { type FeatureSet, unpackVector } from '../domain/feature-set.ts'
import type { StoredCustomer } from '../domain/profile.ts'

export type StoredVector = Pick<StoredCustomer, 'vector' | 'vectorDamaged'>

export const NO_VECTOR: StoredVector = { vector: null, vectorDamaged: false }

/** What a packed vector of a set says; undefined where none is stored. */
export function storedVector(set: FeatureSet, packed: Uint8Array | undefined): StoredVector {
  if (packed === undefined) return NO_VECTOR
  const vector = unpackVector(set, packed)
  return typeof vector === 'string' ? { vector: null, vectorDamaged: true } : { vector, vectorDamaged: false }
}
