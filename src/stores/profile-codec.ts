import type { Attributes, Scalar } from '../domain/attributes.ts'
import type { ConsentStatement } from '../domain/consent.ts'
import type { ContactFacts } from '../domain/contact.ts'
import { NO_PREFERENCES, type Preferences } from '../domain/preferences.ts'
import type { Profile } from '../domain/profile.ts'
import { type ByteReader, type GrowingBytes, makeGrowingBytes } from './growing-bytes.ts'

/** First byte of a value. */
const FALSE = 0
const TRUE = 1
/** Its length, UTF-8. */
const TEXT = 2
/** f64. */
const NUMBER = 3
/** Whole numbers: a count, or what a count is below nought. */
const WHOLE = 4
const BELOW_NOUGHT = 5
/** Its length, UTF-16: half a character has no UTF-8. */
const TORN_TEXT = 6
/** From here on: UTF-8 of so many bytes less this. */
const SHORT_TEXT = 16
const MOST_SHORT = 255 - SHORT_TEXT

/** First byte of a statement. */
const REFUSED = 1
const HAS_PURPOSE = 2
const HAS_CHANNEL = 4
const HAS_ADDRESS = 8
/** Of an address: sixteen bytes, as keys of addresses are; or a value. */
const IS_KEY = 16
const HAS_TIME = 32
const KEY_BYTES = 16
const KEY_PATTERN = /^[\w-]{21}[AQgw]$/

/**
 * The facts under whose number the dictionary keeps a name: attributes, purposes and channels have names that stand in
 * every record, and a number takes a tenth of their room.
 */
export function nameAsFacts(name: string): ContactFacts {
  return {
    channel: name,
    placement: undefined,
    action: undefined,
    group: undefined,
    tier: 'mandatory',
    kind: 'activity',
  }
}

/** All that {@link encodeProfile} asks a number for. */
export function namesIn({ attributes, consents }: Profile): string[] {
  return [
    ...Object.keys(attributes),
    ...consents.flatMap(({ purpose, channel }) => [purpose, channel].filter((name) => name !== null)),
  ]
}

/**
 * A profile as bytes: the difference of `updatedAt` to nought; preferences as JSON behind its length; attributes behind
 * their count, each the number of its name and its value; statements behind their count.
 * @throws RangeError for times that are no whole milliseconds
 */
export function encodeProfile(profile: Profile, numberOf: (facts: ContactFacts) => number): Uint8Array {
  const bytes = makeGrowingBytes()
  const { attributes, preferences, consents, updatedAt } = profile
  const nameNumber = (name: string) => numberOf(nameAsFacts(name))
  bytes.difference(updatedAt)
  const wishes = JSON.stringify(preferences)
  const isNoWish = wishes === '{}'
  const json = Buffer.from(isNoWish ? '' : wishes)
  bytes.count(json.length)
  bytes.raw(json)
  const known = Object.entries(attributes)
  bytes.count(known.length)
  for (const [name, value] of known) {
    bytes.count(nameNumber(name))
    writeValue(bytes, value)
  }
  bytes.count(consents.length)
  let before = updatedAt
  for (const statement of consents) {
    writeStatement(bytes, statement, before, nameNumber)
    before = statement.toldAt
  }
  return bytes.whole()
}

/** @throws Error for bytes that no profile was made into */
export function decodeProfile(reader: ByteReader, factsOf: (number: number) => ContactFacts): Profile {
  const updatedAt = reader.difference()
  const wishes = reader.count()
  const preferences =
    wishes === 0 ? NO_PREFERENCES : (JSON.parse(reader.raw(wishes).toString('utf8')) as Preferences)
  const attributes: Record<string, Scalar> = {}
  for (let left = reader.count(); left > 0; left--)
    setOwn(attributes, factsOf(reader.count()).channel, readValue(reader))
  const consents: ConsentStatement[] = []
  let before = updatedAt
  for (let left = reader.count(); left > 0; left--) {
    const statement = readStatement(reader, before, factsOf)
    consents.push(statement)
    before = statement.toldAt
  }
  return { attributes: attributes as Attributes, preferences, consents, updatedAt }
}

