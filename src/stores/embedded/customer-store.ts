import { createHmac } from 'node:crypto'
import type { FeatureSet } from '../../domain/feature-set.ts'
import type { CustomerId } from '../../domain/ids.ts'
import { NOTHING_STORED } from '../../domain/profile.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CustomerStore, FeatureLoader, Gathered } from '../../ports/customer-store.ts'
import { addressOf, personOf, sessionOf } from '../keys.ts'
import { decodePerson, EMPTY_RECORD } from '../person-codec.ts'
import { NO_VECTOR } from '../stored-vector.ts'
import { hasExpired, personFor, recordKey } from '../subjects.ts'
import { readStatements } from './address-drafts.ts'
import { makeCatalogueStore } from './catalogue-store.ts'
import { type OpenedEnvironment, openEnvironment } from './environment.ts'
import { makeFactsDictionary } from './facts-dictionary.ts'
import { makeFeatureLoader } from './feature-loader.ts'
import { makeFeatureSets } from './feature-sets.ts'
import { guarded } from './guarded.ts'
import { sampleCustomers } from './sample.ts'
import { makeSessionExpiry } from './session-expiry.ts'
import { makeTelling } from './telling.ts'
import { makeUpsert } from './upsert.ts'
import { readVector } from './vectors.ts'

export interface EmbeddedStore extends CustomerStore {
  readonly loader: FeatureLoader
  readonly catalogues: CatalogueStore
}

/**
 * Opens the embedded store in a folder.
 * @param clock - tells which sessions have expired when they are read
 * @throws EmmaError, see {@link openEnvironment}
 */
export async function openEmbeddedStore(
  folder: string,
  secret: string | undefined,
  clock: Clock = Date.now,
): Promise<EmbeddedStore> {
  return makeStore(await openEnvironment(folder, secret), clock)
}

function makeStore({ db, secret }: OpenedEnvironment, clock: Clock): EmbeddedStore {
  const featureSets = makeFeatureSets(db)
  const facts = makeFactsDictionary(db)
  const person = (id: CustomerId) => personOf(secret, id)
  const currentSet = (): FeatureSet | null => featureSets.current()?.set ?? null
  const parts = { db, secret, facts, sessionExpiry: makeSessionExpiry(db) }
  const telling = makeTelling(parts)
  const upsert = makeUpsert(parts, currentSet)

  return {
    person,
    visitor: (sessionId) => sessionOf(secret, sessionId),
    hmac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    featureSet: () => guarded(currentSet),
    addressKey: (address) => addressOf(secret, address).key,
    gather: (subject, address) =>
      guarded((): Gathered => {
        const readAt = clock()
        const basis = { record: '', holds: '' }
        const featureSet = currentSet()
        const addressConsents = address === undefined ? [] : readStatements(db, addressOf(secret, address))
        if (subject === null) return { ...NOTHING_STORED, featureSet, addressConsents, readAt, basis }
        const who = personFor(secret, subject)
        const bytes = db.get(recordKey(subject, who))
        const stored = bytes === undefined ? EMPTY_RECORD : decodePerson(bytes, facts)
        const { profile, ledger } = hasExpired(stored, readAt) ? EMPTY_RECORD : stored
        const vector = 'customer' in subject ? readVector(db, featureSet, who) : NO_VECTOR
        return { profile, ledger, holds: [], addressConsents, featureSet, ...vector, readAt, basis }
      }),
    upsert: (...change) => guarded(() => upsert(...change)),
    recordContacts: (...told) => guarded(() => telling.recordContacts(...told)),
    recordConsents: (...told) => guarded(() => telling.recordConsents(...told)),
    sample: (limit) => guarded(() => sampleCustomers(db, currentSet(), facts, limit)),
    loader: makeFeatureLoader(db, person, featureSets, guarded),
    catalogues: makeCatalogueStore(db, guarded),
    close: () => db.close(),
  }
}
