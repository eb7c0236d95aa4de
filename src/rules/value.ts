import { type RuleContext, Undecided } from '../domain/rule.ts'

/**
 * Types of the rule language. There is one kind of number, the double: integer literals are numbers too. Timestamps are
 * epoch milliseconds and durations milliseconds at run time; only the checker tells them apart from numbers.
 */
export type Type = 'bool' | 'number' | 'string' | 'timestamp' | 'duration' | ListType
export interface ListType {
  readonly list: Type
}

/** What a part of a rule comes to. */
export type Value = boolean | number | string | readonly Value[] | Undecided

/** A compiled part of a rule. Never throws. */
export type Evaluate = (context: RuleContext) => Value

export function isUndecided(value: Value): value is Undecided {
  return typeof value === 'object' && value instanceof Undecided
}

export function isList(type: Type): type is ListType {
  return typeof type === 'object'
}

export function typeName(type: Type): string {
  return isList(type) ? `list of ${typeName(type.list)}` : type
}

export function sameType(a: Type, b: Type): boolean {
  return isList(a) && isList(b) ? sameType(a.list, b.list) : a === b
}

/** Of two undecided operands that both are needed: what is missing or failed rules out more than what is open. */
export function stricter(a: Undecided, b: Undecided): Undecided {
  return a.kind === 'open' ? b : a
}

/** Of two undecided operands of which one suffices: what is open may still come true. */
export function looser(a: Undecided, b: Undecided): Undecided {
  return b.kind === 'open' && a.kind !== 'open' ? b : a
}

/** The first undecided of two operands that both are needed, or null. */
export function undecidedOf(a: Value, b: Value): Undecided | null {
  if (isUndecided(a)) return isUndecided(b) ? stricter(a, b) : a
  return isUndecided(b) ? b : null
}

/** Equality of two values of the same type. */
export function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => equal(v, b[i]!))
  return a === b
}

/** Texts in the order of their code points, as CEL has it; JavaScript compares UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** Length in code points. */
export function sizeOfText(text: string): number {
  let size = text.length
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      size--
      i++
    }
  }
  return size
}
