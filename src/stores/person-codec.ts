import type { ConsentStatement } from '../domain/consent.ts'
import { type ContactFacts, type ContactLedger, EMPTY_LEDGER } from '../domain/contact.ts'
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts'
import { decodeLedger, encodeLedger } from './ledger-codec.ts'
import { seal, unseal } from './sealed.ts'

/** All that is told of somebody, in one record. */
export interface PersonRecord {
  /** Null while only contacts are known. */
  readonly profile: Profile | null
  readonly ledger: ContactLedger
  /** Epoch milliseconds from which on it reads as nothing; null: kept for good. */
  readonly expiresAt: number | null
  /** How often it was written: whoever writes it counts on. */
  readonly revision: number
}

export const EMPTY_RECORD: PersonRecord = {
  profile: null,
  ledger: EMPTY_LEDGER,
  expiresAt: null,
  revision: 0,
}

/** Numbers that stand for facts in ledgers. */
export interface FactNumbers {
  numberOf(facts: ContactFacts): number
  /** @throws Error for a number that stands for none */
  factsOf(number: number): ContactFacts
}

/** JSON of the profile alone: what the release before wrote. */
const FORMAT_OF_PROFILES = 1
/** Without the revision. */
const FORMAT_WITHOUT_REVISION = 2
const FORMAT = 3
const FORMAT_OF_STATEMENTS = 1
const REVISION_BYTES = 4
const EXPIRY_BYTES = 6
const HEAD_BYTES = EXPIRY_BYTES + 4
/** Format, checksum and revision: no two states of a person begin alike. */
export const STATE_BYTES = 5 + REVISION_BYTES

/**
 * A person as bytes, sealed: u32 revision, u48 expiry (0: none), u32 length of the profile’s JSON (0: no profile), the
 * JSON, the ledger.
 * @throws RangeError, see {@link encodeLedger}
 */
export function encodePerson(
  { profile, ledger, expiresAt, revision }: PersonRecord,
  { numberOf }: Pick<FactNumbers, 'numberOf'>,
): Uint8Array {
  const head = Buffer.alloc(REVISION_BYTES + HEAD_BYTES)
  head.writeUInt32BE(revision % 2 ** 32)
  head.writeUIntBE(expiresAt ?? 0, REVISION_BYTES, EXPIRY_BYTES)
  const json = profile === null ? Buffer.alloc(0) : toJson(profile)
  head.writeUInt32BE(json.length, REVISION_BYTES + EXPIRY_BYTES)
  return seal(FORMAT, [head, json, encodeLedger(ledger, numberOf)])
}

/** @throws Error for bytes that no person was made into, or of a format this version does not know */
export function decodePerson(bytes: Uint8Array, { factsOf }: Pick<FactNumbers, 'factsOf'>): PersonRecord {
  if (bytes[0] === FORMAT_OF_PROFILES) return { ...EMPTY_RECORD, profile: olderProfile(bytes.subarray(1)) }
  const { revision, body } = opened(bytes)
  const expiry = body.readUIntBE(0, EXPIRY_BYTES)
  const ends = HEAD_BYTES + body.readUInt32BE(EXPIRY_BYTES)
  if (ends > body.length) throw new RangeError('the profile ends too early')
  return {
    profile: ends === HEAD_BYTES ? null : (fromJson(body.subarray(HEAD_BYTES, ends)) as Profile),
    ledger: decodeLedger(body.subarray(ends), factsOf),
    expiresAt: expiry === 0 ? null : expiry,
    revision,
  }
}

/** What changes with every write of a person: the first {@link STATE_BYTES} of his record, empty where there is none. */
export function stateOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.subarray(0, STATE_BYTES)).toString('latin1')
}

function opened(bytes: Uint8Array): { readonly revision: number; readonly body: Buffer } {
  if (bytes[0] === FORMAT_WITHOUT_REVISION) return { revision: 0, body: unseal(bytes[0], bytes) }
  const sealed = unseal(FORMAT, bytes)
  return { revision: sealed.readUInt32BE(0), body: sealed.subarray(REVISION_BYTES) }
}

/** When a person’s record expires, without reading all of it. @throws Error as {@link decodePerson} */
export function expiryOf(bytes: Uint8Array): number | null {
  const expiry = opened(bytes).body.readUIntBE(0, EXPIRY_BYTES)
  return expiry === 0 ? null : expiry
}

/** What is said of an address as bytes: sealed JSON. */
export function encodeStatements(statements: readonly ConsentStatement[]): Uint8Array {
  return seal(FORMAT_OF_STATEMENTS, [toJson(statements)])
}

/** @throws Error for bytes that no statements were made into */
export function decodeStatements(bytes: Uint8Array): readonly ConsentStatement[] {
  return fromJson(unseal(FORMAT_OF_STATEMENTS, bytes)) as ConsentStatement[]
}

function olderProfile(json: Uint8Array): Profile {
  const { attributes, updatedAt } = fromJson(json) as Partial<Profile>
  if (typeof attributes !== 'object' || attributes === null || typeof updatedAt !== 'number')
    throw new Error('this is no profile')
  return { ...EMPTY_PROFILE, attributes, updatedAt }
}

function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function fromJson(bytes: Uint8Array): unknown {
  return JSON.parse(utf8.decode(bytes))
}
