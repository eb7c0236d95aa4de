import type { Action, Play, Treatment } from '../../domain/catalogue.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'
import type { TemplateValues } from '../../domain/template.ts'

/** What an action can show now: by language tag; empty when it lacks something in each, and then with the reason. */
export interface Showable {
  readonly speaks: ReadonlyMap<string, Treatment>
  readonly refusals: readonly Reason[]
}

/**
 * The first treatment in each language that has all it needs; in the place of one that has not, its `otherwise`. A
 * sentence with a hole is never shown.
 */
export function showable(play: Play, action: Action, valuesOf: (action: Action) => TemplateValues): Showable {
  if (play.choices === null) return { speaks: play.speaks, refusals: NO_REASONS }
  const values = valuesOf(action)
  const speaks = new Map<string, Treatment>()
  let missing = ''
  for (const [tag, treatments] of play.choices) {
    for (const treatment of treatments) {
      const shown = standIn(treatment, tag, action, values)
      if (typeof shown !== 'string') {
        speaks.set(tag, shown)
        break
      }
      missing ||= shown
    }
  }
  return speaks.size > 0
    ? { speaks, refusals: NO_REASONS }
    : { speaks, refusals: [reason('content_lacks', { name: missing })] }
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
