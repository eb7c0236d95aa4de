import type { FeatureSet } from '../../domain/feature-set.ts'
import type { CustomerId } from '../../domain/ids.ts'
import { NOTHING_STORED } from '../../domain/profile.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CustomerStore, FeatureLoader, Gathered } from '../../ports/customer-store.ts'
import type { DecisionStore } from '../../ports/decision-store.ts'
import { addressOf, personOf, sessionOf } from '../keys.ts'
import { decodePerson, EMPTY_RECORD, stateOf } from '../person-codec.ts'
import { hmacHex } from '../pseudonym.ts'
import { NO_VECTOR } from '../stored-vector.ts'
import { hasExpired, holderFor, personFor, recordKey } from '../subjects.ts'
import { readStatements } from './address-drafts.ts'
import { makeCatalogueStore } from './catalogue-store.ts'
import { makeDecisionStore } from './decision-store.ts'
import { type OpenedEnvironment, openEnvironment } from './environment.ts'
import { makeFactsDictionary } from './facts-dictionary.ts'
import { makeFeatureLoader } from './feature-loader.ts'
import { makeFeatureSets } from './feature-sets.ts'
import { guarded } from './guarded.ts'
import { makeHeld } from './held.ts'
import { sampleCustomers } from './sample.ts'
import { makeSessionExpiry } from './session-expiry.ts'
import { makeTelling } from './telling.ts'
import { makeUnitCounters } from './unit-counters.ts'
import { makeUpsert } from './upsert.ts'
import { readVector } from './vectors.ts'

export interface EmbeddedStore extends CustomerStore, DecisionStore {
  readonly loader: FeatureLoader
  readonly catalogues: CatalogueStore
  /** How many keys there are, at no cost. */
  countKeys(): number
}

/**
 * Opens the embedded store in a folder.
 * @param clock - tells which sessions and holds have run out, and the moment that decisions are made for
 * @throws EmmaError, see {@link openEnvironment}
 */
export async function openEmbeddedStore(
  folder: string,
  secret: string | undefined,
  clock: Clock = Date.now,
): Promise<EmbeddedStore> {
  return makeStore(await openEnvironment(folder, secret), clock)
}

const NO_BASIS = { record: '', holds: '' }

function makeStore({ db, secret }: OpenedEnvironment, clock: Clock): EmbeddedStore {
  const featureSets = makeFeatureSets(db)
  const facts = makeFactsDictionary(db)
  const person = (id: CustomerId) => personOf(secret, id)
  const currentSet = (): FeatureSet | null => featureSets.current()?.set ?? null
  const parts = { db, secret, facts, sessionExpiry: makeSessionExpiry(db) }
  const held = makeHeld(db)
  const units = makeUnitCounters(db)
  const telling = makeTelling({ ...parts, held })
  const upsert = makeUpsert(parts, currentSet)

  return {
    person,
    visitor: (sessionId) => sessionOf(secret, sessionId),
    hmac: (text) => hmacHex(secret, text),
    featureSet: () => guarded(currentSet),
    addressKey: (address) => addressOf(secret, address).key,
    gather: (subject, address) =>
      guarded((): Gathered => {
        // LMDB would go on reading for a millisecond what it saw before others wrote.
        db.resetReadTxn()
        const told = clock()
        const featureSet = currentSet()
        const addressConsents = address === undefined ? [] : readStatements(db, addressOf(secret, address))
        if (subject === null)
          return { ...NOTHING_STORED, featureSet, addressConsents, readAt: told, basis: NO_BASIS }
        const who = personFor(secret, subject)
        const holder = holderFor(subject, who)
        const bytes = db.get(recordKey(subject, who))
        const { grantedAt, revision, holds } = held.read(holder)
        const stored = bytes === undefined ? EMPTY_RECORD : decodePerson(bytes, facts)
        // A clock that stepped back must not grant into the past: what is newest of somebody was before.
        const readAt = Math.max(told, grantedAt, stored.profile?.updatedAt ?? 0)
        const { profile, ledger } = hasExpired(stored, readAt) ? EMPTY_RECORD : stored
        const vector = 'customer' in subject ? readVector(db, featureSet, who) : NO_VECTOR
        return {
          ...{ profile, ledger, addressConsents, featureSet, ...vector, readAt },
          holds: holds.map(({ hold }) => hold),
          basis: { record: stateOf(bytes), holds: String(revision) },
        }
      }),
    upsert: (...change) => guarded(() => upsert(...change)),
    recordContacts: (...told) => guarded(() => telling.recordContacts(...told)),
    recordConsents: (...told) => guarded(() => telling.recordConsents(...told)),
    sample: (limit) => guarded(() => sampleCustomers(db, currentSet(), facts, limit)),
    ...makeDecisionStore({ ...parts, clock, held, units }, guarded),
    loader: makeFeatureLoader(db, person, featureSets, guarded),
    catalogues: makeCatalogueStore(db, guarded),
    countKeys: () => (db.getStats() as { readonly entryCount: number }).entryCount,
    close: () => db.close(),
  }
}
