import type { Change } from './change.ts'
import type { Language, Sentence } from './language.ts'
import { localTime } from './local-time.ts'
import type { Outcome } from './outcome.ts'
import type { Reason, Value, Values } from './reason.ts'
import {
  CHANGES,
  OUTCOME_WORDS,
  PHRASES,
  REASONS,
  SLATE_CODES,
  type SlateCode,
  UNIT_WORDS,
} from './reason-sentences.ts'
import { moneyNumber, wireNumber } from './wire-number.ts'

/** In which language, and in which zone moments are told. */
export interface Telling {
  readonly language: Language
  readonly timeZone: string
}

/** The reason as a sentence. */
export function reasonText({ code, values }: Reason, telling: Telling): string {
  return fill(REASONS[code], values, telling)
}

/** What a slate’s code means. */
export function slateText(code: SlateCode, telling: Telling): string {
  return fill(SLATE_CODES[code], {}, telling)
}

/** The change as a sentence. */
export function changeText(change: Change, telling: Telling): string {
  switch (change.kind) {
    case 'time':
      return fill(CHANGES.time, { from: change.from }, telling)
    case 'cap':
      return fill(CHANGES.cap, { policy: change.policy, max: change.max, is: change.is }, telling)
    case 'threshold':
      return fill(CHANGES.threshold, { minimum: change.minimum }, telling)
    case 'comparison': {
      const { name, op, wanted } = change.needs
      const condition = `${name} ${op} ${JSON.stringify(wanted)}`
      if (change.is === undefined) return fill(CHANGES.comparison_unknown, { condition, name }, telling)
      return fill(CHANGES.comparison, { condition, name, is: JSON.stringify(change.is) }, telling)
    }
  }
}

/** By its text: what stands between the values of a sentence, and their names in turn. */
const partsOf = new Map<string, readonly string[]>()

/** A value that was forgotten stands there with its braces instead of hiding. */
function fill(sentence: Sentence, values: Values, telling: Telling): string {
  const text = sentence[telling.language]
  let parts = partsOf.get(text)
  if (parts === undefined) {
    parts = text.split(/\{(\w+)\}/)
    partsOf.set(text, parts)
  }
  let filled = parts[0]!
  for (let i = 1; i < parts.length; i += 2) {
    const name = parts[i]!
    const value = values[name]
    filled += (value === undefined ? `{${name}}` : valueText(name, value, telling)) + parts[i + 1]!
  }
  return filled
}

/** Numbers of these names are scores, told as on the wire. */
const SCORES: ReadonlySet<string> = new Set([...['propensity', 'priority', 'most', 'weight', 'lever']])
/** Numbers of these names are moments. */
const MOMENTS: ReadonlySet<string> = new Set(['from', 'to', 'until', 'since', 'at'])

function valueText(name: string, value: Value, telling: Telling): string {
  if (typeof value === 'string') return wordsOf(name, value, telling.language)
  if (typeof value === 'object') return fill(PHRASES[value.phrase], value.values, telling)
  if (MOMENTS.has(name)) return momentText(value, telling)
  const text = String(SCORES.has(name) ? wireNumber(value) : name === 'value' ? moneyNumber(value) : value)
  return telling.language === 'de' ? text.replace('.', ',') : text
}

/** Texts of these names are outcomes or durations, and have words. */
function wordsOf(name: string, text: string, language: Language): string {
  switch (name) {
    case 'outcome':
    case 'without':
      return OUTCOME_WORDS[text as Outcome][language]
    case 'window':
    case 'within':
      return durationText(text, language === 'de' ? 'deIn' : language)
    case 'duration':
      return durationText(text, language)
    default:
      return text
  }
}

/** `7d` as “7 days”. */
function durationText(text: string, language: Language | 'deIn'): string {
  const [one, many] = UNIT_WORDS[text.slice(-1)]![language]
  const count = text.slice(0, -1)
  return `${count} ${count === '1' ? one : many}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** To the minute, upwards: before it, what begins then has not begun. */
function momentText(epochMs: number, { language, timeZone }: Telling): string {
  const { day, hour, minute } = localTime(Math.ceil(epochMs / 60_000) * 60_000, timeZone)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  if (language === 'de') return `${date}.${month}.${year}, ${clock} Uhr`
  return `${date} ${MONTHS[month - 1]} ${year}, ${clock}`
}
