import type { Contact, ContactDay, ContactFacts, ContactLedger, ContactOutcome } from '../domain/contact.ts'
import { EMPTY_LEDGER } from '../domain/contact.ts'
import { OUTCOMES, type Outcome } from '../domain/outcome.ts'

/** First byte: how wide the columns are. */
const WIDE_TIMES = 1
const WIDE_FACTS = 2
const COUNT_BYTES = 3
const HEAD_BYTES = 1 + COUNT_BYTES
const REF_BYTES = 8
const REF_PATTERN = /^[0-9a-f]{16}$/
/** u48: epoch milliseconds. */
const TIME_BYTES = 6
/** u32: milliseconds after the contact before, up to seven weeks. */
const GAP_BYTES = 4

/** An outcome’s first byte: which one, how its time is written, and what follows. */
const WHICH = 0x0f
const NO_OUTCOME = 0x0f
const TIME_SHIFT = 4
const HAS_UNTIL = 0x40
const HAS_MORE = 0x80
/** Milliseconds after what came before it: none, u16 (a minute), u24 (four hours); or its time. */
const SAME_TIME = 0
const WITHIN_A_MINUTE = 1
const WITHIN_HOURS = 2
const ANY_TIME = 3
const BYTES_OF_TIME = [0, 2, 3, TIME_BYTES] as const

const MOST = 0xffff

interface Shape {
  readonly wideTimes: boolean
  readonly wideFacts: boolean
}

/**
 * A ledger as bytes, big-endian; nothing at all when it is empty. u8 widths, u24 contacts, the time of the first one, all
 * refs, then of each contact: time after the one before, facts, what came of it. Columns are as wide as this ledger needs:
 * times u32 after the contact before (in order, seven weeks apart at most) or u48 each, facts u16 or u32. A contact takes
 * 15 bytes, with the outcome that confirmed it 17 in the first minute and 18 in the first four hours. At last the days:
 * facts, u16 day, u16 contacts, u8 outcomes, of each u8 which one and u16 how often. Counts of a day end at 65,535.
 * @param numberOf - the number that stands for such facts
 * @throws RangeError for a hold, for a ref that is not 16 hex digits, for a time before 1970
 */
export function encodeLedger(
  { contacts, days }: ContactLedger,
  numberOf: (facts: ContactFacts) => number,
): Uint8Array {
  if (contacts.length === 0 && days.length === 0) return new Uint8Array(0)
  const numbers = [...contacts, ...days].map(({ facts }) => numberOf(facts))
  const shape = { wideTimes: !areNear(contacts), wideFacts: numbers.some((number) => number > MOST) }
  const bytes = Buffer.alloc(sizeOf(contacts, days, shape))
  let at = bytes.writeUInt8((shape.wideTimes ? WIDE_TIMES : 0) | (shape.wideFacts ? WIDE_FACTS : 0))
  at = bytes.writeUIntBE(contacts.length, at, COUNT_BYTES)
  for (const contact of contacts) at += bytes.write(refOf(contact), at, REF_BYTES, 'hex')
  for (const [i, contact] of contacts.entries()) {
    at = writeTime(bytes, at, contact.at, shape.wideTimes ? undefined : contacts[i - 1]?.at)
    at = writeFacts(bytes, at, numbers[i]!, shape)
    at = writeOutcomes(bytes, at, contact)
  }
  for (const [i, day] of days.entries()) {
    at = writeFacts(bytes, at, numbers[contacts.length + i]!, shape)
    at = writeDay(bytes, at, day)
  }
  return bytes
}

/** In order of time, and no gap that 32 bits do not hold. */
function areNear(contacts: readonly Contact[]): boolean {
  return contacts.every(({ at }, i) => {
    const gap = i === 0 ? 0 : at - contacts[i - 1]!.at
    return gap >= 0 && gap <= 0xffff_ffff
  })
}

function sizeOf(contacts: readonly Contact[], days: readonly ContactDay[], shape: Shape): number {
  const factsBytes = shape.wideFacts ? 4 : 2
  let size = HEAD_BYTES + contacts.length * (REF_BYTES + factsBytes)
  if (contacts.length > 0)
    size += TIME_BYTES + (contacts.length - 1) * (shape.wideTimes ? TIME_BYTES : GAP_BYTES)
  for (const contact of contacts) size += outcomeBytes(contact)
  for (const { outcomes } of days) size += factsBytes + 5 + outcomes.size * 3
  return size
}

function outcomeBytes({ at, outcomes }: Contact): number {
  let size = outcomes.length === 0 ? 1 : 0
  let before = at
  for (const outcome of outcomes) {
    size += 1 + BYTES_OF_TIME[timeCode(outcome.at - before)] + (outcome.until === undefined ? 0 : TIME_BYTES)
    before = outcome.at
  }
  return size
}

function timeCode(
  after: number,
): typeof SAME_TIME | typeof WITHIN_A_MINUTE | typeof WITHIN_HOURS | typeof ANY_TIME {
  if (after === 0) return SAME_TIME
  if (after < 0 || after > 0xff_ffff || !Number.isInteger(after)) return ANY_TIME
  return after <= MOST ? WITHIN_A_MINUTE : WITHIN_HOURS
}

function refOf({ ref, heldUntil }: Contact): string {
  if (heldUntil !== null) throw new RangeError('a hold is not kept in a ledger')
  if (!REF_PATTERN.test(ref)) throw new RangeError('the ref of a contact is 16 hex digits')
  return ref
}

function writeTime(bytes: Buffer, start: number, time: number, before: number | undefined): number {
  return before === undefined
    ? bytes.writeUIntBE(time, start, TIME_BYTES)
    : bytes.writeUInt32BE(time - before, start)
}

