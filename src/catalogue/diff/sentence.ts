import type { Json } from '../../domain/canonical-json.ts'
import { actionPhrase, actionSummary, contentPhrase } from './action-phrases.ts'
import type { Change, Difference } from './change.ts'
import { differences } from './differences.ts'
import { fieldPhrase } from './field-phrases.ts'
import { isIdList, isMap } from './json-parts.ts'
import type { Section } from './sections.ts'
import { show, showIds, visible } from './show.ts'

/** Something new or gone. `id` null: the section itself. */
export function cameOrWent(section: Section, id: string | null, from?: Json, to?: Json): Change {
  const sides = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const kind = from === undefined ? 'added' : 'removed'
  const told = id === null ? sectionSentence(section, from, to) : itemSentence(section, id, to)
  return { section: section.name, id, kind, path: [], ...sides, sentence: visible(told) }
}

/** A difference inside something that stayed. */
export function changed(section: Section, id: string | null, difference: Difference): Change {
  const { path, from, to } = difference
  const sides = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const sentence = visible(`${subject(section, id)}${phrase(section, id, difference)}`)
  return { section: section.name, id, kind: 'changed', path, ...sides, sentence }
}

const DECLARED: ReadonlySet<string> = new Set(['channels', 'groups'])

function itemSentence(section: Section, id: string, to: Json | undefined): string {
  // What placements and actions name exists without being declared.
  const [came, went] = DECLARED.has(section.name)
    ? ['is declared', 'is no longer declared']
    : ['is new', 'is gone']
  if (to === undefined) return `${subject(section, id)} ${went}`
  const summary = section.name === 'actions' ? actionSummary(to) : itemSummary(to)
  return `${subject(section, id)} ${came}${summary === '' ? '' : `: ${summary}`}`
}

function itemSummary(item: Json): string {
  if (!isMap(item)) return show(item)
  const { id: _, type, ...rest } = item
  const others = Object.keys(rest).length > 0 ? show(rest) : ''
  return [type === undefined ? '' : show(type), others].filter(Boolean).join(', ')
}

function sectionSentence({ nouns, form }: Section, from?: Json, to?: Json): string {
  const label = form === 'settings' ? nouns : `the section ${nouns}`
  const be = form === 'settings' && nouns.endsWith('s') ? 'are' : 'is'
  return to === undefined
    ? `${label} ${be} no longer written (was ${show(from!)})`
    : `${label} ${be} now written: ${show(to)}`
}

function subject({ name, noun, nouns }: Section, id: string | null): string {
  if (id === null) return name === 'defaults' ? noun : nouns
  if (name !== 'types') return `${noun} ${id}`
  const [kind, ...rest] = id.split('.')
  return `${kind === 'context' ? 'context field' : `${kind} attribute`} ${rest.join('.')}`
}

/** With what joins it to the subject. */
function phrase(section: Section, id: string | null, difference: Difference): string {
  const { path, to } = difference
  if (section.name === 'actions' && id !== null) return actionPhrase(difference)
  if (section.name === 'types' && path.length === 0) return `: ${typePhrase(difference)}`
  if (section.ordered && id === null && path.length === 0 && isIdList(to))
    return `: the order is now ${showIds(to)}`
  if (section.name === 'placements' && path[0] === 'fallback')
    return `: ${contentPhrase('fallback', { ...difference, path: path.slice(1) })}`
  const joint = section.name === 'defaults' && path.length > 0 ? ' ' : ': '
  return `${joint}${fieldPhrase(difference, section.form === 'settings' && path.length > 0)}`
}

/** A type is a word or a map; both are told as the same thing. */
function typePhrase({ path, from, to }: Difference): string {
  const whole = (spec: Json | undefined): Json | undefined =>
    typeof spec === 'string' ? { type: spec } : spec
  const parts = differences(whole(from), whole(to), path).map((part) => fieldPhrase(part))
  return parts.join(', ') || 'is written in another way that means the same'
}
