import { expect, it } from 'vitest'
import { startDeadline } from '../../../src/serving/deadline.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, chosen, makeHouse } from '../make-house.ts'

it('an answer of many shows some of what is left of a volume, however few', async () => {
  const ids = Array.from({ length: 60 }, (_, i) => `boots-${i}`)
  const shop = makeCatalogue(
    ids.map((id) => action(id, { group: 'boots' })),
    {
      groups: [{ id: 'boots' }],
      volumes: [{ id: 'pairs', where: { group: 'boots' }, max: 1000, per: 'day' }],
    },
  )
  for (const left of [59, 45, 30, 5, 1]) {
    const store = makeFakeStore({ unitsLeft: { pairs: left } })
    const decision = await makeHouse(shop, { store })(ask({ explain: 'none', slates: { hero: 60 } }))
    expect(decision.degraded, `${left} left`).toEqual([])
    const shown = chosen(decision).hero!.length
    expect(shown).toBeLessThanOrEqual(left)
    expect(shown).toBeGreaterThanOrEqual(Math.floor(left / 2))
  }
})

it('whose turn does not come in time is told that others were there, not that the store failed', async () => {
  const store = makeFakeStore()
  const decide = makeHouse(makeCatalogue([action('boots')]), {
    store: { ...store, commit: () => new Promise(() => {}) },
    startDeadline,
  })
  const [first, second] = await Promise.all([
    decide(ask({ explain: 'none', deadlineMs: 200 })),
    decide(ask({ explain: 'none', deadlineMs: 20 })),
  ])
  expect(first!.degraded).toEqual(['store_unavailable'])
  expect(second!.degraded).toEqual(['contended'])
})
