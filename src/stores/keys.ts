import { normalAddress } from '../domain/address.ts'
import { BUCKETS, type Person } from '../ports/customer-store.ts'
import { pseudonym } from './pseudonym.ts'

const NAMESPACE = 'emma'

/** `ns:{bNNNN}:kind:person`; the person is an HMAC, so that no key carries a personal identifier. */
export function personOf(secret: Uint8Array, id: string): Person {
  return pseudonym(secret, `person\n${id}`)
}

/** A visitor while his session lasts. */
export function sessionOf(secret: Uint8Array, id: string): Person {
  return pseudonym(secret, `session\n${id}`)
}

/** An address, whoever owns it, however it is written. */
export function addressOf(secret: Uint8Array, address: string): Person {
  return pseudonym(secret, `address\n${normalAddress(address)}`)
}

/**
 * 36 bits of a feature-set version, which is a hash. In Redis a key is paid for each customer, in steps of 16 bytes: all of the
 * version would take one step more.
 */
function shortVersion(version: string): string {
  return Buffer.from(version, 'hex').toString('base64url').slice(0, 6)
}

/** What the vector keys of one version have and others do not. */
export function vectorKind(version: string): string {
  return `}:f.${shortVersion(version)}:`
}

/** The packed feature vector of one feature-set version. */
export function vectorKey(version: string, { key, bucket }: Person): string {
  return `${bucketPrefix(bucket)}f.${shortVersion(version)}:${key}`
}

/** First and last possible vector key of one version in one bucket. */
export function vectorRange(version: string, bucket: number): { start: string; end: string } {
  const start = `${bucketPrefix(bucket)}f.${shortVersion(version)}:`
  return { start, end: `${start}\uffff` }
}

/** As Redis looks for keys: the vectors of one version in all buckets. */
export function vectorPattern(version: string): string {
  return `${NAMESPACE}:{b*}:f.${shortVersion(version)}:*`
}

/** The same: all records and vectors of customers. */
export const CUSTOMER_PATTERN = `${NAMESPACE}:{b*}:[pf][.:]*`

/** First and last possible profile key in one bucket. */
export function profileRange(bucket: number): { start: string; end: string } {
  const start = `${bucketPrefix(bucket)}p:`
  return { start, end: `${start}\uffff` }
}

/** Whose a profile’s or vector’s key is. */
export function personIn(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1)
}

/** In which bucket a person’s key is. */
export function bucketIn(key: string): number {
  return Number(/\{b(\d{4})\}/.exec(key)![1])
}

/** Everything that is told of a customer, his contacts included. */
export function profileKey({ key, bucket }: Person): string {
  return `${bucketPrefix(bucket)}p:${key}`
}

/** The same of a visitor. */
export function sessionKey({ key, bucket }: Person): string {
  return `${bucketPrefix(bucket)}s:${key}`
}

/** What is said of an address. */
export function statementsKey({ key, bucket }: Person): string {
  return `${bucketPrefix(bucket)}a:${key}`
}

const SESSION_EXPIRY = `${NAMESPACE}:meta:session-expiry:`

/** Says that a session may have expired by then; keys are in the order of time. */
export function sessionExpiryKey(at: number, { key, bucket }: Person): string {
  return `${SESSION_EXPIRY}${padded(at)}:${bucket}:${key}`
}

/** Whose a key of {@link sessionExpiryKey} is. */
export function sessionIn(expiryKey: string): Person {
  const [, bucket, key] = expiryKey.slice(SESSION_EXPIRY.length).split(':')
  return { key: key!, bucket: Number(bucket) }
}

/** First and last possible key of a session that may have expired at a moment. */
export function sessionExpiryRange(now: number): { start: string; end: string } {
  return { start: SESSION_EXPIRY, end: `${SESSION_EXPIRY}${padded(now)}:\uffff` }
}

/** Whose holds are kept together; those of nobody with the decision that took them. */
export interface Holder {
  readonly of: 'customer' | 'session' | 'nobody'
  /** Of nobody: the name of the decision. */
  readonly person: Person
}

const HOLDS_KIND = { customer: 'h', session: 'hs', nobody: 'hd' } as const

/** What is held against somebody. */
export function holdsKey({ of, person }: Holder): string {
  return `${bucketPrefix(person.bucket)}${HOLDS_KIND[of]}:${person.key}`
}

