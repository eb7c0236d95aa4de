import { CATEGORIES, type PriceTier } from './assortment.ts'
import { AS_OF, CONTACTS_FROM, ORDERS_FROM } from './calendar.ts'
import { CHANNELS, type ChannelName, FIRST_NAMES, HOUSEHOLDS } from './households.ts'
import type { Random } from './random.ts'

/** A made-up customer: what the files will show, and what only the generator knows. Days count from 1970-01-01. */
export interface Person {
  readonly id: string
  readonly firstName: string
  readonly country: string
  readonly birthYear: number
  /** Some never told the shop their birth year. */
  readonly birthYearKnown: boolean
  readonly memberSince: number
  readonly newsletter: boolean
  /** Latent: liking by category, per mille, about 1,000 in sum. */
  readonly tastes: readonly number[]
  readonly priceTaste: PriceTier
  readonly favouriteChannel: ChannelName
  /** Latent: usual days between two orders. */
  readonly gapDays: number
  /** Latent: orders fall into these days (the end excluded); equal for those who never order. */
  readonly ordersFrom: number
  readonly ordersUntil: number
  /** Latent: ordered once and never again. */
  readonly onceOnly: boolean
  /** Latent: how many per cent of their orders wait for Saturday. */
  readonly saturdays: number
}

const GAP_DAYS = [18, 28, 40, 60, 85, 130, 180]
const GAP_WEIGHTS = [10, 16, 20, 20, 16, 11, 7]
const COUNTRIES = ['DE', 'AT', 'CH', 'LU', 'NL']
const COUNTRY_WEIGHTS = [78, 12, 5, 2, 3]
/** Regular, lapsed, new, once only, never ordered. */
const CAREERS = [58, 14, 14, 11, 3]

/** Draws one customer; `index` counts from 0. */
export function drawPerson(index: number, random: Random): Person {
  const household = HOUSEHOLDS[random.weighted(HOUSEHOLDS.map(({ share }) => share))]!
  const [first, last] = household.born
  const birthYear = first + random.below(last - first + 1)
  const generation = birthYear < 1965 ? 0 : birthYear < 1985 ? 1 : 2
  return {
    id: `c-${String(index + 1).padStart(4, '0')}`,
    firstName: random.oneOf(FIRST_NAMES[generation]!),
    country: COUNTRIES[random.weighted(COUNTRY_WEIGHTS)]!,
    birthYear,
    birthYearKnown: random.chance(94, 100),
    newsletter: random.chance(62, 100),
    tastes: drawTastes(household.tastes, random),
    priceTaste: random.weighted(household.priceTastes) as PriceTier,
    favouriteChannel: CHANNELS[random.weighted(household.channels)]!,
    gapDays: GAP_DAYS[random.weighted(GAP_WEIGHTS)]!,
    saturdays: random.oneOf([0, 5, 10, 30, 60]),
    ...drawCareer(random),
  }
}

type Career = Pick<Person, 'memberSince' | 'ordersFrom' | 'ordersUntil' | 'onceOnly'>

function drawCareer(random: Random): Career {
  const career = random.weighted(CAREERS)
  // Members for up to nine years, more of them of late; a new one since spring.
  const memberSince =
    career === 2
      ? AS_OF - 8 - random.below(AS_OF - CONTACTS_FROM)
      : AS_OF - 200 - random.below(56) * random.below(56)
  const ordersFrom = Math.max(ORDERS_FROM, memberSince)
  const onceOnly = career === 3
  if (career === 4) return { memberSince, ordersFrom, ordersUntil: ordersFrom, onceOnly }
  const lapsed = career === 1 ? 120 + random.below(420) : 0
  return {
    memberSince,
    ordersFrom,
    ordersUntil: Math.min(Math.max(ordersFrom + 30, AS_OF - lapsed), AS_OF),
    onceOnly,
  }
}

/** The household's taste, bent by a personal factor per category and one private passion. */
function drawTastes(common: readonly number[], random: Random): readonly number[] {
  const passion = random.below(CATEGORIES.length)
  const weights = common.map((weight, i) => weight * (30 + random.below(171)) + (i === passion ? 800 : 0))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => Math.floor((weight * 1000) / sum))
}
