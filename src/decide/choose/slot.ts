import type { Candidate } from '../../domain/candidate.ts'
import { draw, type Lot } from '../../domain/lot.ts'
import { baseChances, equalsAtTop } from './chances.ts'
import type { Policy } from './policy.ts'

/** One slot’s draw. */
export interface Slot {
  /** Who took part: of one tier, the best first. */
  readonly field: readonly Candidate[]
  /** Position in the field of the one that was drawn. */
  readonly drawn: number
  /** Whether chance drew it: not where there was one only, or the best is simply the best. */
  readonly byChance: boolean
  /** The chance of the one that was drawn, given what the answer shows before. */
  readonly chance: number
  /** The chances of all of the field, which sum to 1. */
  chances(): Float64Array
  /** How likely it is an even day, now that this has been drawn. */
  readonly evenDay: number
}

/**
 * Draws one slot: probabilities first, then the draw from exactly those. An even day draws all slots of an answer
 * evenly, so what was shown already tells how likely this is one: at first `policy.epsilon`, nothing once a slot was
 * drawn that only the other kind of day could have drawn. Mandatory is never left to chance.
 * @param evenDay - how likely this is an even day, given what the answer shows already
 * @param turn - 1 for the first slot
 */
export function drawSlot(
  field: readonly Candidate[],
  policy: Policy,
  powerOfPropensity: number,
  seed: Lot,
  turn: number,
  evenDay: number,
): Slot {
  const isMandatory = field[0]!.action.tier === 'mandatory'
  const base = isMandatory ? 'best' : policy.base
  const mixed = isMandatory ? 0 : evenDay
  const isEvenDay = policy.isEvenDay && !isMandatory
  const own = ownChances(field, { ...policy, base }, powerOfPropensity)
  const even = 1 / field.length
  const chanceOf = (position: number) => own(position) + mixed * (even - own(position))
  const drawn = isEvenDay
    ? race(field, () => even, seed, turn)
    : base === 'best'
      ? 0
      : race(field, own, seed, turn)
  const chance = chanceOf(drawn)
  return {
    field,
    drawn,
    byChance: field.length > 1 && (isEvenDay || base !== 'best'),
    chance,
    // No getter: the engine would keep each of them, and all that it sees, until the next full collection.
    chances: () => Float64Array.from(field, (_, position) => chanceOf(position)),
    evenDay: mixed === 0 ? evenDay : (evenDay * even) / chance,
  }
}

/** Without the even share. Of the best no list is made: there are one or few, at the top. */
function ownChances(
  field: readonly Candidate[],
  policy: Policy,
  powerOfPropensity: number,
): (position: number) => number {
  if (policy.base === 'best') {
    const equals = equalsAtTop(field)
    return (position) => (position < equals ? 1 / equals : 0)
  }
  const chances = baseChances(field, policy, powerOfPropensity)
  return (position) => chances[position]!
}

/**
 * Draws one in proportion to its chance: whose exponential clock of that rate rings first. Each action has a lot of its
 * own, so that whoever is not drawn may go without changing who is.
 */
function race(
  field: readonly Candidate[],
  chanceOf: (position: number) => number,
  seed: Lot,
  turn: number,
): number {
  let first = 0
  let earliest = Number.POSITIVE_INFINITY
  for (let i = 0; i < field.length; i++) {
    const chance = chanceOf(i)
    if (chance <= 0) continue
    const rings = -Math.log(draw(seed, field[i]!.action.lot, turn)) / chance
    if (rings < earliest) {
      first = i
      earliest = rings
    }
  }
  return first
}
