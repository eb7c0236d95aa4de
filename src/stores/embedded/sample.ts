import { unpackVector } from '../../domain/feature-set.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import { decodeProfile } from '../profile-codec.ts'
import type { Environment } from './environment.ts'
import type { makeFeatureSets } from './feature-sets.ts'
import { BUCKETS, personIn, profileKey, profileRange, vectorKey, vectorRange } from './keys.ts'

/**
 * Some customers, without their ids. Persons are spread over buckets by a hash, so those of the first buckets are a
 * sample like any other, and the same one each time.
 */
export function sampleCustomers(
  db: Environment,
  featureSets: ReturnType<typeof makeFeatureSets>,
  limit: number,
): StoredCustomer[] {
  const featureSet = featureSets.current()?.set ?? null
  const sample: StoredCustomer[] = []
  for (let bucket = 0; bucket < BUCKETS && sample.length < limit; bucket++) {
    const ranges = [profileRange(bucket)]
    if (featureSet !== null) ranges.push(vectorRange(featureSet.manifest.version, bucket))
    const keys = new Set(ranges.flatMap((range) => [...db.getKeys(range)].map(personIn)))
    for (const key of keys) {
      if (sample.length === limit) break
      const who = { key, bucket }
      const profile = db.get(profileKey(who))
      const packed = featureSet === null ? undefined : db.get(vectorKey(featureSet.manifest.version, who))
      const vector = packed === undefined ? null : unpackVector(featureSet!, packed)
      sample.push({
        profile: profile === undefined ? null : decodeProfile(profile),
        featureSet,
        vector: typeof vector === 'string' ? null : vector,
        vectorDamaged: typeof vector === 'string',
      })
    }
  }
  return sample
}