function writeFacts(bytes: Buffer, start: number, number: number, { wideFacts }: Shape): number {
  return wideFacts ? bytes.writeUInt32BE(number, start) : bytes.writeUInt16BE(number, start)
}

function writeOutcomes(bytes: Buffer, start: number, { at, outcomes }: Contact): number {
  if (outcomes.length === 0) return bytes.writeUInt8(NO_OUTCOME, start)
  let next = start
  let before = at
  for (const [i, outcome] of outcomes.entries()) {
    next = writeOutcome(bytes, next, outcome, before, i < outcomes.length - 1)
    before = outcome.at
  }
  return next
}

function writeOutcome(
  bytes: Buffer,
  start: number,
  { type, at, until }: ContactOutcome,
  before: number,
  hasMore: boolean,
): number {
  const which = OUTCOMES.indexOf(type)
  if (which < 0) throw new RangeError('there is no such outcome')
  const code = timeCode(at - before)
  const flags = (until === undefined ? 0 : HAS_UNTIL) | (hasMore ? HAS_MORE : 0)
  let next = bytes.writeUInt8(which | (code << TIME_SHIFT) | flags, start)
  if (code === ANY_TIME) next = bytes.writeUIntBE(at, next, TIME_BYTES)
  else if (code !== SAME_TIME) next = bytes.writeUIntBE(at - before, next, BYTES_OF_TIME[code])
  return until === undefined ? next : bytes.writeUIntBE(until, next, TIME_BYTES)
}

function writeDay(bytes: Buffer, start: number, day: ContactDay): number {
  let next = bytes.writeUInt16BE(day.day, start)
  next = bytes.writeUInt16BE(Math.min(day.contacts, MOST), next)
  next = bytes.writeUInt8(day.outcomes.size, next)
  for (const [type, often] of day.outcomes) {
    next = bytes.writeUInt8(OUTCOMES.indexOf(type), next)
    next = bytes.writeUInt16BE(Math.min(often, MOST), next)
  }
  return next
}

/**
 * One loop without a function for each part: every decision decodes a ledger. Reading past the end throws a RangeError.
 * @param factsOf - the facts that a number stands for; throws for one that stands for none
 * @throws Error for bytes that no ledger was made into
 */
export function decodeLedger(encoded: Uint8Array, factsOf: (number: number) => ContactFacts): ContactLedger {
  const length = encoded.length
  if (length === 0) return EMPTY_LEDGER
  const view = new DataView(encoded.buffer, encoded.byteOffset, length)
  const shape = view.getUint8(0)
  if (shape > (WIDE_TIMES | WIDE_FACTS)) throw new RangeError('there are no columns of this width')
  const wideTimes = (shape & WIDE_TIMES) !== 0
  const wideFacts = (shape & WIDE_FACTS) !== 0
  const count = uint24(view, 1)
  let next = HEAD_BYTES + count * REF_BYTES
  if (next > length) throw new RangeError('the ledger ends too early')
  // Slices of one text: much cheaper than a conversion for each ref.
  const refs = Buffer.from(encoded.buffer, encoded.byteOffset, length).toString('hex', HEAD_BYTES, next)
  const contacts: Contact[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (i === 0 || wideTimes) {
      at = uint48(view, next)
      next += TIME_BYTES
    } else {
      at += view.getUint32(next)
      next += GAP_BYTES
    }
    const facts = factsOf(wideFacts ? view.getUint32(next) : view.getUint16(next))
    next += wideFacts ? 4 : 2
    const outcomes: ContactOutcome[] = []
    let before = at
    for (let more = true; more; ) {
      const first = view.getUint8(next++)
      more = (first & HAS_MORE) !== 0
      if (first === NO_OUTCOME && outcomes.length === 0) break
      const type = outcomeOf(first & WHICH)
      const code = (first >> TIME_SHIFT) & 3
      if (code === WITHIN_A_MINUTE) before += view.getUint16(next)
      else if (code === WITHIN_HOURS) before += uint24(view, next)
      else if (code === ANY_TIME) before = uint48(view, next)
      next += BYTES_OF_TIME[code]!
      if ((first & HAS_UNTIL) === 0) outcomes.push({ type, at: before })
      else {
        outcomes.push({ type, at: before, until: uint48(view, next) })
        next += TIME_BYTES
      }
    }
    const start = i * 2 * REF_BYTES
    contacts.push({ facts, ref: refs.slice(start, start + 2 * REF_BYTES), at, heldUntil: null, outcomes })
  }
  return { contacts, days: decodeDays(view, next, wideFacts, factsOf) }
}

function decodeDays(
  view: DataView,
  start: number,
  wideFacts: boolean,
  factsOf: (number: number) => ContactFacts,
): ContactDay[] {
  const days: ContactDay[] = []
  let next = start
  while (next < view.byteLength) {
    const facts = factsOf(wideFacts ? view.getUint32(next) : view.getUint16(next))
    next += wideFacts ? 4 : 2
    const day = view.getUint16(next)
    const contacts = view.getUint16(next + 2)
    const outcomes = new Map<Outcome, number>()
    const count = view.getUint8(next + 4)
    next += 5
    for (let i = 0; i < count; i++, next += 3) {
      const type = outcomeOf(view.getUint8(next))
      if (outcomes.has(type)) throw new Error('an outcome is counted twice on one day')
      outcomes.set(type, view.getUint16(next + 1))
    }
    days.push({ facts, day, contacts, outcomes })
  }
  return days
}

function uint24(view: DataView, at: number): number {
  return (view.getUint8(at) << 16) | view.getUint16(at + 1)
}

function uint48(view: DataView, at: number): number {
  return view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2)
}

function outcomeOf(number: number): Outcome {
  const outcome = OUTCOMES[number]
  if (outcome === undefined) throw new RangeError('there is no outcome of this number')
  return outcome
}
