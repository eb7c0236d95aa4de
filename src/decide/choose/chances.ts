import type { Candidate } from '../../domain/candidate.ts'
import type { Policy } from './policy.ts'
import { areEqual } from './ranking.ts'
import { chancesOfBeingBest } from './thompson.ts'

/**
 * The chance of each candidate of a field to be drawn for a slot, without the even share: they sum to 1.
 * @param field - of one tier, the best first
 */
export function baseChances(
  field: readonly Candidate[],
  { base, temperature }: Policy,
  powerOfPropensity: number,
): Float64Array {
  switch (base) {
    case 'best':
      return amongBest(field)
    case 'even':
      return new Float64Array(field.length).fill(1 / field.length)
    case 'softmax':
      return softmax(field, temperature)
    case 'thompson':
      // Without propensities there is nothing to believe.
      return powerOfPropensity === 0 ? amongBest(field) : chancesOfBeingBest(field, powerOfPropensity)
  }
}

/** Equals at the top share evenly. */
function amongBest(field: readonly Candidate[]): Float64Array {
  const equals = equalsAtTop(field)
  return new Float64Array(field.length).fill(1 / equals, 0, equals)
}

/** How many are as good as the best, itself among them. */
export function equalsAtTop(field: readonly Candidate[]): number {
  let equals = 1
  while (equals < field.length && areEqual(field[0]!, field[equals]!)) equals++
  return equals
}

/**
 * In proportion to priority^(1/temperature), which is the softmax of ln priority / temperature: whether value is told in
 * euros or cents changes nothing. Slot by slot without replacement it is the Plackett–Luce model.
 */
function softmax(field: readonly Candidate[], temperature: number): Float64Array {
  const most = field[0]!.priority!
  // Nothing is worth anything: all alike.
  if (most === 0) return amongBest(field)
  const weights = Float64Array.from(field, ({ priority }) =>
    priority === 0 ? 0 : Math.exp(Math.log(priority! / most) / temperature),
  )
  return toShares(weights)
}

function toShares(weights: Float64Array): Float64Array {
  let sum = 0
  for (const weight of weights) sum += weight
  for (let i = 0; i < weights.length; i++) weights[i]! /= sum
  return weights
}
