import type { FeatureSet } from '../../domain/feature-set.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import { BUCKETS } from '../../ports/customer-store.ts'
import { personIn, profileKey, profileRange, vectorRange } from '../keys.ts'
import { decodePerson, EMPTY_RECORD, type FactNumbers } from '../person-codec.ts'
import type { Environment } from './environment.ts'
import { readVector } from './vectors.ts'

/**
 * Some customers, without their ids. Persons are spread over buckets by a hash, so those of the first buckets are a
 * sample like any other, and the same one each time.
 */
export function sampleCustomers(
  db: Environment,
  featureSet: FeatureSet | null,
  facts: Pick<FactNumbers, 'factsOf'>,
  limit: number,
): StoredCustomer[] {
  const sample: StoredCustomer[] = []
  for (let bucket = 0; bucket < BUCKETS && sample.length < limit; bucket++) {
    const ranges = [profileRange(bucket)]
    if (featureSet !== null) ranges.push(vectorRange(featureSet.manifest.version, bucket))
    const keys = new Set(ranges.flatMap((range) => [...db.getKeys(range)].map(personIn)))
    for (const key of keys) {
      if (sample.length === limit) break
      const who = { key, bucket }
      const bytes = db.get(profileKey(who))
      const { profile, ledger } = bytes === undefined ? EMPTY_RECORD : decodePerson(bytes, facts)
      sample.push({
        profile,
        ledger,
        holds: [],
        addressConsents: [],
        featureSet,
        ...readVector(db, featureSet, who),
      })
    }
  }
  return sample
}