/** The bucket of a decision, which its name begins with: `b0421-…`; null for a name that tells none. */
export function bucketOfDecision(decision: string): number | null {
  const bucket = /^b(\d{4})-/.exec(decision)?.[1]
  return bucket === undefined || Number(bucket) >= BUCKETS ? null : Number(bucket)
}

/** What is kept of a decision. */
export function decisionKey(bucket: number, decision: string): string {
  return `${bucketPrefix(bucket)}d:${decision}`
}

/** Which decision answered a request; the request is an HMAC as a person is. */
export function requestKey(bucket: number, request: string): string {
  return `${bucketPrefix(bucket)}r:${request}`
}

/** A request by the name that somebody’s caller gave it, in the words of a key. */
export function requestOf(secret: Uint8Array, { of, person }: Holder, id: string): string {
  const whose = of === 'nobody' ? 'nobody' : `${of}\n${person.key}`
  return pseudonym(secret, `request\n${whose}\n${id}`).key
}

/** How many decisions a bucket has had. */
export function sequenceKey(bucket: number): string {
  return `${bucketPrefix(bucket)}n`
}

/** How many units of a volume are in use in one of its periods. */
export function unitKey(volume: string, period: string): string {
  return `${NAMESPACE}:meta:unit:${period}:${volume}`
}

/** What happens when its time has come: a hold runs out, a decision is forgotten, a counter of units is. */
export type Due = 'hold' | 'decision' | 'unit'

/** What is due at a moment; keys of one kind are in the order of time. `what` is told again by {@link dueIn}. */
export function dueKey(kind: Due, at: number, what: string): string {
  return `${NAMESPACE}:meta:due:${kind}:${padded(at)}:${what}`
}

export function dueIn(kind: Due, key: string): string {
  return key.slice(dueKey(kind, 0, '').length)
}

/** First and last possible key of what is due at a moment. */
export function dueRange(kind: Due, now: number): { start: string; end: string } {
  return { start: dueKey(kind, 0, ''), end: `${dueKey(kind, now, '')}\uffff` }
}

/** What every key of a bucket begins with: its hash tag. */
export function bucketPrefix(bucket: number): string {
  return `${NAMESPACE}:{b${String(bucket).padStart(4, '0')}}:`
}

/** The manifest of one feature-set version. */
export function manifestKey(version: string): string {
  return `${NAMESPACE}:meta:features:${version}`
}

/** How many rows of a feature-set version’s file are in while it is loaded. */
export function loadedRowsKey(version: string): string {
  return `${NAMESPACE}:meta:features-loading:${version}`
}

/** What contacts are about, by a number that stands for it in ledgers. */
export function factsKey(number: number): string {
  return `${FACTS}${padded(number)}`
}

/** From one number on. */
export function factsRange(from: number): { start: string; end: string } {
  return { start: factsKey(from), end: `${FACTS}\uffff` }
}

const FACTS = `${NAMESPACE}:meta:facts:`

/** One publication. */
export function publicationKey(sequence: number): string {
  return `${NAMESPACE}:meta:publication:${padded(sequence)}`
}

/** The document of one catalogue version. */
export function documentKey(version: string): string {
  return `${NAMESPACE}:meta:catalogue:${version}`
}

/** The last publication that named a catalogue version. */
export function lastNamedKey(version: string): string {
  return `${NAMESPACE}:meta:catalogue-named:${version}`
}

/** The state that a run-time epoch opened with. */
export function epochKey(epoch: string): string {
  return `${NAMESPACE}:meta:epoch:${epoch}`
}

/** One change of a run-time epoch. */
export function changeKey(epoch: string, revision: number): string {
  return `${NAMESPACE}:meta:epoch:${epoch}:${padded(revision)}`
}

/** The end of a run-time epoch, by its number. */
export function closedEpochKey(number: number): string {
  return `${NAMESPACE}:meta:epoch-closed:${padded(number)}`
}

/** Sixteen digits hold every safe integer, so that keys are in the order of their numbers. */
function padded(number: number): string {
  return String(number).padStart(16, '0')
}

/** Keys of the store itself. */
export const META = {
  format: `${NAMESPACE}:meta:format`,
  secret: `${NAMESPACE}:meta:secret`,
  secretCheck: `${NAMESPACE}:meta:secret-check`,
  featureSet: `${NAMESPACE}:meta:features`,
  newestPublication: `${NAMESPACE}:meta:publication`,
  runTime: `${NAMESPACE}:meta:run-time`,
} as const
