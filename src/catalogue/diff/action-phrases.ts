import type { Json } from '../../domain/canonical-json.ts'
import type { Difference } from './change.ts'
import { fieldPhrase, listPhrase, namedPhrase } from './field-phrases.ts'
import { isIdList, isList, isMap, partOf, textOf, thingsById } from './json-parts.ts'
import { languageName, show, showBoth, showIds, showTimes } from './show.ts'

/** What changed in an action, after `action winter-boots`: with the colon or the treatment that comes first. */
export function actionPhrase(difference: Difference): string {
  const { path } = difference
  if (path[0] !== 'treatments' || path.length === 1) return `: ${ownPhrase(difference)}`
  const [, treatment, ...rest] = path
  if (rest.length > 0) return `, treatment ${treatment}: ${treatmentPhrase({ ...difference, path: rest })}`
  if (difference.from === undefined)
    return `: treatment ${treatment} is new${said(treatmentSummary(difference.to))}`
  if (difference.to === undefined) return `: treatment ${treatment} is gone`
  return `, treatment ${treatment}: ${fieldPhrase({ ...difference, path: [] })}`
}

/** `offer, tier marketing, group shoes, plays in home-hero`: what is written of it. */
export function actionSummary(action: Json): string {
  const tier = textOf(action, 'tier')
  const group = textOf(action, 'group')
  const treatments = [...(thingsById(partOf(action, 'treatments'))?.values() ?? [])]
  const parts = [
    textOf(action, 'kind'),
    tier && `tier ${tier}`,
    group && `group ${group}`,
    playsIn(treatments),
    textOf(action, 'status') === 'inactive' && 'switched to inactive',
  ]
  return parts.filter(Boolean).join(', ')
}

/** What changed in a content below its language or in a fallback; `of` says which: `German`, `fallback`. */
export function contentPhrase(of: string, difference: Difference): string {
  const { path } = difference
  const steps = path.length > 3 ? [path[0], '…', path.at(-1)] : path
  return namedPhrase([of, ...steps].join(' '), difference, 'content')
}

function ownPhrase(difference: Difference): string {
  const { path, from, to } = difference
  switch (path[0]) {
    case 'status':
      return statusPhrase(difference)
    case 'group':
      return groupPhrase(difference)
    case 'validity':
      return validityPhrase(difference)
    case 'attributes':
      return attributePhrase(difference)
    case 'treatments':
      if (isIdList(from) && isIdList(to)) return `order of treatments is now ${showIds(to)}`
  }
  return fieldPhrase(difference)
}

function statusPhrase(difference: Difference): string {
  const { from, to } = difference
  if (to === 'inactive') return 'is switched to inactive'
  if (from !== 'inactive') return fieldPhrase(difference)
  return to === undefined
    ? 'is switched to active, as status inactive is no longer written'
    : `is switched to ${show(to)}`
}

function groupPhrase({ from, to }: Difference): string {
  if (from === undefined) return `joins group ${show(to!)}`
  if (to === undefined) return `leaves group ${show(from)}`
  const [was, is] = showBoth(from, to)
  return `moves from group ${was} to ${is}`
}

function attributePhrase(difference: Difference): string {
  const { path, from, to } = difference
  const [, name] = path
  if (name === undefined) return fieldPhrase(difference)
  if (from === undefined) return `has a new attribute ${name}: ${show(to!, 'names')}`
  if (to === undefined) return `no longer has the attribute ${name} (was ${show(from, 'names')})`
  return namedPhrase(`attribute ${name}`, difference, 'names')
}

function validityPhrase(difference: Difference): string {
  const { path, from, to } = difference
  if (path.length === 1) {
    if (from === undefined) return `now runs ${period(to!)}`
    if (to === undefined) return `runs at any time (was ${period(from)})`
    return fieldPhrase(difference)
  }
  if (!isTime(from) || !isTime(to) || path.length > 2) return fieldPhrase(difference)
  const verb = path[1] === 'from' ? 'starts' : 'runs until'
  if (path[1] !== 'from' && path[1] !== 'to') return fieldPhrase(difference)
  if (from === undefined) return `now ${verb} ${showTimes([to!])[0]}`
  if (to === undefined) {
    const [was] = showTimes([from])
    return path[1] === 'from' ? `no longer waits for ${was} to start` : `no longer ends (was ${was})`
  }
  const [was, is] = showTimes([from, to])
  return `${verb} ${is} instead of ${was}`
}

function period(validity: Json): string {
  const [from, to] = [textOf(validity, 'from'), textOf(validity, 'to')]
  const parts = [from && `from ${showTimes([from])[0]}`, to && `until ${showTimes([to])[0]}`]
  return parts.filter(Boolean).join(' ') || 'at any time'
}

function isTime(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

function treatmentPhrase(difference: Difference): string {
  const { path, from, to } = difference
  const [key, tag, ...rest] = path
  if (key === 'content' && tag !== undefined) return languagePhrase(tag, { ...difference, path: rest })
  if (isList(from) && isList(to) && (key === 'for' || key === 'needs')) {
    const verb = key === 'for' ? 'plays in' : 'needs'
    const verbs = { gained: `now also ${verb}`, lost: `no longer ${verb}` }
    const [was, is] = showBoth(from, to)
    return listPhrase(from, to, 'settings', verbs) ?? `now ${verb} ${is} (was ${was})`
  }
  return fieldPhrase(difference)
}

function languagePhrase(tag: string, difference: Difference): string {
  const { path, from, to } = difference
  const language = languageName(tag)
  if (path.length > 0) return contentPhrase(language, difference)
  if (from === undefined) return `now speaks ${language}: ${show(to!, 'content')}`
  if (to === undefined) return `no longer speaks ${language} (was ${show(from, 'content')})`
  return contentPhrase(`${language} content`, difference)
}

function treatmentSummary(treatment: Json | undefined): string {
  const content = partOf(treatment, 'content')
  const languages = isMap(content) ? Object.keys(content).map(languageName) : []
  const plays = playsIn(treatment === undefined ? [] : [treatment])
  return [plays, languages.length > 0 && `speaks ${showIds(languages)}`].filter(Boolean).join(', ')
}

function playsIn(treatments: readonly Json[]): string | undefined {
  const places = treatments.flatMap((treatment) => {
    const list = partOf(treatment, 'for')
    return isIdList(list) ? list : []
  })
  return places.length > 0 ? `plays in ${showIds([...new Set(places)])}` : undefined
}

function said(summary: string): string {
  return summary === '' ? '' : `: ${summary}`
}
