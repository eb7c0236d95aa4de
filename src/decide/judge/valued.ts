import { HIGHEST_VALUE } from '../../domain/arbitration.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'
import type { Rule, RuleContext } from '../../domain/rule.ts'
import { inWords } from './engaged.ts'

/** What an action is worth here; with a reason when nobody can tell. */
export interface Worth {
  readonly value: number | null
  readonly refusals: readonly Reason[]
}

/** V, as its rule has it. A margin below nothing counts as nothing, one beyond all reason as the highest. */
export function valued(rule: Rule<number>, context: RuleContext): Worth {
  const outcome = rule.evaluate(context)
  if (typeof outcome === 'number')
    return { value: Math.min(HIGHEST_VALUE, Math.max(0, outcome)), refusals: NO_REASONS }
  return { value: null, refusals: [reason('value_unknown', { why: inWords(outcome) })] }
}
