import { addStatement } from '../domain/consent-statements.ts'
import { type EmmaError, failure } from '../domain/errors.ts'
import { type FeatureSet, packVector } from '../domain/feature-set.ts'
import { addContact, compactLedger, isTaken } from '../domain/ledger.ts'
import type { Preferences } from '../domain/preferences.ts'
import { EMPTY_PROFILE } from '../domain/profile.ts'
import type { CustomerChange, ToldConsent, ToldContact } from '../ports/customer-store.ts'
import type { PersonRecord } from './person-codec.ts'
import type { StoredVector } from './stored-vector.ts'

/** A record after a contact was told; the same record where that says nothing new. */
export interface RecordWithContact {
  readonly record: PersonRecord
  readonly became: 'changed' | 'known' | 'taken'
}

export function withContact(
  record: PersonRecord,
  { contact, undated }: Omit<ToldContact, 'subject'>,
): RecordWithContact {
  if (isTaken(record.ledger, contact)) return { record, became: 'taken' }
  const next = withLedger(record, addContact(record.ledger, contact, undated))
  return { record: next, became: next === record ? 'known' : 'changed' }
}

/** A record as it is kept, see {@link compactLedger}. */
export function compacted(record: PersonRecord, now: number, historyHorizonMs: number): PersonRecord {
  return withLedger(record, compactLedger(record.ledger, now, historyHorizonMs))
}

function withLedger(record: PersonRecord, ledger: PersonRecord['ledger']): PersonRecord {
  return ledger === record.ledger ? record : { ...record, ledger }
}

export function withStatement(record: PersonRecord, statement: ToldConsent['statement']): PersonRecord {
  const profile = record.profile ?? EMPTY_PROFILE
  const consents = addStatement(profile.consents, statement)
  if (consents === profile.consents) return record
  const updatedAt = Math.max(profile.updatedAt, statement.toldAt)
  return { ...record, profile: { ...profile, consents, updatedAt } }
}

/** A record after a PUT of attributes and wishes at a moment. */
export function withChange(
  record: PersonRecord,
  { attributes, preferences }: CustomerChange,
  at: number,
): PersonRecord {
  const profile = record.profile ?? EMPTY_PROFILE
  const merged = { ...profile.attributes, ...attributes }
  const wishes = withWishes(profile.preferences, preferences ?? {})
  return { ...record, profile: { ...profile, attributes: merged, preferences: wishes, updatedAt: at } }
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

/**
 * The packed vector with changed features, over what is stored or the defaults; null when no feature changes.
 * @throws EmmaError `features_invalid` when they were checked against another set
 */
export function changedVector(
  set: FeatureSet | null,
  checkedAgainst: FeatureSet | null,
  features: CustomerChange['features'],
  stored: () => StoredVector,
): Uint8Array | null {
  if (features === undefined) return null
  if (set === null || set.manifest.version !== checkedAgainst?.manifest.version) throw switchedMeanwhile()
  const values = stored().vector ?? set.defaults.slice()
  for (const [index, value] of features) values[index] = value
  return packVector(set, values)
}

export function switchedMeanwhile(): EmmaError {
  return failure(
    'features_invalid',
    '/features',
    'the feature set was switched meanwhile',
    'send the request again',
  )
}
