import { wireNumber } from './wire-number.ts'

/** Why an action is in or out: the closed list. A template names its values in braces. */
export const REASONS = {
  best_of_permitted:
    'Rank {rank} of {permitted} permitted: tier {tier}, propensity {propensity} × value {value} = {priority}.',
  outranked: 'Permitted, but at rank {rank} behind the limit of {limit}.',
  chosen_elsewhere: 'Already chosen for placement {placement}; an action is shown once per answer.',
  inactive: 'The action’s status is not active.',
  not_yet_valid: 'Valid only from {from}.',
  no_longer_valid: 'Valid only until {to}.',
  switched_off: 'Switched off at run time: {what}.',
  blocked: 'Block {block} holds back tier {tier}.',
  block_undecided: 'Block {block} cannot be ruled out: {why}.',
  not_eligible: 'Not eligible: {owner} asks for {rule}.',
  not_applicable: 'Makes no sense now: {owner} asks for {rule}.',
  not_suitable: 'Not good for this customer: {owner} asks for {rule}.',
  data_missing: 'The {level} of {owner} needs {name}, which is not known and has no default.',
  rule_failed: 'The {level} of {owner} could not be worked out: {what}.',
  no_consent: 'Purpose {purpose} needs a consent that is not known.',
  content_lacks: 'What it could show here needs {name}, which is not known.',
  kind_not_asked: 'The request asks for other kinds than {kind}.',
  excluded_by_request: 'The request excludes it.',
  not_included_by_request: 'The request names the actions to choose from, and this is not among them.',
  below_min_propensity:
    'Propensity {propensity} is below the action’s minimum of {minimum}; at or above it the action would be permitted.',
  propensity_unknown:
    'The model could not be asked: what has a minimum propensity is not shown, and no message sent, on a guess.',
  no_content_in_language: 'No content in {language}, the language of this slate.',
} as const
export type ReasonCode = keyof typeof REASONS

/** A code with the values of its sentence. */
export interface Reason {
  readonly code: ReasonCode
  readonly values: Readonly<Record<string, string | number>>
}

export function reason(code: ReasonCode, values: Reason['values'] = {}): Reason {
  return { code, values }
}

/** The usual case, shared: a decision judges thousands of candidates. */
export const NO_REASONS: readonly Reason[] = []

/** Both lists in order; the one of them as it is where the other is empty. */
export function bothReasons(a: readonly Reason[], b: readonly Reason[]): readonly Reason[] {
  if (b.length === 0) return a
  return a.length === 0 ? b : [...a, ...b]
}

/** The reason as a sentence; scores in it are told as on the wire. */
export function reasonText({ code, values }: Reason): string {
  return REASONS[code].replace(/\{(\w+)\}/g, (unfilled, name: string) => {
    const value = values[name]
    if (value === undefined) return unfilled
    return String(SCORES.has(name) ? wireNumber(value as number) : value)
  })
}

/** Values of sentences that are scores. */
const SCORES: ReadonlySet<string> = new Set(['propensity', 'priority'])

/** Why a slate is not full. */
export const SLATE_CODES = {
  no_candidates: 'No action of the catalogue plays in this placement.',
  nothing_permitted: 'Every action that plays here was refused.',
  nothing_above_threshold: 'Every permitted action is below its minimum propensity: nothing is worth saying.',
  propensity_unknown: 'The model could not be asked, and what plays here is not for guessing; ask again.',
  switched_off: 'Switched off at run time: neutral fallbacks only.',
  all_chosen_elsewhere: 'What was permitted here already fills another placement of this answer.',
  fewer_than_limit: 'Fewer actions were permitted than the limit asks for.',
} as const
export type SlateCode = keyof typeof SLATE_CODES