/** An attribute of this one name would become what its object inherits from. */
function setOwn(attributes: Record<string, Scalar>, name: string, value: Scalar): void {
  if (name !== '__proto__') attributes[name] = value
  else
    Object.defineProperty(attributes, name, { value, enumerable: true, writable: true, configurable: true })
}

function writeValue(bytes: GrowingBytes, value: Scalar): void {
  if (typeof value === 'boolean') bytes.byte(value ? TRUE : FALSE)
  else if (typeof value === 'string') writeText(bytes, value)
  else if (Number.isSafeInteger(value)) {
    bytes.byte(value < 0 ? BELOW_NOUGHT : WHOLE)
    bytes.count(Math.abs(value))
  } else {
    bytes.byte(NUMBER)
    const number = Buffer.alloc(8)
    number.writeDoubleBE(value)
    bytes.raw(number)
  }
}

function writeText(bytes: GrowingBytes, text: string): void {
  const isWhole = !/\p{Surrogate}/u.test(text)
  const encoded = Buffer.from(text, isWhole ? 'utf8' : 'utf16le')
  if (isWhole && encoded.length <= MOST_SHORT) bytes.byte(SHORT_TEXT + encoded.length)
  else {
    bytes.byte(isWhole ? TEXT : TORN_TEXT)
    bytes.count(encoded.length)
  }
  bytes.raw(encoded)
}

function readValue(reader: ByteReader): Scalar {
  const first = reader.byte()
  if (first >= SHORT_TEXT) return reader.text(first - SHORT_TEXT)
  switch (first) {
    case FALSE:
      return false
    case TRUE:
      return true
    case WHOLE:
      return reader.count()
    case BELOW_NOUGHT:
      return -reader.count()
    case NUMBER:
      return reader.raw(8).readDoubleBE()
    case TEXT:
      return reader.text(reader.count())
    case TORN_TEXT:
      return reader.raw(reader.count()).toString('utf16le')
    default:
      throw new RangeError('there is no value of this kind')
  }
}

/** When it was told counts from what was told before it, and when it was made from when it was told. */
function writeStatement(
  bytes: GrowingBytes,
  { purpose, channel, address, state, at, toldAt }: ConsentStatement,
  before: number,
  nameNumber: (name: string) => number,
): void {
  const isKey = address !== null && KEY_PATTERN.test(address)
  bytes.byte(
    (state === 'refused' ? REFUSED : 0) |
      (purpose === null ? 0 : HAS_PURPOSE) |
      (channel === null ? 0 : HAS_CHANNEL) |
      (address === null ? 0 : HAS_ADDRESS) |
      (isKey ? IS_KEY : 0) |
      (at === null ? 0 : HAS_TIME),
  )
  if (purpose !== null) bytes.count(nameNumber(purpose))
  if (channel !== null) bytes.count(nameNumber(channel))
  if (isKey) bytes.raw(Buffer.from(address, 'base64url'))
  else if (address !== null) writeText(bytes, address)
  bytes.difference(toldAt - before)
  if (at !== null) bytes.difference(toldAt - at)
}

function readStatement(
  reader: ByteReader,
  before: number,
  factsOf: (number: number) => ContactFacts,
): ConsentStatement {
  const flags = reader.byte()
  const purpose = (flags & HAS_PURPOSE) === 0 ? null : factsOf(reader.count()).channel
  const channel = (flags & HAS_CHANNEL) === 0 ? null : factsOf(reader.count()).channel
  const address = (flags & HAS_ADDRESS) === 0 ? null : readAddress(reader, (flags & IS_KEY) !== 0)
  const toldAt = before + reader.difference()
  const at = (flags & HAS_TIME) === 0 ? null : toldAt - reader.difference()
  return { purpose, channel, address, state: (flags & REFUSED) === 0 ? 'granted' : 'refused', at, toldAt }
}

function readAddress(reader: ByteReader, isKey: boolean): string {
  return isKey ? reader.raw(KEY_BYTES).toString('base64url') : String(readValue(reader))
}
