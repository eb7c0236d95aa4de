import type { Contact, ContactDay, ContactFacts, ContactLedger, ContactOutcome } from '../domain/contact.ts'
import { EMPTY_LEDGER } from '../domain/contact.ts'
import { OUTCOMES, type Outcome } from '../domain/outcome.ts'

/** u48: epoch milliseconds. */
const TIME_BYTES = 6
/** u32: the number of the facts. */
const FACTS_BYTES = 4
const REF_BYTES = 8
const REF_PATTERN = /^[0-9a-f]{16}$/
/** Time, facts, ref, u8 outcomes. */
const CONTACT_BYTES = TIME_BYTES + FACTS_BYTES + REF_BYTES + 1
/** u8 which one, time. */
const OUTCOME_BYTES = 1 + TIME_BYTES
/** Beside the number of an outcome: a time follows, until when somebody wants to be left alone. */
const HAS_UNTIL = 0x80
/** Facts, u16 day, u16 contacts, u8 outcomes. */
const DAY_BYTES = FACTS_BYTES + 2 + 2 + 1
/** u8 which one, u16 how often. */
const COUNT_BYTES = 1 + 2
const MOST = 0xffff

/**
 * A ledger as bytes of fixed width, big-endian: u32 contacts, the contacts, the days; nothing at all when it is empty. A
 * contact without outcomes takes 19 bytes, an outcome 7. Counts of a day end at 65,535.
 * @param numberOf - the number that stands for such facts
 * @throws RangeError for a hold, for a ref that is not 16 hex digits, for a time before 1970
 */
export function encodeLedger(
  { contacts, days }: ContactLedger,
  numberOf: (facts: ContactFacts) => number,
): Uint8Array {
  if (contacts.length === 0 && days.length === 0) return new Uint8Array(0)
  const bytes = Buffer.alloc(sizeOf(contacts, days))
  let at = bytes.writeUInt32BE(contacts.length)
  for (const contact of contacts) at = writeContact(bytes, at, contact, numberOf(contact.facts))
  for (const day of days) at = writeDay(bytes, at, day, numberOf(day.facts))
  return bytes
}

/**
 * @param factsOf - the facts that a number stands for; throws for one that stands for none
 * @throws Error for bytes that no ledger was made into
 */
export function decodeLedger(encoded: Uint8Array, factsOf: (number: number) => ContactFacts): ContactLedger {
  if (encoded.length === 0) return EMPTY_LEDGER
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const reader = makeReader(bytes, factsOf)
  const contacts: Contact[] = []
  for (let left = reader.count(); left > 0; left--) contacts.push(reader.contact())
  const days: ContactDay[] = []
  while (reader.hasMore()) days.push(reader.day())
  return { contacts, days }
}

function sizeOf(contacts: readonly Contact[], days: readonly ContactDay[]): number {
  let size = 4 + contacts.length * CONTACT_BYTES + days.length * DAY_BYTES
  for (const { outcomes } of contacts)
    for (const { until } of outcomes) size += OUTCOME_BYTES + (until === undefined ? 0 : TIME_BYTES)
  for (const { outcomes } of days) size += outcomes.size * COUNT_BYTES
  return size
}

function writeContact(bytes: Buffer, start: number, contact: Contact, number: number): number {
  const { at, ref, heldUntil, outcomes } = contact
  if (heldUntil !== null) throw new RangeError('a hold is not kept in a ledger')
  if (!REF_PATTERN.test(ref)) throw new RangeError('the ref of a contact is 16 hex digits')
  let next = bytes.writeUIntBE(at, start, TIME_BYTES)
  next = bytes.writeUInt32BE(number, next)
  next += bytes.write(ref, next, REF_BYTES, 'hex')
  next = bytes.writeUInt8(outcomes.length, next)
  for (const outcome of outcomes) next = writeOutcome(bytes, next, outcome)
  return next
}

function writeOutcome(bytes: Buffer, start: number, { type, at, until }: ContactOutcome): number {
  const flag = until === undefined ? 0 : HAS_UNTIL
  let next = bytes.writeUInt8(OUTCOMES.indexOf(type) | flag, start)
  next = bytes.writeUIntBE(at, next, TIME_BYTES)
  return until === undefined ? next : bytes.writeUIntBE(until, next, TIME_BYTES)
}

function writeDay(bytes: Buffer, start: number, day: ContactDay, number: number): number {
  let next = bytes.writeUInt32BE(number, start)
  next = bytes.writeUInt16BE(day.day, next)
  next = bytes.writeUInt16BE(Math.min(day.contacts, MOST), next)
  next = bytes.writeUInt8(day.outcomes.size, next)
  for (const [type, often] of day.outcomes) {
    next = bytes.writeUInt8(OUTCOMES.indexOf(type), next)
    next = bytes.writeUInt16BE(Math.min(often, MOST), next)
  }
  return next
}

/** Reads on and on; reading past the end throws a RangeError. */
function makeReader(bytes: Buffer, factsOf: (number: number) => ContactFacts) {
  // Slices of one text: much cheaper than a conversion for each ref.
  const hex = bytes.toString('hex')
  let next = 0
  const skip = (length: number) => {
    const start = next
    next += length
    if (next > bytes.length) throw new RangeError('the ledger ends too early')
    return start
  }
  const byte = () => bytes[skip(1)]!
  const count = () => bytes.readUInt32BE(skip(4))
  const short = () => bytes.readUInt16BE(skip(2))
  const time = () => bytes.readUIntBE(skip(TIME_BYTES), TIME_BYTES)
  const facts = () => factsOf(bytes.readUInt32BE(skip(FACTS_BYTES)))
  const ref = () => {
    const start = skip(REF_BYTES)
    return hex.slice(start * 2, (start + REF_BYTES) * 2)
  }
  const outcome = (): ContactOutcome => {
    const kind = byte()
    const type = outcomeOf(kind & ~HAS_UNTIL)
    const at = time()
    return (kind & HAS_UNTIL) === 0 ? { type, at } : { type, at, until: time() }
  }
  return {
    count,
    hasMore: () => next < bytes.length,
    contact(): Contact {
      const at = time()
      const about = facts()
      const named = ref()
      const outcomes: ContactOutcome[] = []
      for (let left = byte(); left > 0; left--) outcomes.push(outcome())
      return { facts: about, ref: named, at, heldUntil: null, outcomes }
    },
    day(): ContactDay {
      const about = facts()
      const day = short()
      const contacts = short()
      const outcomes = new Map<Outcome, number>()
      for (let left = byte(); left > 0; left--) {
        const type = outcomeOf(byte())
        if (outcomes.has(type)) throw new Error('an outcome is counted twice on one day')
        outcomes.set(type, short())
      }
      return { facts: about, day, contacts, outcomes }
    },
  }
}

function outcomeOf(number: number): Outcome {
  const outcome = OUTCOMES[number]
  if (outcome === undefined) throw new RangeError('there is no outcome of this number')
  return outcome
}
