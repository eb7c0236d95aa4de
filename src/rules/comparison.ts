import { didYouMean } from '../domain/nearest.ts'
import { KINDS, TIERS } from '../domain/tier.ts'
import { clauseOf } from './clauses.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import type { Node } from './tree.ts'
import {
  compareTexts,
  type Evaluate,
  equal,
  isList,
  isUndecided,
  sameType,
  typeName,
  undecidedOf,
  type Value,
} from './value.ts'

type Order = '<' | '<=' | '>' | '>='
export type Comparison = '==' | '!=' | Order | 'in'
export type ComparisonNode = Node & { op: Comparison }

/** Types that have an order. */
const ORDERED: ReadonlySet<unknown> = new Set(['number', 'string', 'timestamp', 'duration', 'bool'])

export function translateComparison(node: ComparisonNode, work: Work): Part {
  const a = work.translate(node.args[0], work)
  const b = work.translate(node.args[1], work)
  if (a.type === null || b.type === null) return FAULTY
  if (node.op === 'in') return membership(node, a, b, work)
  if (!sameType(a.type, b.type)) {
    const what = `"${node.op}" compares a ${typeName(a.type)} with a ${typeName(b.type)}`
    return fault(work, node.args[1], what, 'compare like with like')
  }
  if (node.op === '==' || node.op === '!=') {
    namesSomething(node.args[1], a, b, work)
    namesSomething(node.args[0], b, a, work)
    return { type: 'bool', evaluate: equality(node.op === '==', a, b), ...clauseOf(node.op, a, b) }
  }
  if (!ORDERED.has(a.type)) {
    return fault(work, node, `"${node.op}" has no meaning for a ${typeName(a.type)}`, 'compare with == or !=')
  }
  return a.type === 'string'
    ? { type: 'bool', evaluate: ordered(node.op, a, b) }
    : { type: 'bool', evaluate: ordering(node.op, a, b), ...clauseOf(node.op, a, b) }
}

function equality(wanted: boolean, a: Part, b: Part): Evaluate {
  const left = a.evaluate
  const right = b.evaluate
  const constant = b.constant
  if (constant !== undefined) {
    return (context) => {
      const value = left(context)
      return typeof value === 'object' ? value : (value === constant) === wanted
    }
  }
  return (context) => {
    const x = left(context)
    const y = right(context)
    return undecidedOf(x, y) ?? equal(x, y) === wanted
  }
}

/** Numbers, timestamps, durations, booleans: JavaScript’s own order is theirs. */
function ordering(op: Order, a: Part, b: Part): Evaluate {
  const left = a.evaluate
  const right = b.evaluate
  const holds = HOLDS[op]
  if (typeof b.constant !== 'number') {
    return (context) => {
      const x = left(context)
      const y = right(context)
      return undecidedOf(x, y) ?? holds(Number(x), Number(y))
    }
  }
  // The commonest clause by far: one closure for each operator lets the engine inline it.
  const bound = b.constant
  switch (op) {
    case '<':
      return (context) => {
        const x = left(context)
        return typeof x === 'number' ? x < bound : x
      }
    case '<=':
      return (context) => {
        const x = left(context)
        return typeof x === 'number' ? x <= bound : x
      }
    case '>':
      return (context) => {
        const x = left(context)
        return typeof x === 'number' ? x > bound : x
      }
    case '>=':
      return (context) => {
        const x = left(context)
        return typeof x === 'number' ? x >= bound : x
      }
  }
}

/** Of numbers, and of truth values taken as 0 and 1. */
export const HOLDS: Readonly<Record<Order, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function ordered(op: Order, a: Part, b: Part): Evaluate {
  const holds = HOLDS[op]
  return (context) => {
    const x = a.evaluate(context)
    const y = b.evaluate(context)
    return undecidedOf(x, y) ?? holds(compareTexts(x as string, y as string), 0)
  }
}

function membership(node: ComparisonNode, a: Part, b: Part, work: Work): Part {
  const [, listed] = node.args
  if (!isList(b.type!)) {
    return fault(
      work,
      listed,
      `"in" needs a list, this is a ${typeName(b.type!)}`,
      'write one such as ["a", "b"]',
    )
  }
  const elements = b.elements
  if (elements?.length === 0) {
    return { type: 'bool', evaluate: inNothing(a.evaluate) }
  }
  if (!sameType(a.type!, b.type!.list)) {
    const what = `"in" looks for a ${typeName(a.type!)} in a ${typeName(b.type!)}`
    return fault(work, node, what, 'compare like with like')
  }
  if (listed.op === 'list') {
    listed.args.forEach((element, i) => {
      namesSomething(element, a, elements![i]!, work)
    })
  }
  const constants = elements?.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
  if (constants === undefined || constants.length < elements!.length)
    return { type: 'bool', evaluate: among(a.evaluate, b.evaluate) }
  const set = new Set<Value>(constants)
  const wanted = a.evaluate
  return {
    type: 'bool',
    evaluate: (context) => {
      const value = wanted(context)
      return typeof value === 'object' ? value : set.has(value)
    },
  }
}

/** An element that is undecided makes its list so, whatever the others are. */
function among(wanted: Evaluate, list: Evaluate): Evaluate {
  return (context) => {
    const value = wanted(context)
    const elements = list(context)
    const undecided = undecidedOf(value, elements)
    if (undecided !== null) return undecided
    return (elements as readonly Value[]).some((element) => equal(value, element))
  }
}

function inNothing(wanted: Evaluate): Evaluate {
  return (context) => {
    const value = wanted(context)
    return isUndecided(value) ? value : false
  }
}

/** `channel == "wbe"` can never hold: a text that is compared with an id must be one. */
function namesSomething(node: Node, id: Part, text: Part, work: Work): void {
  if (id.idOf === undefined || typeof text.constant !== 'string') return
  const known = idsOf(id.idOf, work)
  if (known.has(text.constant)) return
  fault(
    work,
    node,
    `no ${id.idOf} is called "${text.constant}"`,
    didYouMean(text.constant, known, 'declare it'),
  )
}

function idsOf(kind: NonNullable<Part['idOf']>, { scope }: Work): ReadonlySet<string> {
  if (kind === 'kind') return new Set(KINDS)
  return kind === 'tier' ? new Set(TIERS) : scope.ids[kind]
}
