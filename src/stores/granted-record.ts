import * as z from 'zod'
import type { Contact } from '../domain/contact.ts'
import type { Hold } from '../domain/hold.ts'
import { decodeHold, encodeHold } from './hold-codec.ts'
import type { Holder } from './keys.ts'
import { damaged, fromBytes, type RecordKind, toBytes } from './records.ts'
import { seal, unseal } from './sealed.ts'

/** What the store knows of a decision that it granted. */
export interface GrantedRecord {
  readonly holder: Holder
  /** As the decision left them. */
  readonly holds: readonly Hold[]
  /** Contacts that were confirmed of nobody, who has no ledger of his own. */
  readonly contacts: readonly Contact[]
  /** The key of the request that it answered; null without one. */
  readonly request: string | null
  /** The decision as it is kept for others. */
  readonly record: Uint8Array
}

/** The decision that answered a request, and the hash of what was asked. */
export interface AnsweredRequest {
  readonly decision: string
  readonly hash: string
}

const FORMAT = 1
const LENGTH_BYTES = 4

/** Digits before the record of a decision, which say its number in its bucket: scripts read them, too. */
export const SEQUENCE_DIGITS = 16

const headSchema = z.object({
  holder: z.object({
    of: z.enum(['customer', 'session', 'nobody']),
    person: z.object({ key: z.string(), bucket: z.number() }),
  }),
  holds: z.array(z.string()),
  contacts: z.array(z.custom<Contact>((value) => typeof value === 'object')),
  request: z.string().nullable(),
})

const REQUEST: RecordKind<AnsweredRequest> = {
  what: 'record of a request',
  parse: z.object({ decision: z.string(), hash: z.string() }).parse,
}

/**
 * Sealed: u32 length of the head, the head as JSON, the decision.
 * @param encoded - its holds, where somebody has encoded them already
 */
export function encodeGranted(
  { record, holder, contacts, request, holds }: GrantedRecord,
  encoded: readonly string[] = holds.map(encodeHold),
): Uint8Array {
  const json = toBytes({ holder, contacts, request, holds: encoded })
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(json.length)
  return seal(FORMAT, [length, json, record])
}

function decodeGranted(bytes: Uint8Array): GrantedRecord {
  try {
    const body = unseal(FORMAT, bytes)
    const ends = LENGTH_BYTES + body.readUInt32BE(0)
    const { holds, ...head } = headSchema.parse(JSON.parse(body.subarray(LENGTH_BYTES, ends).toString()))
    return { ...head, holds: holds.map(decodeHold), record: Uint8Array.from(body.subarray(ends)) }
  } catch (error) {
    throw damaged('record of a decision', error)
  }
}

/** A decision with its number in its bucket, as stores keep it: digits, and then the record. */
export function withSequence(sequence: number, record: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(String(sequence).padStart(SEQUENCE_DIGITS, '0')), record])
}

export function sequenceIn(bytes: Uint8Array): number {
  return Number(Buffer.from(bytes.subarray(0, SEQUENCE_DIGITS)).toString())
}

/** @throws EmmaError `store_unavailable` for bytes that no such record was made into */
export function grantedIn(bytes: Uint8Array): GrantedRecord {
  return decodeGranted(bytes.subarray(SEQUENCE_DIGITS))
}

export function encodeRequest(request: AnsweredRequest): Uint8Array {
  return toBytes(request)
}

/** @throws EmmaError `store_unavailable` for bytes that no such record was made into */
export function decodeRequest(bytes: Uint8Array): AnsweredRequest {
  return fromBytes(REQUEST, bytes)
}
