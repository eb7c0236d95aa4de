import type { SampleAction } from './actions.ts'
import type { Random } from './random.ts'

export interface Category {
  readonly name: string
  /** What a middling product costs. */
  readonly typicalCents: number
  /** Used up and bought again soon, unlike a lamp. */
  readonly consumable: boolean
  /** Comes in sizes, so it is returned when it does not fit. */
  readonly sized: boolean
  /** Lines that come back, per mille. */
  readonly returned: number
  /** Demand from January to December in percent of the year's mean. */
  readonly season: readonly number[]
}

const WINTER = [140, 110, 80, 60, 50, 50, 50, 70, 100, 140, 180, 170]
const SPRING = [60, 90, 160, 200, 170, 110, 80, 80, 110, 100, 30, 10]
const GIFTS = [80, 80, 90, 90, 80, 80, 80, 80, 90, 100, 150, 200]
const EVEN = [100, 90, 100, 100, 100, 95, 90, 90, 105, 105, 115, 110]

/** The categories in the order in which tastes are listed. Amounts in integer cents. */
export const CATEGORIES: readonly Category[] = [
  category('shoes', 8000, EVEN, { sized: true, returned: 110 }),
  category('clothing', 7000, EVEN, { sized: true, returned: 100 }),
  category('knitwear', 6000, WINTER, { sized: true, returned: 70 }),
  category('bedding', 6500, EVEN),
  category('lighting', 5000, WINTER),
  category('cookware', 7000, GIFTS),
  category('coffee-tea', 2200, EVEN, { consumable: true, returned: 5 }),
  category('garden-tools', 4000, SPRING),
  category('plants', 2600, SPRING, { consumable: true, returned: 10 }),
  category('books', 2200, GIFTS, { consumable: true, returned: 12 }),
  category('toys', 3500, GIFTS),
  category('kidswear', 4200, EVEN, { sized: true, returned: 80 }),
]

export const CATEGORY_INDEX: ReadonlyMap<string, number> = new Map(CATEGORIES.map(({ name }, i) => [name, i]))

/** Cheap, middling or dear for its category. */
export type PriceTier = 0 | 1 | 2

export interface Product {
  readonly id: string
  readonly category: number
  readonly cents: number
  readonly priceTier: PriceTier
  /** How often it is picked within its category, as a weight. */
  readonly popularity: number
}

/** Products by category, in the order of {@link CATEGORIES}. */
export type Assortment = readonly (readonly Product[])[]

const PRODUCTS_PER_CATEGORY = 18
/** Prices of what is sold besides the offers, in percent of the typical price. */
const PRICE_SHAPE = [35, 45, 50, 60, 65, 75, 85, 90, 100, 110, 120, 140, 160, 190, 230]

/** What the shop sells: the offered products, then more of the same kind. */
export function createAssortment(actions: readonly SampleAction[], random: Random): Assortment {
  return CATEGORIES.map((category, index) => {
    const offered = actions.filter((action) => action.sku !== undefined && action.category === category.name)
    const letters = offered[0]!.sku!.slice(0, 3)
    return Array.from({ length: PRODUCTS_PER_CATEGORY }, (_, i): Product => {
      const cents = offered[i]?.priceCents ?? shelfPrice(category, random)
      return {
        id: `${letters}-${String(i + 1).padStart(2, '0')}`,
        category: index,
        cents,
        priceTier: priceTier(cents, category),
        popularity: 20 + random.below(100),
      }
    })
  })
}

/** Whether a price is low, usual or high for the category. */
export function priceTier(cents: number, category: Category): PriceTier {
  if (cents * 100 < category.typicalCents * 70) return 0
  return cents * 100 > category.typicalCents * 130 ? 2 : 1
}

/** A price that ends in 90 cents. */
function shelfPrice(category: Category, random: Random): number {
  const cents = Math.floor((category.typicalCents * random.oneOf(PRICE_SHAPE)) / 100)
  return cents - (cents % 100) + 90
}

function category(
  name: string,
  typicalCents: number,
  season: readonly number[],
  traits: Partial<Category> = {},
): Category {
  return { name, typicalCents, consumable: false, sized: false, returned: 25, season, ...traits }
}
