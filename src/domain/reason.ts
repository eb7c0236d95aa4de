import type { PHRASES, REASONS } from './reason-sentences.ts'

export type ReasonCode = keyof typeof REASONS
export type PhraseCode = keyof typeof PHRASES

/** Words that a sentence takes in as one of its values: `group shoes`, `until further notice`. */
export interface Phrase {
  readonly phrase: PhraseCode
  readonly values: Values
}

/** A number named like a score or a moment is told as one: see `valueText`. */
export type Value = string | number | Phrase
export type Values = Readonly<Record<string, Value>>

/** Why an action is in or out: a code of the closed list with the values of its sentence. */
export interface Reason {
  readonly code: ReasonCode
  readonly values: Values
}

export function reason(code: ReasonCode, values: Values = NO_VALUES): Reason {
  return { code, values }
}

export function phrase(code: PhraseCode, values: Values = NO_VALUES): Phrase {
  return { phrase: code, values }
}

const NO_VALUES: Values = {}

/** The usual case, shared: a decision judges thousands of candidates. */
export const NO_REASONS: readonly Reason[] = []

/** Both lists in order; the one of them as it is where the other is empty. */
export function bothReasons(a: readonly Reason[], b: readonly Reason[]): readonly Reason[] {
  if (b.length === 0) return a
  return a.length === 0 ? b : [...a, ...b]
}

/** The phrase that adds nothing. */
export const NOTHING_MORE: Phrase = phrase('nothing')
