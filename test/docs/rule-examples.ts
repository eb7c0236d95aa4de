import { parse } from 'yaml'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EmmaError } from '../../src/domain/errors.ts'
import { type RuleContext, Undecided } from '../../src/domain/rule.ts'

/** A catalogue whose only action has one more key. */
function build(declarations: string, key: 'eligibility' | 'value', rule: string): Catalogue {
  const document = parse(declarations) as { actions: Record<string, unknown>[] }
  const actions = document.actions.map((action) => ({ ...action, [key]: rule }))
  const value = { schema: 'emma/v1', ...document, actions }
  return buildCatalogue({ value, place: () => 'rule', within: () => 'rule' })
}

/** The sentences that refuse a rule as a condition (or as a number) of the declared action; none when it is taken. */
export function refusalsOf(
  declarations: string,
  rule: string,
  key: 'eligibility' | 'value' = 'eligibility',
): string[] {
  try {
    build(declarations, key, rule)
  } catch (error) {
    if (error instanceof EmmaError) return error.faults.map(({ what, remedy }) => `${what}; ${remedy}`)
    throw error
  }
  return []
}

/** What a condition comes to for a customer of whom nothing is known: `true`, `false`, `undecided`. */
export function outcomeForStranger(declarations: string, rule: string): string {
  const { customerTypes, actions } = build(declarations, 'eligibility', rule)
  const defaults = [...customerTypes].flatMap(([name, spec]) =>
    spec.default === undefined ? [] : [[name, spec.default] as const],
  )
  const action = actions[0]!
  const context: RuleContext = {
    customer: Object.fromEntries(defaults),
    context: {},
    feature: () => undefined,
    channel: 'web',
    placement: 'home-hero',
    action,
    live: {},
    now: Date.parse('2026-11-22T12:00:00Z'),
  }
  const outcome = action.policy[0]!.rule.evaluate(context)
  return outcome instanceof Undecided ? 'undecided' : String(outcome)
}
