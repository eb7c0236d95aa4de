import type { Attributes } from '../domain/attributes.ts'
import type { ConsentStatement } from '../domain/consent.ts'
import type { Contact } from '../domain/contact.ts'
import type { FeatureManifest, FeatureSet } from '../domain/feature-set.ts'
import type { CustomerId } from '../domain/ids.ts'
import type { Undated } from '../domain/ledger.ts'
import type { Counted } from '../domain/overfilled.ts'
import type { Preferences } from '../domain/preferences.ts'
import type { StoredCustomer } from '../domain/profile.ts'

/** Fixed for ever: the bucket is part of every key of a person, and of the ids of his decisions. */
export const BUCKETS = 1024

/** A person as keys and seeds know him: HMAC of the id, so that no key carries a personal identifier. */
export interface Person {
  readonly key: string
  /** 0–1023, fixed for ever: the hash-tag of all his keys. */
  readonly bucket: number
}

/** Who somebody is: a customer with an id, or a visitor while his session lasts. */
export type Subject = { readonly customer: CustomerId } | { readonly session: string }

/** For how many milliseconds a visitor’s session is remembered after the last contact or statement. */
export const SESSION_KEPT_MS = 86_400_000

/** A contact with its person. */
export interface ToldContact {
  readonly subject: Subject
  readonly contact: Contact
  /** What of it was told without a time: told again it is no news. Nothing by default. */
  readonly undated?: Undated
}

/** The state that somebody was gathered in. Only the store that gathered him can read it. */
export interface Basis {
  /** Changes with whatever is told, agreed or confirmed of him. */
  readonly record: string
  /** Changes with his holds. */
  readonly holds: string
}

/** Somebody as stored, with the moment by the store’s clock: never before what is newest of him. */
export interface Gathered extends StoredCustomer {
  readonly readAt: number
  readonly basis: Basis
}

/** A statement with whose it is: of a person, of an address whoever owns it, or of both. */
export interface ToldConsent {
  readonly subject: Subject | null
  /** Its `address` is the address as it was told; the store keeps only a key of it. */
  readonly statement: ConsentStatement
}

/** What a PUT changes; what is absent stays as it is. */
export interface CustomerChange {
  readonly attributes?: Attributes
  /** Each wish that is there replaces the one before; null forgets it. */
  readonly preferences?: { readonly [Wish in keyof Preferences]?: Preferences[Wish] | null }
  /** Checked values by position in the feature set they were checked against. */
  readonly features?: ReadonlyMap<number, number>
}

/**
 * Customers and their feature vectors. Every call may throw EmmaError `store_unavailable`; what a call that threw was to
 * write may be written all the same, and telling it again is harmless.
 * What one process has written and awaited, every process of the same store reads afterwards; only a switch of the
 * feature set may take 100 ms until the others gather with it.
 */
export interface CustomerStore {
  person(id: CustomerId): Person
  /** A visitor by his session. */
  visitor(sessionId: string): Person
  /** HMAC-SHA256 with the store’s secret, hexadecimal: seeds and tokens come from it. */
  hmac(text: string): string
  /** The feature set in use, read anew; null before the first load. */
  featureSet(): Promise<FeatureSet | null>
  /**
   * Everything stored of somebody, in one read; of a visitor without an id (null) only the feature set. Vector and
   * feature set always belong together.
   * @param address - where a message would go, as it was told: what was said of it comes along
   */
  gather(subject: Subject | null, address?: string): Promise<Gathered>
  /** The key under which what is said of an address is kept. Blanks and capitals make no other address. */
  addressKey(address: string): string
  /**
   * Merges the change in one step, all of it or nothing.
   * @throws EmmaError `features_invalid` when features were checked against a set that is no longer the current one. Then
   *   nothing has changed; where the set was switched in the very moment of the write, the attributes may have.
   */
  upsert(id: CustomerId, change: CustomerChange, at: number, checkedAgainst: FeatureSet | null): Promise<void>
  /**
   * Adds contacts to the ledgers of their persons, of each person in one step, all or nothing: another person may live on
   * another node. A contact that is there already (by its ref) only gains what is new of it. Ledgers keep
   * `historyHorizonMs`, see `compactLedger`.
   * @param onCounted - told of each contact that counts now and did not before, once it is written; not where the holds
   *   beside it could not be read
   * @returns for each what became of it; `taken`: its ref is that of a contact about something else, and nothing changed
   */
  recordContacts(
    told: readonly ToldContact[],
    now: number,
    historyHorizonMs: number,
    onCounted?: (counted: Counted) => void,
  ): Promise<('changed' | 'known' | 'taken')[]>
  /** Adds statements, to each person and to each address in one step. @returns for each whether it changed anything */
  recordConsents(told: readonly ToldConsent[]): Promise<boolean[]>
  /**
   * Some customers without their ids, at most `limit`: as good as drawn at random, and the same ones each time while none
   * come or go.
   */
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
  /** How many rows of the set’s file are in, as noted last; 0 when nothing was noted since it came into use. */
  loadedRows(manifest: FeatureManifest): Promise<number>
  /** Notes, so that it outlives this process, that the first rows of the set’s file are in, refused ones included. */
  noteLoaded(manifest: FeatureManifest, rows: number): Promise<void>
  /**
   * Switches every process to this set, within 100 ms; keeps the one before it, and removes older ones. What was noted
   * of it is forgotten.
   */
  activate(manifest: FeatureManifest): Promise<void>
}
