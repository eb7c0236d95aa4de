import type { Candidate } from '../../../src/domain/candidate.ts'
import { isCap } from '../../../src/domain/contact-policy.ts'
import type { Situation } from '../../../src/domain/situation.ts'
import { TIERS } from '../../../src/domain/tier.ts'

/** Who could be drawn for a slot, asked one by one; for customers of whom nothing is stored. */
export function fieldFor(
  own: readonly Candidate[],
  inSlate: readonly Candidate[],
  shown: readonly Candidate[],
  language: string,
  { catalogue }: Situation,
): Candidate[] {
  const isFree = (candidate: Candidate) => {
    const { action, placement, speaks, refusals, play } = candidate
    if (refusals.length > 0) return false
    if (inSlate.some((one) => one.action === action)) return false
    const { allowRepeats } = catalogue.placements.get(placement)!
    if (!allowRepeats && shown.some((one) => one.action === action)) return false
    if (inSlate.length > 0 && ![...speaks.keys()].some((tag) => `${language}-`.startsWith(`${tag}-`)))
      return false
    if (action.tier === 'mandatory') return true
    const beside = inSlate.filter(({ action: { group } }) => group !== undefined && group === action.group)
    if (beside.length >= (catalogue.maxPerSlate.get(action.group ?? '') ?? 99)) return false
    return play.policies.filter(isCap).every(({ per, max }) => {
      const keyOf = ({ play: { facts } }: Candidate) => (per === 'customer' ? '' : facts[per])
      const key = keyOf(candidate)
      return key === undefined || shown.filter((one) => keyOf(one) === key).length < max
    })
  }
  const free = own.filter(isFree)
  const tier = TIERS.find((each) => free.some(({ action }) => action.tier === each))
  return free.filter(({ action }) => action.tier === tier)
}
