import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Slate, Verdict } from '../../src/domain/decision.ts'
import { LANGUAGES } from '../../src/domain/language.ts'
import { reasonText } from '../../src/domain/reason-text.ts'
import { KINDS, TIERS } from '../../src/domain/tier.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, makeHouse } from './make-house.ts'

const PLACEMENTS = ['p0', 'p1', 'p2', 'p3']
const MOMENTS = [
  '2026-10-01T00:00:00Z',
  '2026-10-31T00:00:00Z',
  '2026-11-30T00:00:00Z',
  '2026-12-31T00:00:00Z',
]
const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 })

const anyAction = fc.record({
  in: some(PLACEMENTS),
  says: some(['de', 'de-AT', 'en', 'fr']).map((tags) => Object.fromEntries(tags.map((tag) => [tag, 'x']))),
  kind: fc.constantFrom(...KINDS),
  tier: fc.constantFrom(...TIERS),
  status: fc.constantFrom('active', 'active', 'active', 'inactive'),
  value: fc.constantFrom(0, 1, 1, 2),
  minPropensity: fc.constantFrom(0, 0, 0.02, 0.5),
  validity: fc.option(
    fc
      .uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 })
      .map((ends) => ends.sort().map((end) => MOMENTS[end]!))
      .map(([from, to]) => ({ from, to })),
    { nil: undefined },
  ),
})

const anyShop = fc.record({
  actions: fc.array(anyAction, { minLength: 1, maxLength: 12 }),
  orders: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  fallback: fc.boolean(),
  outbound: fc.boolean(),
  scores: fc.array(fc.constantFrom(0, 0.01, 0.02, 0.02, 0.9), { minLength: 12, maxLength: 12 }),
})

const anyQuestion = fc.record({
  customer: fc.constantFrom('c-1', 'c-2', undefined),
  locale: fc.constantFrom(undefined, 'de-AT', 'en-GB', 'it'),
  slates: some(PLACEMENTS).chain((ids) =>
    fc
      .array(
        fc.record({
          limit: fc.integer({ min: 1, max: 4 }),
          kinds: fc.constantFrom(undefined, undefined, ['offer' as const], [...KINDS]),
        }),
        { minLength: ids.length, maxLength: ids.length },
      )
      .map((wishes) => Object.fromEntries(ids.map((id, i) => [id, wishes[i]!]))),
  ),
  broken: fc.constantFrom(false, false, true),
  without: fc.constantFrom(undefined, 0),
})

type Shop = typeof anyShop extends fc.Arbitrary<infer T> ? T : never
type Asked = typeof anyQuestion extends fc.Arbitrary<infer T> ? T : never

async function decide(shop: Shop, { broken, without, ...question }: Asked) {
  const catalogue = makeCatalogue(
    shop.actions.map((wish, i) => action(`a${i}`, wish)),
    {
      channels: { web: { direction: shop.outbound ? 'outbound' : 'inbound' } },
      placements: PLACEMENTS.map((id, i) => ({
        id,
        channel: 'web',
        order: shop.orders[i],
        ...(shop.fallback ? { fallback: 'x' } : {}),
      })),
    },
  )
  const scorer = makeFakeScorer(Object.fromEntries(shop.scores.map((p, i) => [`a${i}`, p])))
  const request = ask({ ...question, exclude: without === undefined ? [] : [`a${without}`] })
  const decision = await makeHouse(catalogue, { scorer, store: makeFakeStore({ broken }) })(request)
  return { catalogue, request, decision }
}

/** Checks what must hold of every decision, whatever the shop, the question and the scores. */
function always(what: string, check: (made: Awaited<ReturnType<typeof decide>>) => void) {
  it(what, async () => {
    await fc.assert(
      fc.asyncProperty(anyShop, anyQuestion, async (shop, question) => check(await decide(shop, question))),
      { numRuns: 100 },
    )
  })
}

const tierOf = ({ action }: { action: Pick<Verdict['action'], 'tier'> }) => TIERS.indexOf(action.tier)
const ids = (slate: Slate) => slate.items.map((item) => item.action.id)

