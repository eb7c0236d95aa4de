import type { Scalar } from '../domain/attributes.ts'
import { type Comparison, opposite } from '../domain/rule-comparison.ts'
import { type ComparisonNode, HOLDS } from './comparison.ts'
import type { Part } from './part.ts'
import type { Node } from './tree.ts'

type Op = Comparison['op']

/** Every part of a rule, by where it is written. */
export type Parts = ReadonlyMap<Node, Part>

/**
 * What must hold of one name for a condition to be true (`wanted`) or false: of comparisons of a name with what is written
 * out, and of names that are true or false themselves. Null of every other condition.
 */
export function described(node: Node, parts: Parts, wanted: boolean): Comparison | null {
  const holds = comparisonOf(node, parts)
  return holds === null ? null : plain(wanted ? holds : opposite(holds))
}

/** What a rule reads here, as it is called; `now` is nothing that anybody could change. */
export function nameOf(node: Node): string | null {
  if (node.op === 'id') return node.args === 'channel' || node.args === 'placement' ? node.args : null
  if (node.op !== '.') return null
  const [owner, field] = node.args
  return owner.op === 'id' ? `${owner.args}.${field}` : null
}

function comparisonOf(node: Node, parts: Parts): Comparison | null {
  switch (node.op) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return withConstant(node, parts)
    case 'in':
      return among(node, parts)
    default: {
      const name = nameOf(node)
      return name === null ? null : { name, op: '==', wanted: true }
    }
  }
}

function withConstant({ op, args: [left, right] }: ComparisonNode, parts: Parts): Comparison | null {
  return (
    compared(nameOf(left), op, parts.get(right)!) ?? compared(nameOf(right), MIRRORED[op], parts.get(left)!)
  )
}

function compared(name: string | null, op: Op, { constant }: Part): Comparison | null {
  return name === null || constant === undefined ? null : { name, op, wanted: constant }
}

function among({ args: [value, list] }: ComparisonNode, parts: Parts): Comparison | null {
  const name = nameOf(value)
  const elements = parts.get(list)!.elements
  const constants = elements?.flatMap(({ constant }): Scalar[] => (constant === undefined ? [] : [constant]))
  if (name === null || constants === undefined || constants.length < elements!.length) return null
  return { name, op: 'in', wanted: constants }
}

/** `18 < x` is `x > 18`. */
const MIRRORED: Readonly<Record<ComparisonNode['op'], Op>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  in: 'in',
}

/** However a truth value is compared with another, it must be one of two; null where either would do, or none. */
function plain(comparison: Comparison): Comparison | null {
  const { name, op, wanted } = comparison
  if (typeof wanted !== 'boolean') return comparison
  const [value, other] = [true, false].filter((value) => holdsOf(value, op, wanted))
  return value === undefined || other !== undefined ? null : { name, op: '==', wanted: value }
}

function holdsOf(value: boolean, op: Op, bound: boolean): boolean {
  switch (op) {
    case '==':
      return value === bound
    case '!=':
      return value !== bound
    case '<':
    case '<=':
    case '>':
    case '>=':
      return HOLDS[op](Number(value), Number(bound))
    default:
      return false
  }
}
