import type { Undecided } from '../domain/rule.ts'
import { clausesOfAll } from './clauses.ts'
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
    ? { type: 'bool', evaluate: all(evaluate), negated: any(negated), ...clausesOfAll(terms as Part[]) }
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
  const evaluate = choice(test, a.evaluate, b.evaluate)
  if (a.type !== 'bool') return { type: a.type, evaluate }
  return { type: 'bool', evaluate, negated: choice(test, negationOf(a), negationOf(b)) }
}

function choice(test: Part, yes: Evaluate, no: Evaluate): Evaluate {
  const { evaluate } = test
  const negated = negationOf(test)
  return (context) => {
    const held = evaluate(context)
    if (held === true) return yes(context)
    if (held === false) return no(context)
    const opposite = negated(context) as Undecided
    const mayHold = (held as Undecided).kind === 'open'
    const mayFail = opposite.kind === 'open'
    if (mayHold && mayFail) return either(opposite, yes(context), no(context))
    if (mayHold) return oneOf(held as Undecided, yes(context), opposite)
    return mayFail ? oneOf(opposite, no(context), held as Undecided) : held
  }
}

/** Both branches are possible: what they agree on holds, and nothing is possible that neither of them allows. */
function either(open: Undecided, yes: Value, no: Value): Value {
  if (yes === no) return yes
  if (isPossible(yes) || isPossible(no)) return open
  return isUndecided(yes) ? yes : no
}

/** One branch is possible; the other one is not, for want of something. */
function oneOf(open: Undecided, branch: Value, wanting: Undecided): Value {
  if (isPossible(branch)) return open
  return isUndecided(branch) ? branch : wanting
}

function isPossible(value: Value): boolean {
  return value !== false && !(isUndecided(value) && value.kind !== 'open')
}