describe('of any decision', () => {
  always('every candidate of every asked placement leaves once, with at least one reason', (made) => {
    const { catalogue, request, decision } = made
    const expected = request.slates.flatMap(({ placement }) =>
      catalogue.actions
        .filter(({ treatments }) => treatments.some((treatment) => treatment.placements.includes(placement)))
        .map(({ id }) => `${placement} ${id}`),
    )
    expect(decision.verdicts.map(({ placement, action }) => `${placement.id} ${action.id}`)).toEqual(expected)
    for (const { reasons } of decision.verdicts) expect(reasons.length).toBeGreaterThan(0)
  })

  always('every reason is a whole sentence', ({ decision }) => {
    const sentences = decision.verdicts.flatMap(({ reasons }) =>
      reasons.flatMap((reason) =>
        LANGUAGES.map((language) => reasonText(reason, { language, timeZone: 'Europe/Berlin' })),
      ),
    )
    expect(sentences.filter((text) => /[{}]|undefined|NaN|Infinity/.test(text))).toEqual([])
  })

  always('slates are answered as asked, each filled to its limit or with the reason why not', (made) => {
    const { request, decision } = made
    expect(decision.slates.map(({ placement }) => placement.id)).toEqual(
      request.slates.map(({ placement }) => placement),
    )
    decision.slates.forEach(({ items, status, code, placement }, i) => {
      const { limit } = request.slates[i]!
      expect(items.length).toBeLessThanOrEqual(limit)
      expect(code === undefined).toBe(items.length === limit)
      const none = placement.fallback !== undefined && decision.direction === 'inbound' ? 'fallback' : 'empty'
      expect(status).toBe(items.length === limit ? 'filled' : items.length > 0 ? 'partial' : none)
    })
  })

  always('an action is shown once, and what is selected is what is shown', ({ decision }) => {
    const shown = decision.slates.flatMap((slate) => ids(slate).map((id) => `${slate.placement.id} ${id}`))
    expect(new Set(decision.slates.flatMap(ids)).size).toBe(shown.length)
    const selected = decision.verdicts
      .filter(({ status }) => status === 'selected')
      .map(({ placement, action }) => `${placement.id} ${action.id}`)
    expect(selected.sort()).toEqual(shown.sort())
  })

  always('nothing is outranked by something worse', ({ decision }) => {
    for (const { placement, items } of decision.slates) {
      const last = items.at(-1)
      for (const verdict of decision.verdicts) {
        if (verdict.placement !== placement || verdict.status !== 'outranked') continue
        expect(tierOf(verdict)).toBeGreaterThanOrEqual(tierOf(last!))
        if (tierOf(verdict) === tierOf(last!)) expect(verdict.priority).toBeLessThanOrEqual(last!.priority)
      }
    }
  })

  always('items come in rank, by tier and then by priority, each with its probability', ({ decision }) => {
    for (const { items } of decision.slates) {
      items.forEach((item, i) => {
        expect(item.rank).toBe(i + 1)
        expect(1 / item.selectionProbability).toBeGreaterThanOrEqual(1)
        const before = items[i - 1]
        if (before === undefined) return
        expect(tierOf(before)).toBeLessThanOrEqual(tierOf(item))
        if (tierOf(before) === tierOf(item)) expect(before.priority).toBeGreaterThanOrEqual(item.priority)
      })
    }
  })

  always(
    'a slate speaks one language, if need be in a shorter tag, and shows what is written in it',
    ({ catalogue, decision }) => {
      for (const { items, placement } of decision.slates) {
        const language = items[0]?.locale
        for (const { action, treatment, locale, content } of items) {
          expect(`${language}-`.startsWith(`${locale}-`)).toBe(true)
          const { treatments } = catalogue.actions[catalogue.positionOf.get(action.id)!]!
          const written = treatments.find(({ id }) => id === treatment.id)!
          expect(written.content.get(locale)!.render({} as never, locale)).toBe(content)
          expect(written.placements).toContain(placement.id)
        }
      }
    },
  )
})
