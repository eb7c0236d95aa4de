import type { Undecided } from '../domain/rule.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import { type Node, termsOf } from './tree.ts'
import { type Evaluate, isUndecided, looser, sameType, stricter, typeName, type Value } from './value.ts'

/**
 * `&&` and `||` over any number of terms. As CEL has it, one false (one true) settles the whole, whatever else is
 * undecided and wherever it stands.
 */
export function translateLogic(node: Node & { op: '&&' | '||' }, work: Work): Part {
  const terms = termsOf(node, node.op).map((term) => condition(term, work, `"${node.op}"`))
  if (terms.some((term) => term === null)) return FAULTY
  const evaluate = terms.map((term) => term!.evaluate)
  const negated = terms.map((term) => negationOf(term!))
  return node.op === '&&'
    ? { type: 'bool', evaluate: all(evaluate), negated: any(negated) }
    : { type: 'bool', evaluate: any(evaluate), negated: all(negated) }
}

/** A part that must be true or false; null when it is not, which has been told then. */
export function condition(node: Node, work: Work, of: string): Part | null {
  const part = work.translate(node, work)
  if (part.type === null) return null
  if (part.type === 'bool') return part
  const compare = part.type === 'number' ? '> 0' : part.type === 'string' ? '== "…"' : '== …'
  fault(
    work,
    node,
    `${of} needs true or false here, this is a ${typeName(part.type)}`,
    `compare it: … ${compare}`,
  )
  return null
}

function all(terms: readonly Evaluate[]): Evaluate {
  if (terms.length === 2) {
    const [first, second] = terms as [Evaluate, Evaluate]
    return (context) => {
      const a = first(context)
      if (a === false) return false
      const b = second(context)
      if (b === false) return false
      if (a === true) return b
      return b === true ? a : stricter(a as Undecided, b as Undecided)
    }
  }
  return (context) => {
    let undecided: Undecided | undefined
    for (let i = 0; i < terms.length; i++) {
      const value = terms[i]!(context)
      if (value === false) return false
      if (value !== true)
        undecided = undecided === undefined ? (value as Undecided) : stricter(undecided, value as Undecided)
    }
    return undecided ?? true
  }
}

function any(terms: readonly Evaluate[]): Evaluate {
  return (context) => {
    let undecided: Undecided | undefined
    for (let i = 0; i < terms.length; i++) {
      const value = terms[i]!(context)
      if (value === true) return true
      if (value !== false)
        undecided = undecided === undefined ? (value as Undecided) : looser(undecided, value as Undecided)
    }
    return undecided ?? false
  }
}

export function translateNot(node: Node & { op: '!_' }, work: Work): Part {
  const part = condition(node.args, work, '"!"')
  if (part === null) return FAULTY
  return { type: 'bool', evaluate: negationOf(part), negated: part.evaluate }
}

/**
 * The opposite of a condition. Of what is open and what is missing together neither says enough: `open && missing` can
 * never come true, while its opposite, `!open || !missing`, can.
 */
export function negationOf({ evaluate, negated }: Part): Evaluate {
  if (negated !== undefined) return negated
  return (context) => {
    const value = evaluate(context)
    return typeof value === 'boolean' ? !value : value
  }
}

export function translateChoice(node: Node & { op: '?:' }, work: Work): Part {
  const [asked, yes, no] = node.args
  const test = condition(asked, work, '"? :"')
  const a = work.translate(yes, work)
  const b = work.translate(no, work)
  if (test === null || a.type === null || b.type === null) return FAULTY
  if (!sameType(a.type, b.type)) {
    const what = `"? :" gives a ${typeName(a.type)} or a ${typeName(b.type)}`
    return fault(work, no, what, 'let both be of one type')
  }
  const evaluate = choice(test.evaluate, a.evaluate, b.evaluate)
  if (a.type !== 'bool') return { type: a.type, evaluate }
  return { type: 'bool', evaluate, negated: choice(test.evaluate, negationOf(a), negationOf(b)) }
}

function choice(test: Evaluate, yes: Evaluate, no: Evaluate): Evaluate {
  return (context) => {
    const held = test(context)
    if (held === true) return yes(context)
    if (held === false) return no(context)
    return (held as Undecided).kind === 'open' ? either(held as Undecided, yes(context), no(context)) : held
  }
}

/** Both branches are possible: what they agree on holds, and nothing is possible that neither of them allows. */
function either(open: Undecided, yes: Value, no: Value): Value {
  if (yes === no) return yes
  const possible = (value: Value) => value !== false && !(isUndecided(value) && value.kind !== 'open')
  if (possible(yes) || possible(no)) return open
  return isUndecided(yes) ? yes : no
}
