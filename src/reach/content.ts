import { lackOf } from '../decide/judge/showable.ts'
import type { Action, Catalogue, Play } from '../domain/catalogue.ts'
import type { TemplateValues } from '../domain/template.ts'
import type { OpenContext } from './visitor.ts'

/**
 * The first name that keeps an action from showing anything to a visitor in a placement, whatever
 * the moment; or null. What stands in for a treatment plays in its placement and speaks its language, so it is asked too.
 */
export function contentLack(
  play: Play,
  action: Action,
  known: OpenContext,
  catalogue: Catalogue,
): string | null {
  if (play.choices === null) return null
  const values = bestValues(action, known, catalogue)
  let first: string | null = null
  for (const [tag, choices] of play.choices) {
    for (const treatment of choices) {
      const lacking = lackOf(treatment, tag, values)
      if (lacking === null) return null
      first ??= lacking
    }
  }
  return first
}

/** What the moment may bring at best: every field of the context, a stock and a price. */
function bestValues(action: Action, { customer }: OpenContext, catalogue: Catalogue): TemplateValues {
  const some = { bool: true, number: 1, string: 'some' } as const
  return {
    customer,
    context: Object.fromEntries([...catalogue.contextTypes].map(([name, { type }]) => [name, some[type]])),
    action,
    live: { stock: 1, price: 1 },
    currency: catalogue.currency,
  }
}
