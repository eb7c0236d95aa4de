import { describe, expect, it } from 'vitest'
import { fillSlates } from '../../src/decide/fill.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import { addPropensity } from '../../src/decide/propensity.ts'
import { weigh } from '../../src/decide/weigh.ts'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import type { Decision } from '../../src/domain/decision.ts'
import type { PlacementId } from '../../src/domain/ids.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, makeHouse, NOW, situate, slateOf } from './make-house.ts'

const DAY = 86_400_000
const IDS = ['a', 'b', 'c', 'd', 'e']
const catalogue = makeCatalogue(
  [...IDS.map((id) => action(id, { in: ['hero', 'footer'] })), action('best', { value: 2 })],
  {
    placements: [
      { id: 'hero', channel: 'web' },
      { id: 'footer', channel: 'web', order: 1 },
    ],
  },
)
const decide = makeHouse(catalogue)
const order = async (question = {}, house = decide) =>
  chosen(await house(ask({ slates: { hero: 6 }, ...question })))
    .hero!.slice(1)
    .join('')

/** Decisions for customers `0` … `n-1`. Always the same ones, so nothing here can fail by chance. */
function many(n: number, question: object, house = decide): Promise<Decision[]> {
  return Promise.all(Array.from({ length: n }, (_, i) => house(ask({ customer: `${i}`, ...question }))))
}

/** How many standard deviations a count is from what a probability expects. */
function deviations(count: number, n: number, p: number): number {
  return Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p))
}

describe('equals', () => {
  it('keep their order for a customer through the day', async () => {
    const noon = makeHouse(catalogue, { now: NOW + 3 * 3_600_000 })
    expect(await order({}, noon)).toBe(await order())
  })

  it('are ordered anew every day, and a day begins at midnight of the catalogue’s zone', async () => {
    const days = Array.from({ length: 30 }, (_, i) => makeHouse(catalogue, { now: NOW + i * DAY }))
    const orders = await Promise.all(days.map((house) => order({}, house)))
    expect(new Set(orders).size).toBeGreaterThan(20)

    const at = (utc: string) => order({}, makeHouse(catalogue, { now: Date.parse(utc) }))
    const [evening, night, morning] = [
      await at('2026-11-01T22:59:59Z'),
      await at('2026-11-01T23:00:00Z'),
      await at('2026-11-02T09:00:00Z'),
    ]
    expect(morning).toBe(night)
    expect(evening).toBe(await order())
    expect(night).not.toBe(evening)
  })

  it('are ordered otherwise in another placement', async () => {
    const pairs = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => [
        await order({ customer: `${i}` }),
        chosen(await decide(ask({ customer: `${i}`, slates: { footer: 5 } }))).footer!.join(''),
      ]),
    )
    expect(pairs.filter(([hero, footer]) => hero === footer).length).toBeLessThan(5)
  })

  it('are ordered by their request for a visitor without a name', async () => {
    const anonymous = (requestId: string) => order({ customer: undefined, requestId })
    expect(await anonymous('r-1')).toBe(await anonymous('r-1'))
    const orders = await Promise.all(Array.from({ length: 30 }, (_, i) => anonymous(`r-${i}`)))
    expect(new Set(orders).size).toBeGreaterThan(20)
  })

  it('come first equally often, so no id is better than another', async () => {
    const decisions = await many(3000, { slates: { hero: 6 } })
    const orders = decisions.map((decision) => chosen(decision).hero!.slice(1))
    for (const id of IDS) {
      for (const rank of IDS.keys()) {
        const count = orders.filter((order) => order[rank] === id).length
        expect(deviations(count, orders.length, 1 / 5), `${id} at ${rank}`).toBeLessThan(4)
      }
    }
    for (const [before, after] of IDS.flatMap((a, i) => IDS.slice(i + 1).map((b) => [a, b] as const))) {
      const count = orders.filter((order) => order.indexOf(before) < order.indexOf(after)).length
      expect(deviations(count, orders.length, 1 / 2), `${before} before ${after}`).toBeLessThan(4)
    }
  })

  it('have the same order however the catalogue lists them', async () => {
    const reversed = makeHouse(makeCatalogue([...IDS].reverse().map((id) => action(id))), {
      scorer: makeFakeScorer(),
    })
    const straight = makeHouse(makeCatalogue(IDS.map((id) => action(id))))
    const [one, other] = [
      await many(50, { slates: { hero: 5 } }, straight),
      await many(50, { slates: { hero: 5 } }, reversed),
    ]
    expect(other.map(chosen)).toEqual(one.map(chosen))
  })
})

describe('the selection probability', () => {
  it('is 1 for the best and 1/k for one of k equals, given those before it', async () => {
    const decision = await decide(ask({ slates: { hero: 6 } }))
    expect(slateOf(decision).items.map((item) => item.selectionProbability)).toEqual([
      1,
      1 / 5,
      1 / 4,
      1 / 3,
      1 / 2,
      1,
    ])
  })

  it('leaves out what another placement has already taken', async () => {
    const decision = await decide(ask({ slates: { hero: 3, footer: 2 } }))
    expect(slateOf(decision, 'footer').items.map((item) => item.selectionProbability)).toEqual([1 / 3, 1 / 2])
  })

  const bilingual = makeCatalogue(
    [
      action('german', { says: { de: 'x' } }),
      action('english', { says: { en: 'x' } }),
      action('both', { says: { de: 'x', en: 'x' } }),
      action('german-2', { says: { de: 'x' } }),
    ],
    {},
  )
  it.each([
    ['equals', catalogue, 4],
    ['equals of several languages, where the first one drawn settles the language', bilingual, 3],
  ])('is the frequency with which it happens, over 20,000 seeds: %s', async (_, shop, limit) => {
    const situation = await situate(shop, { slates: { hero: limit } })
    const scorer = makeFakeScorer()
    const { candidates } = addPropensity(judge(situation), situation, scorer, scorer, () => {})
    const slates = Array.from({ length: 20_000 }, (_, i) => {
      const seeds = { ...situation.seeds, placements: new Map([['hero' as PlacementId, sha256Hex(`${i}`)]]) }
      return fillSlates(weigh(candidates, situation), { ...situation, seeds }).slates[0]!
    })
    const draws = new Map<string, { told: number; times: number; of: string }>()
    const prefixes = new Map<string, number>()
    for (const { items } of slates) {
      let prefix = ''
      for (const item of items) {
        prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1)
        const path = `${prefix}/${item.action.id}`
        const draw = draws.get(path) ?? { told: item.selectionProbability, times: 0, of: prefix }
        if (item.selectionProbability !== draw.told) expect(item.selectionProbability, path).toBe(draw.told)
        draws.set(path, { ...draw, times: draw.times + 1 })
        prefix = path
      }
    }
    for (const [path, { told, times, of }] of draws) {
      const tries = prefixes.get(of)!
      if (told === 1) expect(times, path).toBe(tries)
      else expect(deviations(times, tries, told), path).toBeLessThan(4.5)
    }
  })
})
