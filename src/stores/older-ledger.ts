import type { Contact, ContactDay, ContactFacts, ContactLedger, ContactOutcome } from '../domain/contact.ts'
import { EMPTY_LEDGER } from '../domain/contact.ts'
import { OUTCOMES, type Outcome } from '../domain/outcome.ts'

/** u48: epoch milliseconds. */
const TIME_BYTES = 6
/** u32: the number of the facts. */
const FACTS_BYTES = 4
const REF_BYTES = 8
/** Beside the number of an outcome: a time follows, until when somebody wants to be left alone. */
const HAS_UNTIL = 0x80

/**
 * A ledger of a record of format 2: u32 contacts (u48 time, u32 facts, 8 bytes ref, u8 outcomes, each u8 which one and u48
 * time), then days (u32 facts, u16 day, u16 contacts, u8 outcomes, each u8 which one and u16 how often).
 * @param factsOf - the facts that a number stands for; throws for one that stands for none
 * @throws Error for bytes that no ledger was made into
 */
export function decodeOlderLedger(
  encoded: Uint8Array,
  factsOf: (number: number) => ContactFacts,
): ContactLedger {
  if (encoded.length === 0) return EMPTY_LEDGER
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const reader = makeReader(bytes, factsOf)
  const contacts: Contact[] = []
  for (let left = reader.count(); left > 0; left--) contacts.push(reader.contact())
  const days: ContactDay[] = []
  while (reader.hasMore()) days.push(reader.day())
  return { contacts, days }
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
