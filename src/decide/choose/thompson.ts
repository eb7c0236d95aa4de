import type { Candidate } from '../../domain/candidate.ts'
import { type Beta, beliefIn, LEAST, lnBelow } from './beta.ts'

/**
 * Steps in which the score is walked through, from where the best cannot be to where it cannot be any more. Each is
 * longer than the one before: a contender lies as far from the start as its belief is wide, so that all of them are met
 * by steps that are short beside their beliefs.
 */
const STEPS = 48
/**
 * So many are weighed against each other: those that may get the furthest, and of equals those whose lots come first,
 * others for every person and day. The rest has its even share.
 */
export const MOST_CONTENDERS = 128
/** Standard deviations of ln propensity within which all of a belief lies, but for less than one in ten thousand. */
const [DOWN, UP] = [7, 3.7]

interface Contender {
  readonly index: number
  readonly belief: Beta
  /** Standard deviation of ln priority, about. */
  readonly spread: number
  /** ln of the factor that the propensity, to its power, is multiplied with. */
  readonly lnFactor: number
  readonly lnLeast: number
  readonly lnMost: number
}

/**
 * Thompson sampling as probabilities: the chance of each candidate to have the highest priority, were every propensity
 * drawn from what is believed of it. Worked out once and then drawn from, instead of drawn and estimated apart. Over
 * each step in ln priority, the chance that the best lies in it is shared by what each distribution function gains there.
 * @param power - of the propensity in the priority
 */
export function chancesOfBeingBest(field: readonly Candidate[], power: number): Float64Array {
  const chances = new Float64Array(field.length)
  const contenders = contendersOf(field, power)
  if (contenders.length === 0) return chances.fill(1 / field.length)
  if (contenders.length === 1) return chances.fill(1, contenders[0]!.index, contenders[0]!.index + 1)
  const surest = contenders.reduce((a, b) => (b.lnLeast > a.lnLeast ? b : a))
  const from = surest.lnLeast
  const to = contenders.reduce((most, { lnMost }) => Math.max(most, lnMost), Number.NEGATIVE_INFINITY)
  // From where the surest begins to rise, in its own measure.
  const scale = Math.max(3 * surest.spread, (to - from) / 1e6, Number.MIN_VALUE)
  const growth = Math.log(1 + (to - from) / scale) / STEPS
  const count = contenders.length
  const before = new Float64Array(count).fill(LEAST)
  const gains = new Float64Array(count)
  let [lnAllBefore, allBefore] = [count * before[0]!, 0]
  for (let step = 0; step <= STEPS; step++) {
    const lnScore = from + scale * (Math.exp(growth * step) - 1)
    let lnAll = 0
    for (let i = 0; i < count; i++) {
      const { belief, lnFactor } = contenders[i]!
      const ln = step === STEPS ? 0 : lnBelow(Math.exp((lnScore - lnFactor) / power), belief)
      gains[i] = ln - before[i]!
      before[i] = ln
      lnAll += ln
    }
    const all = Math.exp(lnAll)
    const gained = lnAll - lnAllBefore
    const share = gained > 1e-12 ? (all - allBefore) / gained : 0
    for (let i = 0; i < count; i++) chances[contenders[i]!.index]! += gains[i]! * share
    lnAllBefore = lnAll
    allBefore = all
  }
  return chances
}

/** Those that may be the best at all: the others stay below what one of them surely reaches. Not too many. */
function contendersOf(field: readonly Candidate[], power: number): Contender[] {
  const all = field.flatMap((candidate, index) => toContender(candidate, index, power))
  const reached = all.reduce((most, { lnLeast }) => Math.max(most, lnLeast), Number.NEGATIVE_INFINITY)
  const able = all.filter(({ lnMost }) => lnMost >= reached)
  if (able.length <= MOST_CONTENDERS) return able
  return able.sort((a, b) => b.lnMost - a.lnMost).slice(0, MOST_CONTENDERS)
}

function toContender(candidate: Candidate, index: number, power: number): Contender[] {
  const { propensity, priority, evidence } = candidate
  if (priority === 0 || propensity === 0) return []
  const lnP = Math.log(propensity!)
  const lnPriority = Math.log(priority!)
  const belief = beliefIn(propensity!, evidence)
  // Without its propensity nothing about a priority is unsure.
  const spread = power * Math.sqrt((1 - propensity!) / belief.a)
  return [
    {
      index,
      belief,
      spread,
      lnFactor: lnPriority - power * lnP,
      lnLeast: lnPriority - DOWN * spread,
      lnMost: Math.min(lnPriority - power * lnP, lnPriority + UP * spread),
    },
  ]
}
