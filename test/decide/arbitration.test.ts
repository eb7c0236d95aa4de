import { describe, expect, it } from 'vitest'
import { makeFakeScorer } from './fake-scorer.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, makeHouse, slateOf } from './make-house.ts'

describe('tiers', () => {
  it('come before every priority: mandatory, service, retention, marketing', async () => {
    const catalogue = makeCatalogue([
      action('sale', { tier: 'marketing', value: 1000 }),
      action('stay', { tier: 'retention', value: 100 }),
      action('sorry', { tier: 'service', value: 10 }),
      action('recall', { tier: 'mandatory', value: 0 }),
    ])
    const scorer = makeFakeScorer({ sale: 1, stay: 0.5, sorry: 0.1, recall: 0 })
    const decision = await makeHouse(catalogue, { scorer })(ask({ slates: { hero: 4 } }))
    expect(chosen(decision).hero).toEqual(['recall', 'sorry', 'stay', 'sale'])
  })

  it('are no ties: equal priorities of two tiers leave nothing to chance', async () => {
    const catalogue = makeCatalogue([action('sale'), action('sorry', { tier: 'service' })])
    const decision = await makeHouse(catalogue)(ask({ slates: { hero: 2 } }))
    expect(slateOf(decision).items.map((item) => [item.action.id, item.selectionProbability])).toEqual([
      ['sorry', 1],
      ['sale', 1],
    ])
  })
})

describe('inside a tier', () => {
  const catalogue = makeCatalogue([
    action('likely', { value: 2 }),
    action('dear', { value: 30 }),
    action('both', { value: 20 }),
    action('worthless', { value: 0 }),
  ])
  const scorer = makeFakeScorer({ likely: 0.2, dear: 0.02, both: 0.05, worthless: 1 })

  it('propensity × value decides, neither of them alone', async () => {
    const decision = await makeHouse(catalogue, { scorer })(ask({ slates: { hero: 4 } }))
    expect(chosen(decision).hero).toEqual(['both', 'dear', 'likely', 'worthless'])
  })

  it('the priority told is the product of what is told', async () => {
    const decision = await makeHouse(catalogue, { scorer })(ask({ slates: { hero: 4 } }))
    for (const { propensity, priority, action, selectionProbability } of slateOf(decision).items) {
      const { value } = catalogue.actions[catalogue.positionOf.get(action.id)!]!
      expect(priority).toBe(propensity * value)
      expect(selectionProbability).toBe(1)
    }
  })
})
