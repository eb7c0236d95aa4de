import type { Action, Play, Showable, Treatment } from '../../domain/catalogue.ts'
import { NO_REASONS, reason } from '../../domain/reason.ts'
import type { TemplateValues } from '../../domain/template.ts'
import { chooseLanguage, lookupLanguage } from '../language.ts'

export interface MakesShowable {
  of(play: Play, action: Action): Showable
  /** Whether any action that asks for the same is shown as it is written. */
  isSurelyAsWritten(play: Play, action: Action): boolean
}

/**
 * The first treatment in each language that has all it needs; in the place of one that has not, its `otherwise`. A
 * sentence with a hole is never shown, and what is written in the wanted language is not shown in another one instead.
 * Made once per request: actions that ask for the same names of customer and context share one answer, for most lack nothing.
 */
export function makeShowable(
  wanted: readonly string[],
  valuesOf: (action: Action) => TemplateValues,
): MakesShowable {
  const known = new Map<readonly string[], boolean>()
  const isAsWritten = (play: Play, action: Action) => {
    let isSo = play.asks === null ? undefined : known.get(play.asks)
    if (isSo === undefined) {
      isSo = lacksNothing(play.asWritten.speaks, valuesOf(action))
      if (play.asks !== null) known.set(play.asks, isSo)
    }
    return isSo
  }
  return {
    of(play, action) {
      if (play.choices === null || isAsWritten(play, action)) return play.asWritten
      return standingIn(play.choices, action, wanted, valuesOf(action))
    },
    isSurelyAsWritten: (play, action) =>
      play.choices === null || (play.asks !== null && isAsWritten(play, action)),
  }
}

function standingIn(
  choices: NonNullable<Play['choices']>,
  action: Action,
  wanted: readonly string[],
  values: TemplateValues,
): Showable {
  const speaks = new Map<string, Treatment>()
  const missing = new Map<string, string>()
  for (const [tag, treatments] of choices) {
    for (const treatment of treatments) {
      const shown = standIn(treatment, tag, action, values)
      if (typeof shown !== 'string') {
        speaks.set(tag, shown)
        break
      }
      if (!missing.has(tag)) missing.set(tag, shown)
    }
  }
  const asked = wanted.find((tag) => lookupLanguage(tag, choices) !== undefined)
  const isShown = asked === undefined ? speaks.size > 0 : lookupLanguage(asked, speaks) !== undefined
  if (isShown) return { speaks, refusals: NO_REASONS }
  const language = chooseLanguage(wanted, choices)
  return { speaks, refusals: [reason('content_lacks', { name: missing.get(language)! })] }
}

/** The usual case, in which the first treatment in each language is as good as written. */
function lacksNothing(speaks: ReadonlyMap<string, Treatment>, values: TemplateValues): boolean {
  for (const [tag, treatment] of speaks) if (lackOf(treatment, tag, values) !== null) return false
  return true
}

/** The treatment, or the one that `otherwise` leads to; or the name that the first of them lacks. */
function standIn(
  treatment: Treatment,
  tag: string,
  { treatments }: Action,
  values: TemplateValues,
): Treatment | string {
  let first: string | undefined
  let at: Treatment | undefined = treatment
  while (at !== undefined) {
    const lacking = lackOf(at, tag, values)
    if (lacking === null) return at
    first ??= lacking
    const next: Treatment['otherwise'] = at.otherwise
    at = next === undefined ? undefined : treatments.find(({ id }) => id === next)
  }
  return first!
}

/** The first name without which a treatment cannot be shown, or null. */
export function lackOf({ needs, content }: Treatment, tag: string, values: TemplateValues): string | null {
  for (const name of needs) {
    const [root, field] = name.split('.') as ['customer' | 'context', string]
    const value = Object.hasOwn(values[root], field) ? values[root][field] : undefined
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) return name
  }
  return content.get(tag)!.lacks(values)
}
