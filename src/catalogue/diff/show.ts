import type { Json } from '../../domain/canonical-json.ts'
import { isList, isMap } from './json-parts.ts'

/** Keys that hold a rule, and what the rule is called. */
export const RULE_NAMES: ReadonlyMap<string, string> = new Map([
  ['eligibility', 'eligibility'],
  ['applicability', 'applicability'],
  ['suitability', 'suitability'],
  ['claims', 'claim'],
  ['when', 'condition'],
])

/**
 * How a value looks in a sentence. `settings`: keys in words, quotes only round what has white space. `names`: keys as
 * they are written, for those are the editor’s own. `content`: as `names`, and texts are always quoted. `rule`: bare.
 */
export type Look = 'settings' | 'names' | 'content' | 'rule'

const LIMIT = 80
/** What is kept of the common beginning where a cut would hide the difference. */
const LEAD = 30

/** `maxPerSlate` as `max per slate`. */
export function words(key: string): string {
  if (key === 'minPropensity') return 'minimum propensity'
  return key.replace(/(?<=[a-z0-9])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
}

/** A value in at most 80 characters. */
export function show(value: Json, look: Look = 'settings'): string {
  if (typeof value === 'string') return quoted(cutAfter(value, 0), look)
  return cutAfter(render(value, look), 0)
}

/** Two values that are not the same, so that a reader sees the difference, however far inside a long text it is. */
export function showBoth(from: Json, to: Json, look: Look = 'settings'): readonly [string, string] {
  if (typeof from === 'string' && typeof to === 'string') {
    const [was, is] = cutBoth(from, to)
    return [quoted(was, look), quoted(is, look)]
  }
  const [was, is] = [render(from, look), render(to, look)]
  // The text "12" and the number 12 look the same until they are written as JSON.
  return was === is ? cutBoth(JSON.stringify(from), JSON.stringify(to)) : cutBoth(was, is)
}

/** A sentence in one line that a terminal may print: what does not print is spelt out. */
export function visible(text: string): string {
  return text
    .replace(/\r?\n/g, '⏎')
    .replace(
      /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
      (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
}

/** `German` for `de`; the tag where the language has no name. */
export function languageName(tag: string): string {
  try {
    return LANGUAGES.of(tag) ?? tag
  } catch {
    return tag
  }
}
const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' })

/** `a, b and 3 more`: a list that may be long. */
export function showIds(ids: readonly string[], most = 8): string {
  if (ids.length <= most + 1) return ids.join(', ')
  return `${ids.slice(0, most).join(', ')} and ${ids.length - most} more`
}

/** Midnight as its day, any other moment as it is written; as written too where the days would not tell them apart. */
export function showTimes<Times extends readonly string[]>(times: Times): { [K in keyof Times]: string } {
  const days = times.map((time) => time.replace(/T00:00(:00(\.0+)?)?(Z|[+-]\d\d:\d\d)$/i, ''))
  const told = new Set(days).size === new Set(times).size ? days : times
  return told as { [K in keyof Times]: string }
}

function render(value: Json, look: Look): string {
  if (typeof value === 'string') return quoted(value, look)
  if (isList(value)) return value.map((inner) => render(inner, look)).join(', ') || 'nothing'
  if (isMap(value)) {
    const members = Object.entries(value).map(([key, inner]) => member(key, inner, look))
    return members.join(', ') || 'nothing'
  }
  return String(value)
}

function member(key: string, value: Json, look: Look): string {
  if (look !== 'settings') return `${key} ${render(value, look)}`
  return `${words(key)} ${render(value, RULE_NAMES.has(key) ? 'rule' : look)}`
}

function quoted(text: string, look: Look): string {
  if (look === 'rule' && text !== '') return text
  return look === 'content' || text === '' || /\s/.test(text) ? `“${text}”` : text
}

function cutBoth(from: string, to: string): readonly [string, string] {
  const [a, b] = [[...from], [...to]]
  let common = 0
  while (common < a.length && a[common] === b[common]) common++
  const short = Math.max(a.length, b.length) <= LIMIT
  const start = short || common < LIMIT - LEAD ? 0 : wordStart(a, common - LEAD, common)
  return [cutAfter(from, start), cutAfter(to, start)]
}

/** The first start of a word between two places, or the first of them. */
function wordStart(characters: readonly string[], from: number, to: number): number {
  const space = characters.indexOf(' ', from)
  return space >= 0 && space < to ? space + 1 : from
}

/** At most 80 characters from a start; … stands for what is left out. */
function cutAfter(text: string, start: number): string {
  const characters = [...text]
  const room = start > 0 ? LIMIT - 1 : LIMIT
  const rest = characters.slice(start)
  const kept = rest.length <= room ? rest.join('') : `${rest.slice(0, room - 1).join('')}…`
  return start > 0 ? `…${kept}` : kept
}
