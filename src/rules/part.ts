import type { Clause, RuleFault, RuleScope } from '../domain/rule.ts'
import type { Node } from './tree.ts'
import type { Evaluate, Type, Value } from './value.ts'

/** A translated part of a rule. */
export interface Part {
  /** Null when it is at fault and that was told already: nothing that contains it complains again. */
  readonly type: Type | null
  readonly evaluate: Evaluate
  /** Its opposite, of conditions that know more of it than that `true` becomes `false`. */
  readonly negated?: Evaluate
  /** Of a name that says nothing of the candidate, the name: `customer.age`. */
  readonly name?: string
  /** Of a condition that is nothing else, the comparisons that must all hold. */
  readonly clauses?: readonly Clause[]
  /** What a list that is written out consists of. */
  readonly elements?: readonly Part[]
  /** Its value when it is written out. */
  readonly constant?: boolean | number | string
  /** What kind of id it is, so that comparing it with a text that names nothing is found out. */
  readonly idOf?: 'channel' | 'placement' | 'action' | 'group' | 'kind' | 'tier'
}

/** A variable of `exists`, `filter` and the like. */
export interface Variable {
  readonly type: Type
  readonly slot: number
}

/** One rule while it is translated. */
export interface Work {
  readonly scope: RuleScope
  readonly faults: RuleFault[]
  readonly reads: Set<string>
  readonly variables: ReadonlyMap<string, Variable>
  /** Values of variables at run time. A rule is evaluated from start to end at once, so they are its own. */
  readonly slots: Value[]
  translate(node: Node, work: Work): Part
}

const NOTHING: Evaluate = () => false

/** Tells a fault and stands in for the part. */
export function fault(work: Work, node: Pick<Node, 'start'>, what: string, remedy: string): Part {
  work.faults.push({ offset: node.start, what, remedy })
  return FAULTY
}

/** A part that contains a faulty one. */
export const FAULTY: Part = { type: null, evaluate: NOTHING }
