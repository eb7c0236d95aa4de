import { Undecided } from '../domain/rule.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import { isDuration, isTimestamp } from './time.ts'
import type { Node } from './tree.ts'
import { type Evaluate, type Type, typeName, undecidedOf } from './value.ts'

export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type ArithmeticNode = Node & { op: Arithmetic }

/** What two types add up to (and so on); what is not here has no meaning. */
const RESULTS: Readonly<Record<string, Type>> = {
  'number + number': 'number',
  'number - number': 'number',
  'number * number': 'number',
  'number / number': 'number',
  'string + string': 'string',
  'timestamp + duration': 'timestamp',
  'duration + timestamp': 'timestamp',
  'duration + duration': 'duration',
  'timestamp - duration': 'timestamp',
  'timestamp - timestamp': 'duration',
  'duration - duration': 'duration',
}

/** As IEEE 754 has it: division by zero is infinite, or not a number, which compares false with everything. */
export function translateArithmetic(node: ArithmeticNode, work: Work): Part {
  const a = work.translate(node.args[0], work)
  const b = work.translate(node.args[1], work)
  if (a.type === null || b.type === null) return FAULTY
  if (node.op === '%') {
    return fault(
      work,
      node,
      '"%" is for whole numbers, and numbers here are not',
      'write the condition without it',
    )
  }
  const type = RESULTS[`${typeName(a.type)} ${node.op} ${typeName(b.type)}`]
  if (type === undefined) {
    const what = `"${node.op}" has no meaning for a ${typeName(a.type)} and a ${typeName(b.type)}`
    return fault(
      work,
      node,
      what,
      REMEDIES[`${typeName(a.type)} ${typeName(b.type)}`] ?? 'convert one of them',
    )
  }
  if (type === 'string') return { type, evaluate: joined(a.evaluate, b.evaluate) }
  const evaluate = calculation(node.op, a.evaluate, b.evaluate)
  if (type === 'timestamp') return { type, evaluate: bounded(evaluate, isTimestamp, type) }
  return { type, evaluate: type === 'duration' ? bounded(evaluate, isDuration, type) : evaluate }
}

/** Times have an end, and the calendar knows none beyond it. */
function bounded(evaluate: Evaluate, holds: (value: number) => boolean, type: string): Evaluate {
  const outside = new Undecided('failed', `a ${type} out of range`)
  return (context) => {
    const value = evaluate(context)
    return typeof value !== 'number' || holds(value) ? value : outside
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  'string number': 'write string(…) around the number',
  'number string': 'write string(…) around the number',
  'timestamp number': 'write duration("24h") for a length of time',
  'timestamp timestamp': 'subtract them for the time between',
}

function calculation(op: Exclude<Arithmetic, '%'>, left: Evaluate, right: Evaluate): Evaluate {
  const result = CALCULATIONS[op]
  return (context) => {
    const a = left(context)
    const b = right(context)
    return undecidedOf(a, b) ?? result(a as number, b as number)
  }
}

/** Texts that are joined over and over would outgrow the memory before the steps of a rule are used up. */
export const LONGEST_TEXT = 10_000

const TOO_LONG = new Undecided('failed', `a text of more than ${LONGEST_TEXT} characters`)

function joined(left: Evaluate, right: Evaluate): Evaluate {
  return (context) => {
    const a = left(context)
    const b = right(context)
    const undecided = undecidedOf(a, b)
    if (undecided !== null) return undecided
    const text = (a as string) + (b as string)
    return text.length > LONGEST_TEXT ? TOO_LONG : text
  }
}

const CALCULATIONS: Readonly<Record<Exclude<Arithmetic, '%'>, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

export function translateNegative(node: Node & { op: '-_' }, work: Work): Part {
  const part = work.translate(node.args, work)
  if (part.type === null) return FAULTY
  if (part.type !== 'number') {
    return fault(work, node, `"-" has no meaning for a ${typeName(part.type)}`, 'leave it out')
  }
  if (typeof part.constant === 'number') return constantNumber(-part.constant)
  const { evaluate } = part
  return {
    type: 'number',
    evaluate: (context) => {
      const value = evaluate(context)
      return typeof value === 'number' ? -value : value
    },
  }
}

export function constantNumber(constant: number): Part {
  return { type: 'number', evaluate: () => constant, constant }
}
