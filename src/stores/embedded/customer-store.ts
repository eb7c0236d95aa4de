import { createHmac } from 'node:crypto'
import { type EmmaError, failure } from '../../domain/errors.ts'
import { type FeatureSet, packVector, unpackVector } from '../../domain/feature-set.ts'
import type { CustomerId } from '../../domain/ids.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import type { CustomerStore, FeatureLoader } from '../../ports/customer-store.ts'
import { decodeProfile, encodeProfile } from '../profile-codec.ts'
import { makeCatalogueStore } from './catalogue-store.ts'
import { type OpenedEnvironment, openEnvironment } from './environment.ts'
import { makeFeatureLoader } from './feature-loader.ts'
import { makeFeatureSets } from './feature-sets.ts'
import { guarded } from './guarded.ts'
import { personOf, profileKey, vectorKey } from './keys.ts'
import { sampleCustomers } from './sample.ts'

export interface EmbeddedStore extends CustomerStore {
  readonly loader: FeatureLoader
  readonly catalogues: CatalogueStore
}

/** Opens the embedded store in a folder. @throws EmmaError, see {@link openEnvironment} */
export async function openEmbeddedStore(folder: string, secret: string | undefined): Promise<EmbeddedStore> {
  return makeStore(await openEnvironment(folder, secret))
}

function makeStore({ db, secret }: OpenedEnvironment): EmbeddedStore {
  const featureSets = makeFeatureSets(db)
  const person = (id: CustomerId) => personOf(secret, id)
  const currentSet = (): FeatureSet | null => featureSets.current()?.set ?? null

  return {
    person,
    hmac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    featureSet: () => guarded(currentSet),
    gatherAnonymous: () =>
      guarded(
        (): StoredCustomer => ({
          profile: null,
          featureSet: currentSet(),
          vector: null,
          vectorDamaged: false,
        }),
      ),
    gather: (id) =>
      guarded((): StoredCustomer => {
        const who = person(id)
        const featureSet = currentSet()
        const profile = db.get(profileKey(who))
        const packed = featureSet === null ? undefined : db.get(vectorKey(featureSet.manifest.version, who))
        const vector = packed === undefined ? null : unpackVector(featureSet!, packed)
        const damaged = typeof vector === 'string'
        return {
          profile: profile === undefined ? null : decodeProfile(profile),
          featureSet,
          vector: damaged ? null : vector,
          vectorDamaged: damaged,
        }
      }),
    upsert: (id, change, at, checkedAgainst) =>
      guarded(() =>
        db.transaction(() => {
          const who = person(id)
          const old = db.get(profileKey(who))
          const attributes = {
            ...(old === undefined ? {} : decodeProfile(old).attributes),
            ...change.attributes,
          }
          if (change.features !== undefined) {
            const set = currentSet()
            if (set === null || set.manifest.version !== checkedAgainst?.manifest.version)
              throw switchedMeanwhile()
            const key = vectorKey(set.manifest.version, who)
            const packed = db.get(key)
            const stored = packed === undefined ? null : unpackVector(set, packed)
            const values = stored instanceof Float32Array ? stored : set.defaults.slice()
            for (const [index, value] of change.features) values[index] = value
            void db.put(key, packVector(set, values))
          }
          void db.put(profileKey(who), encodeProfile({ attributes, updatedAt: at }))
        }),
      ),
    sample: (limit) => guarded(() => sampleCustomers(db, featureSets, limit)),
    loader: makeFeatureLoader(db, person, featureSets, guarded),
    catalogues: makeCatalogueStore(db, guarded),
    close: () => db.close(),
  }
}

function switchedMeanwhile(): EmmaError {
  return failure(
    'features_invalid',
    '/features',
    'the feature set was switched meanwhile',
    'send the request again',
  )
}
