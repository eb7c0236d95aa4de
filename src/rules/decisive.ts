import { withValue } from '../domain/named-value.ts'
import type { Condition, RuleContext, RuleScope } from '../domain/rule.ts'
import { type Comparison, witnessOf } from '../domain/rule-comparison.ts'
import { described, nameOf, type Parts } from './described.ts'
import { parseRule } from './parse.ts'
import type { Part, Work } from './part.ts'
import { translate } from './translate.ts'
import { childrenOf, type Node, termsOf } from './tree.ts'
import type { Evaluate } from './value.ts'

/** Asked of what does not come to `wanted` here. */
type Search = Condition['decisive']

interface Term {
  readonly evaluate: Evaluate
  readonly search: Search
}

/** What is decisive in a rule that compiles in this scope. It is read anew, so that rules nobody asks keep no tree. */
export function decisiveIn(source: string, scope: RuleScope): Search {
  const tree = parseRule(source) as Node
  const parts = partsOf(tree, scope)
  const { evaluate, search } = termOf(tree, parts)
  // What was translated may hold on to what translated it, and that to the whole tree.
  parts.clear()
  return (context, wanted) => {
    if (evaluate(context) === wanted) return null
    const found = search(context, wanted)
    return found !== null && suffices(found, evaluate, context, wanted) ? found : null
  }
}

/** The rule may say the same name elsewhere too, and come to something else there: one value is tried. */
function suffices(found: Comparison, evaluate: Evaluate, context: RuleContext, wanted: boolean): boolean {
  const witness = witnessOf(found)
  return witness !== undefined && evaluate(withValue(context, found.name, witness)) === wanted
}

function partsOf(tree: Node, scope: RuleScope): Map<Node, Part> {
  const parts = new Map<Node, Part>()
  const record = (node: Node, work: Work) => {
    const part = translate(node, work)
    parts.set(node, part)
    return part
  }
  record(tree, { scope, faults: [], reads: new Set(), variables: new Map(), slots: [], translate: record })
  return parts
}

function termOf(node: Node, parts: Parts): Term {
  return { evaluate: parts.get(node)!.evaluate, search: searchOf(node, parts) }
}

function searchOf(node: Node, parts: Parts): Search {
  switch (node.op) {
    case '&&':
    case '||':
      return inChain(termsOf(node, node.op).map((term) => termOf(term, parts)))
    case '!_':
      return inOpposite(searchOf(node.args, parts))
    case '?:': {
      const [asked, yes, no] = node.args
      const test = parts.get(asked)!.evaluate
      return inChoice(test, namesIn(asked), searchOf(yes, parts), searchOf(no, parts))
    }
    default:
      return inComparison(described(node, parts, true), described(node, parts, false))
  }
}

/**
 * In the only term that is not as it must be, where all are needed: for `&&` to be true, for `||` to be false. Where any
 * would do, they are all not as they must be, and none is the one.
 */
function inChain(terms: readonly Term[]): Search {
  return (context, wanted) => {
    const failing = terms.filter(({ evaluate }) => evaluate(context) !== wanted)
    return failing.length === 1 ? failing[0]!.search(context, wanted) : null
  }
}

function inOpposite(search: Search): Search {
  return (context, wanted) => search(context, !wanted)
}

/** In the branch that counts here; what the test reads may not change, because then the other one may count. */
function inChoice(test: Evaluate, tested: ReadonlySet<string>, yes: Search, no: Search): Search {
  return (context, wanted) => {
    const held = test(context)
    if (typeof held !== 'boolean') return null
    const found = (held ? yes : no)(context, wanted)
    return found === null || tested.has(found.name) ? null : found
  }
}

function inComparison(holds: Comparison | null, fails: Comparison | null): Search {
  return (_context, wanted) => (wanted ? holds : fails)
}

function namesIn(node: Node): ReadonlySet<string> {
  const name = nameOf(node)
  return new Set(name === null ? childrenOf(node).flatMap((child) => [...namesIn(child)]) : [name])
}
