import { CATEGORIES } from './assortment.ts'
import { AS_OF, DAY_SECONDS } from './calendar.ts'
import type { Person } from './person.ts'
import type { Line } from './purchases.ts'
import type { Random } from './random.ts'

/**
 * How things stand with one customer on the as-of day. A simplification to know about: the sample keeps no
 * history of states, so every past contact of the customer is answered as if things had stood like this then.
 */
export interface Situation {
  /** Days since the last order; {@link LONG_AGO} without one. */
  readonly recencyDays: number
  readonly orders: number
  /** Days since something of the category was bought, by category; {@link LONG_AGO} if never. */
  readonly categoryDays: readonly number[]
  /** Days that an expected parcel is late; 0 = none is. */
  readonly lateParcelDays: number
  /** A return was announced and has not arrived. */
  readonly openReturn: boolean
  /** An order lies at the counter. */
  readonly pickupWaiting: boolean
  /** Lines of shoes and clothes sent back within a year. */
  readonly fitReturns: number
  /** Within a fortnight of the birthday. */
  readonly birthdaySoon: boolean
  readonly points: number
  /** Of these, expire at the end of the year. */
  readonly pointsExpiring: number
}

export const LONG_AGO = 9999

/** Sums up the lines of a customer and draws what cannot be seen from them. */
export function drawSituation(person: Person, lines: readonly Line[], random: Random): Situation {
  const bought = lines.filter((line) => line.quantity > 0)
  const recencyDays = daysSince(bought)
  const recent = recencyDays <= 45
  const points = bought.reduce((sum, line) => sum + line.quantity * Math.floor(line.unitPriceCents / 500), 0)
  const clubMember = AS_OF - person.memberSince > 365 && points > 0
  return {
    recencyDays,
    orders: new Set(bought.map((line) => line.order)).size,
    categoryDays: CATEGORIES.map((_, i) => daysSince(bought.filter((line) => line.product.category === i))),
    lateParcelDays: recent && random.chance(18, 100) ? 1 + random.below(9) : 0,
    openReturn: recencyDays <= 90 && random.chance(15, 100),
    pickupWaiting: recent && random.chance(18, 100),
    fitReturns: lines.filter(isFitReturn).length,
    birthdaySoon: random.chance(8, 100),
    points,
    pointsExpiring:
      clubMember && random.chance(16, 100) ? 20 + Math.floor((points * random.below(60)) / 100) : 0,
  }
}

function isFitReturn(line: Line): boolean {
  return line.quantity < 0 && CATEGORIES[line.product.category]!.sized && daysSince([line]) <= 365
}

function daysSince(lines: readonly Line[]): number {
  if (lines.length === 0) return LONG_AGO
  return AS_OF - Math.floor(Math.max(...lines.map((line) => line.at)) / DAY_SECONDS)
}
