import { expect, it } from 'vitest'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, chosen, makeHouse, slateOf } from '../make-house.ts'

it('draws among those equals only that there is room for, and says so', async () => {
  const catalogue = makeCatalogue(
    [action('best', { value: 9, group: 'shoes' }), action('other', { group: 'shoes' }), action('free')],
    { contactPolicies: [{ id: 'varied', per: 'group', max: 1, window: '1d' }] },
  )
  const decide = makeHouse(catalogue)
  // Their order is drawn for each customer anew.
  for (let i = 0; i < 20; i++) {
    const decision = await decide(ask({ customer: `c-${i}`, slates: { hero: 2 } }))
    expect(chosen(decision)).toEqual({ hero: ['best', 'free'] })
    expect(slateOf(decision).items.map((item) => item.selectionProbability)).toEqual([1, 1])
  }
})
