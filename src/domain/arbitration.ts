import type { Condition } from './rule.ts'

/** Exponents of the factors of the priority P×C×V×L: 1 takes a factor as it is, 0 leaves it out. */
export interface Powers {
  readonly propensity: number
  readonly context: number
  readonly value: number
  readonly lever: number
}

export const PLAIN_POWERS: Powers = { propensity: 1, context: 1, value: 1, lever: 1 }

/** Business push that somebody wrote for a channel, a group or an action. */
export interface Lever {
  /** `channel web`, `group shoes`, `action winter-boots`. */
  readonly name: string
  /** -100 to 1000; 10 is a tenth more. */
  readonly percent: number
}

/** Moves the priority of candidates while a rule is true; rules that cannot be worked out move nothing. */
export interface ContextWeight {
  readonly when: Condition
  /** -100 to 1000; weights that hold together are added. */
  readonly percent: number
}

/** How the priority is worked out. */
export interface Arbitration {
  readonly powers: Powers
  /** How far the levers of a candidate together may move its priority: 0.25 is a quarter up or down. */
  readonly leverBound: number
}

/** x to the power of w, for x from 0: as exp(w·ln x), since `Math.pow` differs between releases of Node. */
export function toThePower(x: number, w: number): number {
  if (w === 1) return x
  if (w === 0) return 1
  return x === 0 ? 0 : Math.exp(w * Math.log(x))
}

/** So high that no sum or power of it is beyond what a number can hold. */
export const HIGHEST_VALUE = 1e12

/** Percents that are added to a factor: 10 and 20 give 1.3; never below 0. */
export function fromPercents(percents: number): number {
  return Math.max(0, 1 + percents / 100)
}

/** L: levers added, to their power, and then bounded, so that no power moves a priority further than was agreed. */
export function leverFactor(levers: readonly Lever[], { powers, leverBound }: Arbitration): number {
  if (powers.lever === 0 || levers.length === 0) return 1
  const sum = levers.reduce((percents, { percent }) => percents + percent, 0)
  const pushed = toThePower(fromPercents(sum), powers.lever)
  return Math.min(1 + leverBound, Math.max(1 - leverBound, pushed, 0))
}
