import { RULE_ROOTS, type Undecided } from '../domain/rule.ts'
import { condition, negationOf } from './logic.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import type { Node } from './tree.ts'
import { type Evaluate, isList, isUndecided, looser, stricter, typeName, type Value } from './value.ts'

const NAMES = ['all', 'exists', 'exists_one', 'filter', 'map'] as const
type Macro = (typeof NAMES)[number]

/** `list.exists(x, condition)` and its like; null when the name is none of them. */
export function translateMacro(node: Node & { op: 'rcall' }, work: Work): Part | null {
  const [name, of, args] = node.args
  const macro = NAMES.find((known) => known === name)
  if (macro === undefined) return null
  const list = work.translate(of, work)
  const [variable, body] = args
  if (args.length !== 2 || variable!.op !== 'id') {
    return fault(
      work,
      node,
      `${name}() takes a variable and what is to be said of it`,
      `write ${name}(x, x > 1)`,
    )
  }
  if (RULE_ROOTS.some((root) => root === variable!.args) || work.variables.has(variable!.args)) {
    return fault(work, variable!, `${variable!.args} is the name of something else`, 'use another variable')
  }
  if (list.type === null) return FAULTY
  if (!isList(list.type)) {
    return fault(
      work,
      node,
      `${name}() is not for a ${typeName(list.type)}`,
      'it is for lists such as [1, 2]',
    )
  }
  const slot = work.slots.push(false) - 1
  const variables = new Map(work.variables).set(variable!.args, { type: list.type.list, slot })
  const inside = { ...work, variables }
  const part = macro === 'map' ? work.translate(body!, inside) : condition(body!, inside, `${name}()`)
  if (part === null || part.type === null) return FAULTY
  const type = macro === 'map' ? { list: part.type } : macro === 'filter' ? list.type : 'bool'
  const bind = (value: Value) => {
    work.slots[slot] = value
  }
  const evaluate = run(macro, list.evaluate, part.evaluate, bind)
  if (macro !== 'all' && macro !== 'exists') return { type, evaluate }
  const opposite = macro === 'all' ? 'exists' : 'all'
  return { type, evaluate, negated: run(opposite, list.evaluate, negationOf(part), bind) }
}

/** `all` and `exists` absorb like && and ||; the others need every element decided. */
function run(macro: Macro, list: Evaluate, body: Evaluate, bind: (value: Value) => void): Evaluate {
  return (context) => {
    const elements = list(context)
    if (isUndecided(elements)) return elements
    const kept: Value[] = []
    let undecided: Undecided | undefined
    for (const element of elements as readonly Value[]) {
      bind(element)
      const value = body(context)
      if (macro === 'all' && value === false) return false
      if (macro === 'exists' && value === true) return true
      if (isUndecided(value)) {
        const worse = macro === 'exists' ? looser : stricter
        undecided = undecided === undefined ? value : worse(undecided, value)
      } else if (macro === 'map') kept.push(value)
      else if (value === true) kept.push(element)
    }
    if (undecided !== undefined) return undecided
    switch (macro) {
      case 'all':
        return true
      case 'exists':
        return false
      case 'exists_one':
        return kept.length === 1
      default:
        return kept
    }
  }
}

/** `has(customer.age)`: whether a value is known. */
export function translateHas(node: Node & { op: 'call' }, work: Work): Part {
  const [asked] = node.args[1]
  if (node.args[1].length !== 1 || asked!.op !== '.') {
    return fault(work, node, 'has() asks for one field', 'write it like has(customer.age)')
  }
  const part = work.translate(asked!, work)
  if (part.type === null) return FAULTY
  const { evaluate } = part
  return {
    type: 'bool',
    evaluate: (context) => {
      const value = evaluate(context)
      if (!isUndecided(value)) return true
      return value.kind === 'missing' ? false : value
    },
  }
}
