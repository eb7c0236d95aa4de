import { didYouMean } from '../domain/nearest.ts'
import { Undecided } from '../domain/rule.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import { type CalendarParts, parseDuration, parseTimestamp, zoneOf } from './time.ts'
import type { Node } from './tree.ts'
import {
  type Evaluate,
  isList,
  isUndecided,
  sizeOfText,
  type Type,
  typeName,
  undecidedOf,
  type Value,
} from './value.ts'

type Compute = (value: Value, argument: Value) => Value

interface Signature {
  readonly result: Type
  readonly compute: Compute
}

const failed = (what: string) => new Undecided('failed', what)

const size: Signature = {
  result: 'number',
  compute: (value) => (typeof value === 'string' ? sizeOfText(value) : (value as readonly Value[]).length),
}
const truncated = (unit: number): Signature => ({
  result: 'number',
  compute: (value) => Math.trunc((value as number) / unit),
})

/** Functions and methods by name and the types they are for: `startsWith` of a string with a string. */
const SIGNATURES: Readonly<Record<string, Readonly<Record<string, Signature>>>> = {
  size: { string: size, list: size },
  contains: { 'string string': { result: 'bool', compute: (a, b) => (a as string).includes(b as string) } },
  startsWith: {
    'string string': { result: 'bool', compute: (a, b) => (a as string).startsWith(b as string) },
  },
  endsWith: { 'string string': { result: 'bool', compute: (a, b) => (a as string).endsWith(b as string) } },
  string: {
    number: { result: 'string', compute: (value) => String(value) },
    bool: { result: 'string', compute: (value) => String(value) },
    string: { result: 'string', compute: (value) => value },
  },
  double: {
    number: { result: 'number', compute: (value) => value },
    string: { result: 'number', compute: (value) => numberOf(value as string, DECIMAL) },
  },
  int: {
    number: { result: 'number', compute: (value) => wholeOf(value as number) },
    string: { result: 'number', compute: (value) => numberOf(value as string, WHOLE) },
  },
  timestamp: {
    string: {
      result: 'timestamp',
      compute: (value) => parseTimestamp(value as string) ?? failed('a text that is no RFC 3339 time'),
    },
    timestamp: { result: 'timestamp', compute: (value) => value },
  },
  duration: {
    string: {
      result: 'duration',
      compute: (value) => parseDuration(value as string) ?? failed('a text that is no duration'),
    },
    duration: { result: 'duration', compute: (value) => value },
  },
  getHours: { duration: truncated(3_600_000) },
  getMinutes: { duration: truncated(60_000) },
  getSeconds: { duration: truncated(1000) },
  getMilliseconds: {
    duration: { result: 'number', compute: (value) => Math.trunc((value as number) % 1000) },
  },
}

/** What of a moment the calendar tells, in a zone. Counted as CEL does: months and days of the year from 0. */
const CALENDAR: Readonly<Record<string, (parts: CalendarParts) => number>> = {
  getFullYear: (parts) => parts.year,
  getMonth: (parts) => parts.month,
  getDate: (parts) => parts.date,
  getDayOfMonth: (parts) => parts.date - 1,
  getDayOfWeek: (parts) => parts.weekday,
  getDayOfYear: (parts) => parts.dayOfYear,
  getHours: (parts) => parts.hour,
  getMinutes: (parts) => parts.minute,
  getSeconds: (parts) => parts.second,
  getMilliseconds: (parts) => parts.millisecond,
}

/** Those that may be written before their value, and not only after it. */
const FUNCTIONS: ReadonlySet<string> = new Set(['size', 'string', 'double', 'int', 'timestamp', 'duration'])
/** Those that may be written after their value. */
const METHODS: ReadonlySet<string> = new Set([
  'size',
  'contains',
  'startsWith',
  'endsWith',
  ...Object.keys(CALENDAR),
])

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const WHOLE = /^[+-]?\d+$/

function numberOf(text: string, form: RegExp): Value {
  return form.test(text) ? Number(text) : failed('a text that is no number')
}

/** Towards zero, which has no sign. */
function wholeOf(value: number): Value {
  return Number.isFinite(value) ? Math.trunc(value) + 0 : failed('a number without end')
}

