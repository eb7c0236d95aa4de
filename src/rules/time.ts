/** Moments and lengths of time of the rule language, in milliseconds. */

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** The years 1 to 9999, as in CEL. */
const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

export function isTimestamp(moment: number): boolean {
  return moment >= FIRST && moment < LAST + 1
}

/** Some 292 years, as in CEL’s implementations: nanoseconds of 64 bits. */
const LONGEST = 9_223_372_036_854.775

export function isDuration(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= LONGEST
}

/** An RFC 3339 time as epoch milliseconds, or null. A day that does not exist (30 February) is none. */
export function parseTimestamp(text: string): number | null {
  if (!RFC_3339.test(text)) return null
  const moment = Date.parse(text)
  if (Number.isNaN(moment) || !isTimestamp(moment)) return null
  // Date.parse rolls some impossible days over into the next month.
  const written = Number(text.slice(8, 10))
  const midday = Date.parse(`${text.slice(0, 10)}T12:00:00Z`)
  return Number.isNaN(midday) || new Date(midday).getUTCDate() !== written ? null : moment
}

/** In nanoseconds: whole numbers, so that 1.005s is exactly 1005ms. */
const UNITS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
}
const DURATION = /^[+-]?((\d+\.?\d*|\.\d+)(h|ms|m|s|us|ns))+$/
const PART = /(\d*)\.?(\d*)(h|ms|m|s|us|ns)/g

/** A duration such as `1h30m` or `-1.5s` in milliseconds, or null. There are no days: they have no fixed length. */
export function parseDuration(text: string): number | null {
  if (/^[+-]?0$/.test(text)) return 0
  if (text.length > LONGEST_DURATION || !DURATION.test(text)) return null
  let total = 0n
  for (const [, whole, fraction, unit] of text.matchAll(PART)) {
    total += (BigInt(whole + fraction!) * UNITS[unit!]!) / 10n ** BigInt(fraction!.length)
  }
  const milliseconds = Number(total) / 1e6
  if (!isDuration(milliseconds)) return null
  return text.startsWith('-') ? -milliseconds : milliseconds
}

/** In characters: what is longer was not written by people. */
const LONGEST_DURATION = 200

/** Calendar parts of a moment in a zone, as CEL counts them. */
export interface CalendarParts {
  readonly year: number
  /** 0 = January. */
  readonly month: number
  /** 1–31. */
  readonly date: number
  /** 0 = Sunday. */
  readonly weekday: number
  /** 0 = 1 January. */
  readonly dayOfYear: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

const OFFSET = /^([+-]?)([01]\d|2[0-3]):([0-5]\d)$/

type Zone = (moment: number) => CalendarParts

/** How a zone shifts a moment; null for a zone that does not exist. Offsets (`+02:00`) are zones too. */
export function zoneOf(name: string): Zone | null {
  const offset = OFFSET.exec(name)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3])
    const shift = (offset[1] === '-' ? -minutes : minutes) * 60_000
    return (moment) => utcParts(moment + shift)
  }
  if (name === 'UTC') return utcParts
  if (!/^[A-Za-z]/.test(name)) return null
  const key = name.toLowerCase()
  const known = ZONES.get(key)
  if (known !== undefined) return known
  const zone = namedZone(name)
  if (zone !== null) ZONES.set(key, zone)
  return zone
}

/** A zone’s calendar is dear to make, and many rules share it. There are some hundred zones. */
const ZONES = new Map<string, Zone>()

function namedZone(name: string): Zone | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
  // A decision asks for the same moment many times.
  let last: { readonly moment: number; readonly parts: CalendarParts } | undefined
  return (moment) => {
    if (last?.moment !== moment) last = { moment, parts: utcParts(wallClock(format, moment)) }
    return last.parts
  }
}

/** The wall clock’s reading as if it were UTC. */
function wallClock(format: Intl.DateTimeFormat, moment: number): number {
  const part: Record<string, number> = {}
  const whole = Math.floor(moment)
  for (const { type, value } of format.formatToParts(whole)) part[type] = Number(value)
  const { year, month, day, hour, minute, second } = part
  const milliseconds = ((whole % 1000) + 1000) % 1000
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const wall = new Date(0)
  wall.setUTCFullYear(year!, month! - 1, day!)
  return wall.setUTCHours(hour!, minute!, second!, milliseconds)
}

const DAY = 86_400_000

function utcParts(moment: number): CalendarParts {
  const whole = Math.floor(moment)
  const date = new Date(whole)
  const year = date.getUTCFullYear()
  return {
    year,
    month: date.getUTCMonth(),
    date: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((whole - new Date(0).setUTCFullYear(year, 0, 1)) / DAY),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  }
}
