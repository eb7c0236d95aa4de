import { unit } from '../../domain/lot.ts'
import type { Situation } from '../../domain/situation.ts'

/** How a slot’s action is drawn among those of its tier. */
export interface Policy {
  readonly base: 'best' | 'softmax' | 'thompson' | 'even'
  readonly temperature: number
  /** Share of customers and days that draw evenly instead: 0–1. */
  readonly epsilon: number
  /** Whether this customer does so this day. */
  readonly isEvenDay: boolean
}

/** The best, and nothing left to chance but the order of equals. */
export const GREEDY: Policy = { base: 'best', temperature: 1, epsilon: 0, isEvenDay: false }

export function policyOf({ catalogue, arm, seeds }: Situation): Policy {
  if (arm === 'random') return { ...GREEDY, base: 'even' }
  const { method, epsilon, temperature } = catalogue.exploration
  return {
    base: method === 'softmax' || method === 'thompson' ? method : 'best',
    temperature,
    epsilon,
    isEvenDay: unit(seeds.day) < epsilon,
  }
}
