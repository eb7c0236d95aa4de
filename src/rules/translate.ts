import { constantNumber, translateArithmetic, translateNegative } from './arithmetic.ts'
import { translateComparison } from './comparison.ts'
import { translateCall } from './functions.ts'
import { translateIndex, translateList } from './lists.ts'
import { translateChoice, translateLogic, translateNot } from './logic.ts'
import { translateHas, translateMacro } from './macros.ts'
import { translateField, translateName } from './names.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import type { Node } from './tree.ts'

/** One node of the syntax tree as a typed closure; what is at fault is told in `work.faults`. */
export function translate(node: Node, work: Work): Part {
  switch (node.op) {
    case 'value':
      return translateLiteral(node, work)
    case 'id':
      return translateName(node, work)
    case '.':
      return translateField(node, work) ?? noFields(node, work)
    case '&&':
    case '||':
      return translateLogic(node, work)
    case '!_':
      return translateNot(node, work)
    case '?:':
      return translateChoice(node, work)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return translateComparison(node, work)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return translateArithmetic(node, work)
    case '-_':
      return translateNegative(node, work)
    case 'list':
      return translateList(node, work)
    case '[]':
      return translateIndex(node, work)
    case 'call':
      return node.args[0] === 'has'
        ? translateHas(node, work)
        : translateCall(node, node.args[0], null, node.args[1], work)
    case 'rcall':
      return translateMacro(node, work) ?? translateCall(node, node.args[0], node.args[1], node.args[2], work)
    case 'map':
      return fault(work, node, 'maps are not part of this rule language', 'compare field by field')
    default:
      return fault(
        work,
        node,
        'optional fields are not part of this rule language',
        'ask with has(customer.age)',
      )
  }
}

function translateLiteral(node: Node & { op: 'value' }, work: Work): Part {
  const value = node.args
  switch (typeof value) {
    case 'boolean':
      return { type: 'bool', evaluate: () => value, constant: value }
    case 'string':
      return { type: 'string', evaluate: () => value, constant: value }
    case 'number':
      return constantNumber(value)
    case 'bigint':
      if (value > Number.MAX_SAFE_INTEGER)
        return fault(work, node, 'this number is too large to be exact', 'write it with a decimal point')
      return constantNumber(Number(value))
  }
  if (value === null)
    return fault(work, node, 'null is not part of this rule language', 'ask with has(customer.age)')
  if (value instanceof Uint8Array)
    return fault(work, node, 'bytes are not part of this rule language', 'write a text')
  return fault(work, node, 'there is one kind of number here', 'write it without the u')
}

function noFields(node: Node & { op: '.' }, work: Work): Part {
  const of = work.translate(node.args[0], work)
  if (of.type === null) return FAULTY
  return fault(work, node, 'this has no fields', 'fields are named like customer.age')
}
