import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { Catalogue } from '../../../src/domain/catalogue.ts'
import { isCap } from '../../../src/domain/contact-policy.ts'
import type { Item, Slate } from '../../../src/domain/decision.ts'
import type { ActionId } from '../../../src/domain/ids.ts'
import { TIERS } from '../../../src/domain/tier.ts'
import { ask, makeHouse, type Question } from '../make-house.ts'
import { ALIKE, anyVisits, openShop, type Shop, scorerOf } from './any-shop.ts'

/** Each answer of a shop, its slates in the order in which they are filled. */
async function answers(shop: Shop, questions: readonly Question[]) {
  const catalogue = openShop(shop)
  const decide = makeHouse(catalogue, { scorer: scorerOf(shop) })
  return Promise.all(
    questions.map(async (question) => {
      const { slates } = await decide(ask({ ...question, explain: 'none' }))
      const limits = question.slates as Readonly<Record<string, number>>
      return { catalogue, limits, slates: [...slates].sort((a, b) => a.placement.order - b.placement.order) }
    }),
  )
}

type Answer = Awaited<ReturnType<typeof answers>>[number]

const all: Answer[] = []
beforeAll(async () => {
  for (const { shop, questions } of fc.sample(anyVisits, { ...ALIKE, numRuns: 250 }))
    all.push(...(await answers(shop, questions)))
})

/** Holds something of many answers; what they met is counted, so that it says something. */
function always(check: (answer: Answer) => number, enough: number): void {
  const met = all.reduce((sum, answer) => sum + check(answer), 0)
  expect(met).toBeGreaterThan(enough)
}

const known = ({ actions, positionOf }: Catalogue, id: ActionId) => actions[positionOf.get(id)!]!
const actionsOf = ({ items }: Slate) => items.map(({ action }) => action)
const before = (items: readonly Item[], i: number) => items.slice(0, i)

it('no action comes twice in a slate, nor in an answer unless the later placement allows repeats', () =>
  always(({ catalogue, slates }) => {
    let repeats = 0
    for (const [i, slate] of slates.entries()) {
      const own = actionsOf(slate)
      expect(new Set(own).size).toBe(own.length)
      const earlier = new Set(slates.slice(0, i).flatMap(actionsOf))
      const again = own.filter((action) => earlier.has(action))
      if (!catalogue.placements.get(slate.placement.id)!.allowRepeats) expect(again).toEqual([])
      repeats += again.length
    }
    return repeats
  }, 50))

it('no slate shows more of a group than it may, but for what is mandatory', () =>
  always(({ catalogue, slates }) => {
    let full = 0
    for (const { items } of slates)
      for (const [i, { action }] of items.entries()) {
        const { group, tier } = known(catalogue, action.id)
        if (group === undefined) continue
        const max = catalogue.maxPerSlate.get(group)!
        const beside = before(items, i).filter(
          (item) => known(catalogue, item.action.id).group === group,
        ).length
        if (tier !== 'mandatory') expect(beside).toBeLessThan(max)
        if (beside + 1 >= max) full++
      }
    return full
  }, 100))

it('no answer shows more than a cap allows, but for what is mandatory', () =>
  always(({ catalogue, slates }) => {
    let usedUp = 0
    const shown = slates.flatMap(({ placement, items }) =>
      items.map(
        ({ action }) => catalogue.plays.get(placement.id)!.find(({ facts }) => facts.action === action.id)!,
      ),
    )
    for (const [i, { facts, policies }] of shown.entries())
      for (const { per, max } of policies.filter(isCap)) {
        const keyOf = (one: typeof facts) => (per === 'customer' ? 'all' : one[per])
        if (keyOf(facts) === undefined) continue
        const counted = shown.slice(0, i).filter((play) => keyOf(play.facts) === keyOf(facts)).length
        if (facts.tier !== 'mandatory') expect(counted).toBeLessThan(max)
        if (counted + 1 >= max) usedUp++
      }
    return usedUp
  }, 100))

it('no slate shows more than it was asked for', () =>
  always(({ slates, limits }) => {
    for (const { items, placement } of slates) expect(items.length).toBeLessThanOrEqual(limits[placement.id]!)
    return slates.filter(({ items, placement }) => items.length === limits[placement.id]).length
  }, 100))

it('a slate speaks one language: that of its first action, or a shorter form of it', () =>
  always(({ catalogue, slates }) => {
    let shorter = 0
    for (const { items } of slates) {
      const language = items[0]?.locale
      for (const { action, locale, treatment } of items) {
        expect(`${language}-`.startsWith(`${locale}-`), `${locale} beside ${language}`).toBe(true)
        const written = known(catalogue, action.id).treatments.find(({ id }) => id === treatment.id)
        expect(written!.content.has(locale)).toBe(true)
        if (locale !== language) shorter++
      }
    }
    return shorter
  }, 20))

it('no tier comes before a higher one', () =>
  always(({ slates }) => {
    let steps = 0
    for (const slate of slates) {
      const tiers = actionsOf(slate).map(({ tier }) => TIERS.indexOf(tier))
      expect(tiers).toEqual([...tiers].sort())
      steps += new Set(tiers).size - 1
    }
    return steps
  }, 50))
