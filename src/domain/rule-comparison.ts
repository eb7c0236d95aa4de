import type { Scalar } from './attributes.ts'

/** What must hold of one name: `customer.age >= 18`, `customer.country in ["DE", "AT"]`, `customer.member == true`. */
export interface Comparison {
  readonly name: string
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'
  readonly wanted: Scalar | readonly Scalar[]
}

const OPPOSITES: Readonly<Record<Comparison['op'], Comparison['op']>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  in: 'not in',
  'not in': 'in',
}

/** What holds of a value exactly when the comparison does not. */
export function opposite(comparison: Comparison): Comparison {
  return { ...comparison, op: OPPOSITES[comparison.op] }
}

/**
 * A value of which the comparison holds. Undefined where there is none, as below the empty text, or where an empty list
 * leaves open what it would be.
 */
export function witnessOf({ op, wanted }: Comparison): Scalar | undefined {
  if (typeof wanted === 'object') return op === 'in' ? wanted[0] : outside(wanted)
  switch (op) {
    case '==':
    case '<=':
    case '>=':
      return wanted
    case '>':
      return above(wanted)
    case '<':
      return below(wanted)
    default:
      return outside([wanted])
  }
}

/** A value of their type that is none of them. */
function outside(values: readonly Scalar[]): Scalar | undefined {
  const [first] = values
  if (typeof first === 'boolean') return [true, false].find((value) => !values.includes(value))
  if (typeof first === 'number') return above(Math.max(...(values as readonly number[])))
  return first === undefined ? undefined : above(longest(values as readonly string[]))
}

function longest(texts: readonly string[]): string {
  return texts.reduce((a, b) => (b.length > a.length ? b : a))
}

function above(value: Scalar): Scalar | undefined {
  if (typeof value === 'string') return `${value}a`
  return typeof value === 'number' ? finite(value + stepAt(value)) : undefined
}

function below(value: Scalar): Scalar | undefined {
  // Of texts the empty one is the least.
  if (typeof value === 'string') return value === '' ? undefined : ''
  return typeof value === 'number' ? finite(value - stepAt(value)) : undefined
}

/** One; of numbers so large that one more is no more, as much as makes a difference. */
function stepAt(value: number): number {
  return Math.max(1, Math.abs(value) * Number.EPSILON)
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
