import { type EmmaError, failure } from '../../domain/errors.ts'
import { type FeatureSet, packVector } from '../../domain/feature-set.ts'
import type { Preferences } from '../../domain/preferences.ts'
import { EMPTY_PROFILE, type Profile } from '../../domain/profile.ts'
import type { CustomerChange, CustomerStore, Person } from '../../ports/customer-store.ts'
import { personOf, vectorKey } from '../keys.ts'
import type { Environment } from './environment.ts'
import { type DraftParts, makePersonDrafts } from './person-drafts.ts'
import { transact } from './transactions.ts'
import { readVector } from './vectors.ts'

/** Merges a change of a customer in one transaction. */
export function makeUpsert(parts: DraftParts, currentSet: () => FeatureSet | null): CustomerStore['upsert'] {
  const { db, secret } = parts
  return (id, change, at, checkedAgainst) =>
    transact(db, () => {
      const persons = makePersonDrafts(parts, at)
      persons.change({ customer: id }, (record) => ({
        ...record,
        profile: changed(record.profile ?? EMPTY_PROFILE, change, at),
      }))
      const vector = changedVector(db, currentSet(), personOf(secret, id), change.features, checkedAgainst)
      persons.write()
      if (vector !== null) void db.put(vector.key, vector.packed)
    })
}

function changed(profile: Profile, { attributes, preferences }: CustomerChange, at: number): Profile {
  return {
    ...profile,
    attributes: { ...profile.attributes, ...attributes },
    preferences: withWishes(profile.preferences, preferences ?? {}),
    updatedAt: at,
  }
}

/** What is undefined stays; null goes. */
function withWishes(
  preferences: Preferences,
  wishes: NonNullable<CustomerChange['preferences']>,
): Preferences {
  const wished = Object.entries(wishes).filter(([, wish]) => wish !== undefined)
  const all = { ...preferences, ...Object.fromEntries(wished) }
  return Object.fromEntries(Object.entries(all).filter(([, wish]) => wish !== null))
}

/** Null when no feature changes. @throws EmmaError `features_invalid` when the set was switched */
function changedVector(
  db: Environment,
  set: FeatureSet | null,
  person: Person,
  features: CustomerChange['features'],
  checkedAgainst: FeatureSet | null,
): { readonly key: string; readonly packed: Uint8Array } | null {
  if (features === undefined) return null
  if (set === null || set.manifest.version !== checkedAgainst?.manifest.version) throw switchedMeanwhile()
  const values = readVector(db, set, person).vector ?? set.defaults.slice()
  for (const [index, value] of features) values[index] = value
  return { key: vectorKey(set.manifest.version, person), packed: packVector(set, values) }
}

function switchedMeanwhile(): EmmaError {
  return failure(
    'features_invalid',
    '/features',
    'the feature set was switched meanwhile',
    'send the request again',
  )
}
