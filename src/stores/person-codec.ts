import type { ConsentStatement } from '../domain/consent.ts'
import { type ContactFacts, type ContactLedger, EMPTY_LEDGER } from '../domain/contact.ts'
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts'
import { ByteReader } from './growing-bytes.ts'
import { decodeLedger, encodeLedger } from './ledger-codec.ts'
import { decodeOlderLedger } from './older-ledger.ts'
import { decodeProfile, encodeProfile, nameAsFacts, namesIn } from './profile-codec.ts'
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

/** JSON of the profile alone: what the first release wrote. */
const FORMAT_OF_PROFILES = 1
/** The profile as JSON, contacts of 19 bytes, no revision: what the release before wrote. */
const FORMAT_OF_JSON = 2
const FORMAT = 3
const FORMAT_OF_STATEMENTS = 1
const REVISION_BYTES = 4
const EXPIRY_BYTES = 6
/** Of format 2: expiry, length of the JSON. */
const OLDER_HEAD_BYTES = EXPIRY_BYTES + 4
/** Format, checksum and revision: no two states of a person begin alike. */
export const STATE_BYTES = 5 + REVISION_BYTES
/** In the byte behind them: what follows. */
const HAS_EXPIRY = 1
const HAS_PROFILE = 2

/**
 * A person as bytes, sealed: u32 revision, u8 what follows, u48 expiry if there is one, the profile if there is one, the
 * ledger.
 * @param numbers - asked for the facts of {@link factsIn}
 * @throws RangeError, see {@link encodeLedger} and {@link encodeProfile}
 */
export function encodePerson(
  { profile, ledger, expiresAt, revision }: PersonRecord,
  { numberOf }: Pick<FactNumbers, 'numberOf'>,
): Uint8Array {
  const head = Buffer.alloc(REVISION_BYTES + 1 + (expiresAt === null ? 0 : EXPIRY_BYTES))
  head.writeUInt32BE(revision % 2 ** 32)
  const follows = (expiresAt === null ? 0 : HAS_EXPIRY) | (profile === null ? 0 : HAS_PROFILE)
  head.writeUInt8(follows, REVISION_BYTES)
  if (expiresAt !== null) head.writeUIntBE(expiresAt, REVISION_BYTES + 1, EXPIRY_BYTES)
  const told = profile === null ? new Uint8Array(0) : encodeProfile(profile, numberOf)
  return seal(FORMAT, [head, told, encodeLedger(ledger, numberOf)])
}

/** All that a record needs numbers for: a store that cannot number while it encodes numbers them before. */
export function factsIn({ profile, ledger }: Pick<PersonRecord, 'profile' | 'ledger'>): ContactFacts[] {
  const names = profile === null ? [] : namesIn(profile)
  return [...[...ledger.contacts, ...ledger.days].map(({ facts }) => facts), ...names.map(nameAsFacts)]
}

/** @throws Error for bytes that no person was made into, or of a format this version does not know */
export function decodePerson(bytes: Uint8Array, { factsOf }: Pick<FactNumbers, 'factsOf'>): PersonRecord {
  if (bytes[0] === FORMAT_OF_PROFILES) return { ...EMPTY_RECORD, profile: olderProfile(bytes.subarray(1)) }
  if (bytes[0] === FORMAT_OF_JSON) return olderPerson(unseal(FORMAT_OF_JSON, bytes), factsOf)
  const { revision, follows, expiresAt, body } = opened(bytes)
  const reader = new ByteReader(body)
  const profile = (follows & HAS_PROFILE) === 0 ? null : decodeProfile(reader, factsOf)
  return { profile, ledger: decodeLedger(reader.rest(), factsOf), expiresAt, revision }
}

/** What changes with every write of a person: the first {@link STATE_BYTES} of his record, empty where there is none. */
export function stateOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.subarray(0, STATE_BYTES)).toString('latin1')
}

/** When a person’s record expires, without reading all of it. @throws Error as {@link decodePerson} */
export function expiryOf(bytes: Uint8Array): number | null {
  if (bytes[0] === FORMAT_OF_JSON) return olderExpiry(unseal(FORMAT_OF_JSON, bytes))
  return opened(bytes).expiresAt
}

interface Opened {
  readonly revision: number
  readonly follows: number
  readonly expiresAt: number | null
  /** Profile and ledger. */
  readonly body: Buffer
}

function opened(bytes: Uint8Array): Opened {
  const sealed = unseal(FORMAT, bytes)
  const follows = sealed.readUInt8(REVISION_BYTES)
  const expires = (follows & HAS_EXPIRY) !== 0
  return {
    revision: sealed.readUInt32BE(),
    follows,
    expiresAt: expires ? sealed.readUIntBE(REVISION_BYTES + 1, EXPIRY_BYTES) : null,
    body: sealed.subarray(REVISION_BYTES + 1 + (expires ? EXPIRY_BYTES : 0)),
  }
}

function olderPerson(body: Buffer, factsOf: FactNumbers['factsOf']): PersonRecord {
  const ends = OLDER_HEAD_BYTES + body.readUInt32BE(EXPIRY_BYTES)
  if (ends > body.length) throw new RangeError('the profile ends too early')
  return {
    profile: ends === OLDER_HEAD_BYTES ? null : (fromJson(body.subarray(OLDER_HEAD_BYTES, ends)) as Profile),
    ledger: decodeOlderLedger(body.subarray(ends), factsOf),
    expiresAt: olderExpiry(body),
    revision: 0,
  }
}

function olderExpiry(body: Buffer): number | null {
  const expiry = body.readUIntBE(0, EXPIRY_BYTES)
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
