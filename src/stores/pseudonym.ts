import { createHmac, hash } from 'node:crypto'
import { BUCKETS, type Person } from '../ports/customer-store.ts'

/** Bytes of a block of SHA-256, and of what it comes to. */
const BLOCK = 64
const DIGEST = 32
/** UTF-16 units of the longest text that is hashed in place; each takes 3 bytes at most. */
const LONGEST = 512
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const SIX_BITS = new Uint8Array(128)
for (let i = 0; i < BASE64URL.length; i++) SIX_BITS[BASE64URL.charCodeAt(i)] = i

/** Both hashes of an HMAC up to where the text, and the inner digest, stand. */
interface Pads {
  readonly inner: Buffer
  readonly outer: Buffer
}

const padsOf = new WeakMap<Uint8Array, Pads>()

/** So many persons of late are remembered by the text they come from: a decision asks four times for the same one. */
const MOST_REMEMBERED = 256
const remembered = new WeakMap<Uint8Array, Map<string, Person>>()

/**
 * HMAC-SHA256 of a text as a person: its first 126 bits as key, the 17th and 18th byte for the bucket. Two plain hashes, as RFC 2104
 * has it, take a third of the time of an object for each text, and loading a million customers is mostly this.
 */
export function pseudonym(secret: Uint8Array, text: string): Person {
  const ofSecret = remembered.get(secret) ?? new Map<string, Person>()
  const known = ofSecret.get(text)
  if (known !== undefined) return known
  if (ofSecret.size === 0) remembered.set(secret, ofSecret)
  // All at once: which are the oldest would have to be kept as well.
  else if (ofSecret.size === MOST_REMEMBERED) ofSecret.clear()
  const person = workedOut(secret, text)
  ofSecret.set(text, person)
  return person
}

function workedOut(secret: Uint8Array, text: string): Person {
  const digest = hmac(secret, text, 'base64url')
  return {
    key: digest.slice(0, 21),
    // Bits 134 to 143.
    bucket: (((sixBits(digest, 22) & 0x0f) << 6) | sixBits(digest, 23)) % BUCKETS,
  }
}

function sixBits(text: string, place: number): number {
  return SIX_BITS[text.charCodeAt(place)]!
}

/** HMAC-SHA256 of a text, in hexadecimal. */
export function hmacHex(secret: Uint8Array, text: string): string {
  return hmac(secret, text, 'hex')
}

function hmac(secret: Uint8Array, text: string, encoding: 'hex' | 'base64url'): string {
  if (text.length > LONGEST) return createHmac('sha256', secret).update(text).digest(encoding)
  const { inner, outer } = padsFor(secret)
  const length = inner.write(text, BLOCK)
  outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'binary')
  return hash('sha256', outer, encoding)
}

function padsFor(secret: Uint8Array): Pads {
  const known = padsOf.get(secret)
  if (known !== undefined) return known
  const pads = makePads(secret)
  padsOf.set(secret, pads)
  return pads
}

function makePads(secret: Uint8Array): Pads {
  const key = secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret
  const inner = Buffer.alloc(BLOCK + 3 * LONGEST, 0)
  const outer = Buffer.alloc(BLOCK + DIGEST, 0)
  for (let i = 0; i < BLOCK; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36
    outer[i] = (key[i] ?? 0) ^ 0x5c
  }
  return { inner, outer }
}
