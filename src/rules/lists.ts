import { Undecided } from '../domain/rule.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import type { Node } from './tree.ts'
import {
  isList,
  isUndecided,
  sameType,
  stricter,
  type Type,
  typeName,
  undecidedOf,
  type Value,
} from './value.ts'

/** `["a", "b"]`: all of one type. */
export function translateList(node: Node & { op: 'list' }, work: Work): Part {
  const parts = node.args.map((element) => work.translate(element, work))
  if (parts.some(({ type }) => type === null)) return FAULTY
  const type: Type = parts[0]?.type ?? 'bool'
  const other = parts.findIndex((part) => !sameType(part.type!, type))
  if (other > 0) {
    const what = `a list of ${typeName(type)} holds a ${typeName(parts[other]!.type!)}`
    return fault(work, node.args[other]!, what, 'let all elements be of one type')
  }
  const constants = parts.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
  if (constants.length === parts.length)
    return { type: { list: type }, elements: parts, evaluate: () => constants }
  return {
    type: { list: type },
    elements: parts,
    evaluate: (context) => {
      const values: Value[] = []
      let undecided: Undecided | undefined
      for (const part of parts) {
        const value = part.evaluate(context)
        if (isUndecided(value)) undecided = undecided === undefined ? value : stricter(undecided, value)
        values.push(value)
      }
      return undecided ?? values
    },
  }
}

/** `list[0]` */
export function translateIndex(node: Node & { op: '[]' }, work: Work): Part {
  const list = work.translate(node.args[0], work)
  const index = work.translate(node.args[1], work)
  if (list.type === null || index.type === null) return FAULTY
  if (!isList(list.type) || index.type !== 'number') {
    const what = `a ${typeName(list.type)} has no element at a ${typeName(index.type)}`
    return fault(work, node, what, 'fields are named with a dot: customer.age')
  }
  const outside = new Undecided('failed', 'an index outside of its list')
  return {
    type: list.type.list,
    evaluate: (context) => {
      const values = list.evaluate(context)
      const at = index.evaluate(context)
      return undecidedOf(values, at) ?? (values as readonly Value[])[at as number] ?? outside
    },
  }
}
