import type { Json } from '../../domain/canonical-json.ts'
import type { Difference } from './change.ts'
import { isList, isMap, same } from './json-parts.ts'
import { type Look, RULE_NAMES, show, showBoth, words } from './show.ts'

/** Keys that mean something when they are left out, so that writing them need not change anything. */
const WITH_DEFAULT = new Set([
  ...['status', 'kind', 'tier', 'value', 'lever', 'minPropensity', 'attributes', 'contentType', 'order'],
  ...['direction', 'confirmOn', 'holdFor', 'per', 'pacing'],
])

/** What changed in a field, after the colon: `max 3 → 2`. */
export function fieldPhrase(difference: Difference, settings = false): string {
  const { path, from, to } = difference
  const key = path.at(-1) ?? ''
  const rule = RULE_NAMES.get(key)
  if (rule !== undefined && [from, to].every((side) => side === undefined || typeof side === 'string'))
    return rulePhrase([...path.slice(0, -1).map(words), rule].join(' '), difference)
  const name = path.map(words).join(' ')
  if (settings || WITH_DEFAULT.has(key)) {
    if (from === undefined) return `${name} is now written: ${show(to!)}`
    if (to === undefined) return `${name} is no longer written (was ${show(from)})`
  }
  return namedPhrase(name, difference, key === 'value' ? 'rule' : 'settings')
}

/** The same for a part whose name the editor chose: an attribute, a part of a content. */
export function namedPhrase(name: string, { from, to }: Difference, look: Look): string {
  if (from === undefined) return `now has ${withArticle(name)}: ${show(to!, look)}`
  if (to === undefined) return `no longer has ${withArticle(name)} (was ${show(from, look)})`
  if (isList(from) && isList(to)) {
    const told = listPhrase(from, to, look, { gained: 'now also', lost: 'no longer' })
    if (told !== undefined) return name === '' ? told : `${name}: ${told}`
  }
  const [was, is] = showBoth(from, to, look)
  const arrow = isTerse(from, look) && isTerse(to, look)
  return (arrow ? `${name} ${was} → ${is}` : `${name} is now ${is} (was ${was})`).trim()
}

/** What a list gained and lost; undefined where its elements moved as well, or it is empty on a side. */
export function listPhrase(
  from: readonly Json[],
  to: readonly Json[],
  look: Look,
  verbs: { readonly gained: string; readonly lost: string },
): string | undefined {
  const [lost, gained] = [without(from, to), without(to, from)]
  const moved = !same(without(from, lost), without(to, gained))
  if (moved || from.length === 0 || to.length === 0) return undefined
  // Shown together, so that elements that are alike for long do not look the same.
  const [less, more] = showBoth(lost, gained, look)
  const parts = []
  if (gained.length > 0) parts.push(`${verbs.gained} ${more}`)
  if (lost.length > 0) parts.push(`${verbs.lost} ${less}`)
  return parts.join(', ')
}

/** `an eligibility`, `a max`; plurals have none. */
export function withArticle(name: string): string {
  if (/[^s]s$/.test(name)) return name
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`
}

function rulePhrase(name: string, { from, to }: Difference): string {
  if (from === undefined) return `has a new ${name}: ${show(to!, 'rule')}`
  if (to === undefined) return `no longer has ${withArticle(name)} (was ${show(from, 'rule')})`
  const [was, is] = showBoth(from, to, 'rule')
  return `${name} is now ${is} (was ${was})`
}

function isTerse(value: Json, look: Look): boolean {
  if (isMap(value) || isList(value)) return false
  return typeof value !== 'string' || (look !== 'content' && /^\S+$/.test(value))
}

/** The elements of a list that are left when each of the other has taken away its like. */
function without(list: readonly Json[], taken: readonly Json[]): Json[] {
  const left = [...taken]
  return list.filter((element) => {
    const at = left.findIndex((other) => same(other, element))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
