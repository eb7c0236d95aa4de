import type { Attributes } from '../domain/attributes.ts'
import type { FeatureManifest, FeatureSet } from '../domain/feature-set.ts'
import type { CustomerId } from '../domain/ids.ts'
import type { StoredCustomer } from '../domain/profile.ts'

/** A person as keys and seeds know him: HMAC of the id, so that no key carries a personal identifier. */
export interface Person {
  readonly key: string
  /** 0–1023, fixed for ever: the hash-tag of all his keys. */
  readonly bucket: number
}

/** What a PUT changes; what is absent stays as it is. */
export interface CustomerChange {
  readonly attributes?: Attributes
  /** Checked values by position in the feature set they were checked against. */
  readonly features?: ReadonlyMap<number, number>
}

/**
 * Customers and their feature vectors. Every call may throw EmmaError `store_unavailable`.
 * What one process has written and awaited, every process of the same store reads afterwards.
 */
export interface CustomerStore {
  person(id: CustomerId): Person
  /** HMAC-SHA256 with the store’s secret, hexadecimal: seeds and tokens come from it. */
  hmac(text: string): string
  /** The feature set that decisions use now; null before the first load. */
  featureSet(): Promise<FeatureSet | null>
  /** Everything stored of a customer, in one read. */
  gather(id: CustomerId): Promise<StoredCustomer>
  /** Only the feature set, for a visitor without an id. */
  gatherAnonymous(): Promise<StoredCustomer>
  /**
   * Merges the change in one transaction, all of it or nothing.
   * @throws EmmaError `features_invalid` when features were checked against a set that is no longer the current one.
   */
  upsert(id: CustomerId, change: CustomerChange, at: number, checkedAgainst: FeatureSet | null): Promise<void>
  /** Some customers without their ids, at most `limit`: as good as drawn at random, and the same ones each time. */
  sample(limit: number): Promise<readonly StoredCustomer[]>
  close(): Promise<void>
}

/** One customer’s checked features, in the order of the manifest. */
export interface FeatureRow {
  readonly id: CustomerId
  readonly values: ArrayLike<number>
}

/** Brings a feature set into the store beside the one in use. */
export interface FeatureLoader {
  /** Writes rows; decisions do not see them yet. Writing a row again is harmless. */
  put(manifest: FeatureManifest, rows: readonly FeatureRow[]): Promise<void>
  /** Switches every process to this set at once, keeps the one before it, and removes older ones. */
  activate(manifest: FeatureManifest): Promise<void>
}
