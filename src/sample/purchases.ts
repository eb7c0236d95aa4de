import { type Assortment, CATEGORIES, type Product } from './assortment.ts'
import { AS_OF, DAY_SECONDS, monthOf, weekdayOf } from './calendar.ts'
import type { Person } from './person.ts'
import type { Random } from './random.ts'

/** One line of an order, or of a return (negative quantity, later than its order). */
export interface Line {
  /** The order's place among the customer's orders, from 0. */
  readonly order: number
  /** Seconds since 1970-01-01. */
  readonly at: number
  readonly product: Product
  readonly quantity: number
  readonly unitPriceCents: number
}

/** Days between two orders in percent of the usual gap: mostly sooner, sometimes much later. */
const GAP_SHAPE = [15, 30, 45, 60, 75, 90, 105, 120, 140, 165, 200, 255]
const LINES_PER_ORDER = [1, 1, 1, 2, 2, 2, 3, 3, 4, 5]
/** Orders by hour of the day: a little at lunch, a lot in the evening. */
const HOURS = [2, 1, 0, 0, 0, 1, 3, 5, 6, 7, 7, 7, 9, 8, 6, 6, 6, 7, 8, 11, 14, 13, 8, 4]
/** How a price taste weighs cheap, middling and dear products. */
const TIER_WEIGHTS = [
  [12, 5, 1],
  [4, 10, 4],
  [1, 5, 12],
]
/** Before Christmas people come sooner: the gap in percent, January to December. */
const GAP_SEASON = [120, 115, 100, 100, 100, 105, 115, 110, 100, 95, 75, 70]

/** Everything one customer bought and sent back before the as-of day, by order and time. */
export function drawLines(person: Person, assortment: Assortment, random: Random): readonly Line[] {
  const lines: Line[] = []
  let day = person.ordersFrom + random.below(person.onceOnly ? 500 : Math.min(person.gapDays, 30))
  for (let order = 0; day < person.ordersUntil; order++) {
    const ordered = random.chance(person.saturdays, 100) ? nextSaturday(day) : day
    if (ordered >= person.ordersUntil) break
    const at = ordered * DAY_SECONDS + random.weighted(HOURS) * 3600 + random.below(3600)
    const count = random.oneOf(LINES_PER_ORDER)
    for (let i = 0; i < count; i++) lines.push(drawLine(person, assortment, order, at, random))
    if (person.onceOnly) break
    const gap = person.gapDays * random.oneOf(GAP_SHAPE) * GAP_SEASON[monthOf(ordered)]!
    day = ordered + 1 + Math.floor(gap / 10_000)
  }
  return [...lines, ...drawReturns(lines, random)]
}

function drawLine(person: Person, assortment: Assortment, order: number, at: number, random: Random): Line {
  const month = monthOf(Math.floor(at / DAY_SECONDS))
  const index = random.weighted(CATEGORIES.map(({ season }, i) => person.tastes[i]! * season[month]!))
  const tiers = TIER_WEIGHTS[person.priceTaste]!
  const shelf = assortment[index]!
  const product = shelf[random.weighted(shelf.map((p) => p.popularity * tiers[p.priceTier]!))]!
  // Now and then something is reduced.
  const percent = random.chance(8, 100) ? random.oneOf([90, 80, 70]) : 100
  return {
    order,
    at,
    product,
    quantity: random.oneOf(CATEGORIES[index]!.consumable ? [1, 1, 1, 2, 2, 3] : [1, 1, 1, 1, 1, 1, 1, 1, 2]),
    unitPriceCents: Math.floor((product.cents * percent) / 100),
  }
}

/** Five to thirty days later some of it comes back. */
function drawReturns(lines: readonly Line[], random: Random): Line[] {
  return lines
    .filter(({ product }) => random.chance(CATEGORIES[product.category]!.returned, 1000))
    .map((line) => ({
      ...line,
      at: line.at + (5 + random.below(26)) * DAY_SECONDS + random.below(3600),
      quantity: -line.quantity,
    }))
    .filter((line) => line.at < AS_OF * DAY_SECONDS)
}

function nextSaturday(day: number): number {
  return day + ((6 - weekdayOf(day) + 7) % 7)
}
