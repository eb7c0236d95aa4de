import {
  type Condition,
  type Rule,
  type RuleContext,
  type RuleFault,
  type RuleScope,
  Undecided,
} from '../domain/rule.ts'
import { clausesIn } from './clauses.ts'
import { loopsOf, MOST_STEPS, stepsOf } from './cost.ts'
import { decisiveIn } from './decisive.ts'
import { parseRule } from './parse.ts'
import type { Part, Work } from './part.ts'
import { translate } from './translate.ts'
import type { Node } from './tree.ts'
import { type Type, typeName } from './value.ts'

/** Loops that may stand inside one another. */
const MOST_LOOPS = 2
/** What makes a rule’s outcome that of one candidate. */
const OF_CANDIDATE = /^(placement|action|live)\b/

/** A rule that is true or false, or every fault of it. */
export function compileCondition(source: string, scope: RuleScope): Condition | readonly RuleFault[] {
  const translated = translateRule(source, scope, 'bool')
  return 'part' in translated ? toCondition(source, scope, translated) : translated
}

const NOT_FINITE = new Undecided('failed', 'a result that is no finite number')

/** A rule that gives a number, or every fault of it. What is not finite counts as failed. */
export function compileQuantity(source: string, scope: RuleScope): Rule<number> | readonly RuleFault[] {
  const translated = translateRule(source, scope, 'number')
  if (!('part' in translated)) return translated
  const rule = toRule<number>(source, translated)
  return {
    ...rule,
    evaluate: (context) => {
      const value = rule.evaluate(context)
      return typeof value !== 'number' || Number.isFinite(value) ? value : NOT_FINITE
    },
  }
}

interface Translated {
  readonly part: Part
  readonly reads: ReadonlySet<string>
}

function translateRule(source: string, scope: RuleScope, wanted: Type): Translated | readonly RuleFault[] {
  const tree = parseRule(source)
  if (!('op' in tree)) return [tree]
  const faults: RuleFault[] = []
  const reads = new Set<string>()
  const work: Work = { scope, faults, reads, variables: new Map(), slots: [], translate }
  const part = translate(tree, work)
  if (faults.length === 0) faults.push(...costFaults(tree), ...typeFaults(tree, part, wanted))
  return faults.length > 0 ? faults.sort((a, b) => a.offset - b.offset) : { part, reads }
}

function costFaults(tree: Node): RuleFault[] {
  if (loopsOf(tree) > MOST_LOOPS) {
    return [
      {
        offset: tree.start,
        what: `more than ${MOST_LOOPS} loops stand inside one another`,
        remedy: 'write it flatter',
      },
    ]
  }
  const steps = stepsOf(tree)
  if (steps <= MOST_STEPS) return []
  const what = `this may take ${steps} steps, and ${MOST_STEPS} are allowed`
  return [{ offset: tree.start, what, remedy: 'use shorter lists' }]
}

function typeFaults(tree: Node, { type }: Part, wanted: Type): RuleFault[] {
  if (type === wanted) return []
  const what =
    wanted === 'bool'
      ? `a rule must be true or false, this is a ${typeName(type!)}`
      : `this must give a number, it gives a ${typeName(type!)}`
  const remedy = wanted === 'bool' ? 'compare it with something' : 'write a number or a calculation'
  return [{ offset: tree.start, what, remedy }]
}

function toCondition(source: string, scope: RuleScope, translated: Translated): Condition {
  // Field by field: an object that another one was spread into takes a quarter of a kilobyte more.
  const { reads, perCandidate, evaluate } = toRule<boolean>(source, translated)
  const clauses = clausesIn(translated.part) ?? null
  return { source, reads, perCandidate, evaluate, clauses, decisive: onDemand(source, scope) }
}

/** Most rules are never asked: what answers is made for the first question. */
function onDemand(source: string, scope: RuleScope): Condition['decisive'] {
  let decisive: Condition['decisive'] | undefined
  return (context, wanted) => {
    decisive ??= decisiveIn(source, scope)
    return decisive(context, wanted)
  }
}

function toRule<Value extends boolean | number = boolean>(
  source: string,
  { part, reads }: Translated,
): Rule<Value> {
  return {
    source,
    reads,
    perCandidate: [...reads].some((name) => OF_CANDIDATE.test(name)),
    evaluate: part.evaluate as (context: RuleContext) => Value | Undecided,
  }
}
