import type { Attributes } from './attributes.ts'
import type { ConsentStatement } from './consent.ts'
import { type ContactLedger, EMPTY_LEDGER } from './contact.ts'
import type { FeatureSet } from './feature-set.ts'
import type { Hold } from './hold.ts'
import { NO_PREFERENCES, type Preferences } from './preferences.ts'

/** What was told of a customer, beside the precomputed features. */
export interface Profile {
  readonly attributes: Attributes
  readonly preferences: Preferences
  readonly consents: readonly ConsentStatement[]
  /** Epoch milliseconds of the last change. */
  readonly updatedAt: number
}

/** A customer as stored: null where nothing is. A visitor’s session has no features and no attributes. */
export interface StoredCustomer {
  readonly profile: Profile | null
  /** Confirmed contacts. */
  readonly ledger: ContactLedger
  /** What is held for him beside; some may have run out. */
  readonly holds: readonly Hold[]
  /** What was said of the address that was asked with, whoever said it. */
  readonly addressConsents: readonly ConsentStatement[]
  readonly featureSet: FeatureSet | null
  readonly vector: Float32Array | null
  /** True when a vector is stored that the current feature set cannot read. */
  readonly vectorDamaged: boolean
}

/** Of whom nothing is stored. */
export const NOTHING_STORED: StoredCustomer = {
  profile: null,
  ledger: EMPTY_LEDGER,
  holds: [],
  addressConsents: [],
  featureSet: null,
  vector: null,
  vectorDamaged: false,
}

export const EMPTY_PROFILE: Profile = {
  attributes: {},
  preferences: NO_PREFERENCES,
  consents: [],
  updatedAt: 0,
}

/** Everything that was said of consent, by the person or of the address. */
export function statementsOf({ profile, addressConsents }: StoredCustomer): readonly ConsentStatement[] {
  const own = profile?.consents ?? addressConsents
  return profile === null || addressConsents.length === 0 ? own : [...own, ...addressConsents]
}

/** Whether anything is stored of somebody. */
export function isKnown({ profile, ledger, holds, vector, vectorDamaged }: StoredCustomer): boolean {
  const hasHistory = ledger.contacts.length > 0 || ledger.days.length > 0 || holds.length > 0
  return profile !== null || vector !== null || vectorDamaged || hasHistory
}
