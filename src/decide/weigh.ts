import { type ContextWeight, fromPercents, type Powers, toThePower } from '../domain/arbitration.ts'
import type { Candidate } from '../domain/candidate.ts'
import type { RuleContext, Undecided } from '../domain/rule.ts'
import type { Situation } from '../domain/situation.ts'
import { makeRuleContext } from './judge/engaged.ts'

/** Step 5: the priority P×C×V×L of everything that was scored, each factor to its power, written down in the candidates. */
export function weigh(candidates: readonly Candidate[], situation: Situation): readonly Candidate[] {
  const { powers } = situation.catalogue.arbitration
  const contextWeightOf = makeContextWeight(situation)
  for (const candidate of candidates) {
    const { propensity, value, play } = candidate
    if (propensity === null) continue
    const contextWeight = contextWeightOf(candidate)
    candidate.contextWeight = contextWeight
    candidate.priority = priorityOf(propensity, contextWeight, value!, play.lever, powers)
  }
  return candidates
}

/** L has its power in it already: see {@link leverFactor}. */
export function priorityOf(p: number, c: number, v: number, l: number, powers: Powers): number {
  return toThePower(p, powers.propensity) * toThePower(c, powers.context) * toThePower(v, powers.value) * l
}

/** C: the weights that hold, added. Rules that look at no candidate are asked once. */
function makeContextWeight(situation: Situation): (candidate: Candidate) => number {
  const contextOf = makeRuleContext(situation)
  const known = new Map<ContextWeight, boolean | Undecided>()
  const holds = (weight: ContextWeight, context: () => RuleContext) => {
    if (weight.when.perCandidate) return weight.when.evaluate(context()) === true
    let outcome = known.get(weight)
    if (outcome === undefined) {
      outcome = weight.when.evaluate(context())
      known.set(weight, outcome)
    }
    return outcome === true
  }
  return ({ play, action, placement }) => {
    if (play.contextWeights.length === 0) return 1
    const context = () => contextOf(action, placement)
    let percents = 0
    for (const weight of play.contextWeights) if (holds(weight, context)) percents += weight.percent
    return fromPercents(percents)
  }
}
