import type { Powers } from '../domain/arbitration.ts'
import type { Candidate } from '../domain/candidate.ts'
import { type Phrase, phrase } from '../domain/reason.ts'

/** What a priority is the product of, in words: `propensity 0.1 × value 23`. Factors that change nothing are left out. */
export function factorsOf({ propensity, contextWeight, value, play }: Candidate, powers: Powers): Phrase {
  const factors = [
    powered(phrase('factor_propensity', { propensity: propensity! }), powers.propensity),
    contextWeight === 1 ? null : powered(phrase('factor_context', { weight: contextWeight }), powers.context),
    powered(phrase('factor_value', { value: value! }), powers.value),
    play.lever === 1 ? null : phrase('factor_lever', { lever: play.lever }),
  ].filter((factor) => factor !== null)
  if (factors.length === 0) return phrase('factor_none')
  return factors.reduce((left, right) => phrase('times', { left, right }))
}

function powered(factor: Phrase, power: number): Phrase | null {
  if (power === 0) return null
  return power === 1 ? factor : phrase('to_the_power', { factor, power })
}
