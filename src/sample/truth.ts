import type { SampleAction } from './actions.ts'
import { CATEGORIES, CATEGORY_INDEX, priceTier } from './assortment.ts'
import { AS_OF } from './calendar.ts'
import type { ChannelName } from './households.ts'
import type { Person } from './person.ts'
import type { Situation } from './situation.ts'

/** Chances are whole numbers: parts of this. */
export const CHANCE_WHOLE = 100_000

/** Of an offer to somebody it is neither right nor wrong for. */
const OFFER_BASE = 4700
const OFFER_MOST = 45_000
/** By the distance between the customer's price taste and the offer's tier. */
const PRICE_FIT = [135, 85, 35]
/** What ten per cent off add, by price taste. */
const DISCOUNT_PULL = [25, 12, 3]
const CHANNEL_PULL: Record<ChannelName, number> = { web: 95, app: 105, email: 80, push: 70, callcenter: 135 }

/** The chance that this contact leads to the target, in parts of {@link CHANCE_WHOLE}: what a model is to find out. */
export function truth(
  person: Person,
  situation: Situation,
  action: SampleAction,
  channel: ChannelName,
): number {
  return action.kind === 'offer'
    ? offerChance(person, situation, action, channel)
    : activityChance(person, situation, action.id)
}

function offerChance(
  person: Person,
  situation: Situation,
  action: SampleAction,
  channel: ChannelName,
): number {
  const index = CATEGORY_INDEX.get(action.category!)!
  const tier = priceTier(action.priceCents, CATEGORIES[index]!)
  const percents = [
    tastePull(person.tastes[index]!),
    PRICE_FIT[Math.abs(tier - person.priceTaste)]!,
    100 + Math.floor((action.discountPercent * DISCOUNT_PULL[person.priceTaste]!) / 10),
    appeal(action.id),
    CHANNEL_PULL[channel],
    channel === person.favouriteChannel ? 150 : 90,
    recencyPull(situation.recencyDays),
    rhythmPull(situation, person.gapDays),
    againPull(situation.categoryDays[index]!, CATEGORIES[index]!.consumable),
    // Whoever waits for a parcel is in no mood to buy.
    situation.lateParcelDays > 3 ? 45 : 100,
  ]
  const chance = percents.reduce((product, percent) => Math.floor((product * percent) / 100), OFFER_BASE)
  return Math.min(chance, OFFER_MOST)
}

/** From 15 % for what leaves the customer cold to 420 % for a passion; 100 % at an even share of twelve categories. */
function tastePull(perMille: number): number {
  return Math.min(15 + perMille + Math.floor(perMille / 50), 420)
}

function recencyPull(days: number): number {
  if (days <= 30) return 130
  if (days <= 90) return 115
  if (days <= 180) return 85
  return days <= 365 ? 55 : 30
}

/** Best when the next order is about due. */
function rhythmPull(situation: Situation, gapDays: number): number {
  if (situation.orders < 3) return 90
  const percentOfGap = Math.floor((situation.recencyDays * 100) / gapDays)
  return percentOfGap >= 60 && percentOfGap <= 160 ? 130 : 95
}

/** Coffee runs out; a second bed is not needed at once. */
function againPull(days: number, consumable: boolean): number {
  if (days > 45) return 100
  return consumable ? 130 : 60
}

/** Some offers are simply better liked: 60 to 149 %, fixed by the id. */
function appeal(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return 60 + ((hash >>> 8) % 90)
}

/** Days of silence after which a thank-you note comes too late. */
const LAPSED_FOR_GOOD = 600
/** Of an activity that nothing calls for. */
const UNCALLED = 700

/** When an activity is called for, and how likely it is then to be welcome. */
const CALLED_FOR: Readonly<Record<string, (situation: Situation, person: Person) => number>> = {
  'apologise-late-parcel': ({ lateParcelDays }) =>
    lateParcelDays > 3 ? 62_000 : lateParcelDays > 0 ? 40_000 : 0,
  'help-open-return': ({ openReturn }) => (openReturn ? 50_000 : 0),
  'remind-pick-up': ({ pickupWaiting }) => (pickupWaiting ? 58_000 : 0),
  'offer-fit-advice': ({ fitReturns }) => (fitReturns >= 3 ? 45_000 : fitReturns === 2 ? 32_000 : 0),
  'advise-shoe-care': ({ categoryDays }) => (categoryOf(categoryDays, 'shoes') <= 30 ? 40_000 : 0),
  'advise-plant-winter': ({ categoryDays }) => (categoryOf(categoryDays, 'plants') <= 45 ? 42_000 : 0),
  'welcome-call': (_, { memberSince }) => (AS_OF - memberSince <= 150 ? 42_000 : 0),
  'win-back-note': ({ recencyDays, orders }) =>
    orders >= 3 && recencyDays > 150 && recencyDays < LAPSED_FOR_GOOD ? 34_000 : 0,
  'birthday-greeting': ({ birthdaySoon }) => (birthdaySoon ? 55_000 : 0),
  'rescue-points': ({ pointsExpiring }) => (pointsExpiring > 0 ? 44_000 : 0),
}

function activityChance(person: Person, situation: Situation, id: string): number {
  const calledFor = CALLED_FOR[id]
  if (calledFor === undefined) throw new Error(`truth.ts does not say when activity ${id} is called for`)
  const chance = calledFor(situation, person)
  return chance > 0 ? chance : UNCALLED
}

function categoryOf(categoryDays: readonly number[], name: string): number {
  return categoryDays[CATEGORY_INDEX.get(name)!]!
}