/** `size(x)` and the like, or `x.size()`; macros are not here. */
export function translateCall(
  node: Node,
  name: string,
  of: Node | null,
  args: readonly Node[],
  work: Work,
): Part {
  const known = of === null ? FUNCTIONS : METHODS
  if (!known.has(name)) return unknownFunction(node, name, of, work)
  const operands = of === null ? args : [of, ...args]
  const parts = operands.map((operand) => work.translate(operand, work))
  if (parts.some(({ type }) => type === null)) return FAULTY
  if (parts[0]?.type === 'timestamp' && Object.hasOwn(CALENDAR, name)) {
    return calendar(node, name, parts as [Part, ...Part[]], work)
  }
  const types = parts.map(({ type }) => (isList(type!) ? 'list' : typeName(type!)))
  const signatures = SIGNATURES[name] ?? {}
  const signature = signatures[types.join(' ')]
  if (signature === undefined) {
    const wanted = Object.keys(signatures).map((key) => andJoined(key.split(' ')))
    if (Object.hasOwn(CALENDAR, name)) wanted.push('a timestamp')
    return fault(work, node, `${name}() is not for ${andJoined(types)}`, `it is for ${wanted.join(' or ')}`)
  }
  const part: Part = { type: signature.result, evaluate: apply(signature.compute, parts) }
  return parts.every(({ constant }) => constant !== undefined) ? settled(node, part, work) : part
}

function andJoined(types: readonly string[]): string {
  return types.length === 0 ? 'nothing' : types.map((type) => `a ${type}`).join(' and ')
}

function apply(compute: Compute, [a, b]: readonly Part[]): Evaluate {
  const left = a!.evaluate
  if (b === undefined) {
    return (context) => {
      const value = left(context)
      return isUndecided(value) ? value : compute(value, false)
    }
  }
  const right = b.evaluate
  return (context) => {
    const value = left(context)
    const argument = right(context)
    return undecidedOf(value, argument) ?? compute(value, argument)
  }
}

/** What is written out is worked out on saving: `timestamp("2026-13-01…")` is a fault there, and costs nothing later. */
function settled(node: Node, part: Part, work: Work): Part {
  const value = part.evaluate(NO_CONTEXT)
  if (isUndecided(value))
    return fault(work, node, `this is ${value.name}`, EXAMPLES[typeName(part.type!)] ?? 'correct it')
  return typeof value === 'object' ? part : { type: part.type, evaluate: () => value, constant: value }
}

/** Constants look at nothing. */
const NO_CONTEXT = undefined as never
const EXAMPLES: Readonly<Record<string, string>> = {
  timestamp: 'write it like timestamp("2026-12-24T00:00:00Z")',
  duration: 'write it like duration("72h") or duration("1h30m"); a day is 24h',
  number: 'write the number itself',
}

function calendar(
  node: Node,
  name: string,
  [moment, zone, ...more]: readonly [Part, ...Part[]],
  work: Work,
): Part {
  const example = `${name}("Europe/Berlin")`
  if (zone === undefined) {
    const remedy = `name the zone: ${example}, or "UTC" if that is meant`
    return fault(work, node, `${name}() without a time zone would be in UTC`, remedy)
  }
  if (typeof zone.constant !== 'string' || more.length > 0) {
    return fault(work, node, `${name}() takes one time zone, written out`, `write ${example}`)
  }
  const partsIn = zoneOf(zone.constant)
  if (partsIn === null) {
    return fault(work, node, `there is no time zone "${zone.constant}"`, `use an IANA name: ${example}`)
  }
  const read = CALENDAR[name]!
  const { evaluate } = moment
  return {
    type: 'number',
    evaluate: (context) => {
      const value = evaluate(context)
      return typeof value === 'number' ? read(partsIn(value)) : value
    },
  }
}

function unknownFunction(node: Node, name: string, of: Node | null, work: Work): Part {
  if (name === 'matches') {
    const remedy = 'use startsWith, endsWith, contains or "in"'
    return fault(work, node, 'matches() is not offered: a pattern can take for ever', remedy)
  }
  if ((of === null ? METHODS : FUNCTIONS).has(name)) {
    const remedy =
      of === null ? `write it after its value: x.${name}(…)` : `write it before its value: ${name}(x)`
    return fault(work, node, `${name}() stands at the wrong place`, remedy)
  }
  const all = [
    ...(of === null ? FUNCTIONS : METHODS),
    ...(of === null ? ['has'] : ['exists', 'all', 'filter', 'map']),
  ]
  return fault(
    work,
    node,
    `there is no ${of === null ? 'function' : 'method'} ${name}()`,
    didYouMean(name, all, ''),
  )
}
