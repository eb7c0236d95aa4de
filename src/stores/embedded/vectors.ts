import type { FeatureSet } from '../../domain/feature-set.ts'
import type { Person } from '../../ports/customer-store.ts'
import { vectorKey } from '../keys.ts'
import { NO_VECTOR, type StoredVector, storedVector } from '../stored-vector.ts'
import type { Environment } from './environment.ts'

/** A customer’s vector of the set in use. */
export function readVector(db: Environment, set: FeatureSet | null, person: Person): StoredVector {
  return set === null ? NO_VECTOR : storedVector(set, db.get(vectorKey(set.manifest.version, person)))
}
