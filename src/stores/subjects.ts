import type { Person, Subject } from '../ports/customer-store.ts'
import { type Holder, personOf, profileKey, sessionKey, sessionOf } from './keys.ts'
import type { PersonRecord } from './person-codec.ts'

/** A subject as keys know him. */
export function personFor(secret: Uint8Array, subject: Subject): Person {
  return 'customer' in subject ? personOf(secret, subject.customer) : sessionOf(secret, subject.session)
}

/** Whose holds somebody’s are. */
export function holderFor(subject: Subject, person: Person): Holder {
  return { of: 'customer' in subject ? 'customer' : 'session', person }
}

/** Where somebody’s record is. */
export function recordKey(subject: Subject, person: Person): string {
  return 'customer' in subject ? profileKey(person) : sessionKey(person)
}

export function hasExpired({ expiresAt }: PersonRecord, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}
