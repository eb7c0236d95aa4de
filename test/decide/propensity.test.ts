import { describe, expect, it } from 'vitest'
import type { Scorer } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, codesOf, makeHouse, slateOf, verdictOf } from './make-house.ts'

describe('the scorer', () => {
  const catalogue = makeCatalogue(
    [
      action('both', { in: ['hero', 'footer'] }),
      action('closed', { status: 'inactive' }),
      action('below', { in: ['footer'] }),
    ],
    {
      placements: [
        { id: 'hero', channel: 'web' },
        { id: 'footer', channel: 'web' },
      ],
    },
  )

  it('is asked once, for each action that is permitted anywhere', async () => {
    const scorer = makeFakeScorer()
    await makeHouse(catalogue, { scorer })(ask({ slates: { hero: 1, footer: 1 } }))
    expect(scorer.asked).toEqual([['both', 'below']])
  })

  it('is believed to the bit of its float', async () => {
    const decision = await makeHouse(catalogue, { scorer: makeFakeScorer({ both: 1 / 3 }) })(ask())
    expect(slateOf(decision).items[0]!.propensity).toBe(Math.fround(1 / 3))
  })

  it('scores nothing that was refused before', async () => {
    const decision = await makeHouse(catalogue)(ask())
    expect(verdictOf(decision, 'closed')).toMatchObject({
      status: 'refused',
      propensity: null,
      priority: null,
    })
  })
})

describe('a model that fails', () => {
  const catalogue = makeCatalogue([
    action('dear', { value: 90 }),
    action('cheap', { value: 1 }),
    action('picky', { value: 900, minPropensity: 0.001 }),
  ])
  const answering = (...propensity: number[]): Scorer => ({
    version: 'broken/1@000000000000',
    fits() {},
    score: () => ({ propensity: Float32Array.from(propensity), evidence: null }),
  })

  it.each<[string, Scorer]>([
    [
      'throws',
      {
        version: 'broken',
        fits() {},
        score: () => {
          throw new TypeError('no')
        },
      },
    ],
    ['answers NaN', answering(0.1, 0.1, Number.NaN)],
    ['answers more than 1', answering(0.1, 0.1, 1.0001)],
    ['answers less than 0', answering(-0.0001, 0.1, 0.1)],
    ['answers infinity', answering(Number.POSITIVE_INFINITY, 0.1, 0.1)],
    ['answers too little', answering(0.1, 0.1)],
    ['answers too much', answering(0.1, 0.1, 0.1, 0.1)],
  ])(
    'because it %s is replaced by the prior, the decision says so, and what has a threshold keeps quiet',
    async (_, scorer) => {
      const decision = await makeHouse(catalogue, { scorer })(ask({ slates: { hero: 2 } }))
      expect(decision).toMatchObject({ degraded: ['model_failed'], versions: { model: 'prior' } })
      expect(chosen(decision).hero).toEqual(['dear', 'cheap'])
      expect(codesOf(decision, 'picky')).toEqual(['propensity_unknown'])
    },
  )

  it('is no failure when it answers 0 or 1', async () => {
    const decision = await makeHouse(catalogue, { scorer: answering(1, 0, 0) })(ask())
    expect(decision.degraded).toEqual([])
    expect(chosen(decision).hero).toEqual(['cheap'])
  })
})

describe('the minimum propensity', () => {
  const picky = action('picky', { minPropensity: 0.01 })
  const decideAt = (p: number, more = {}) =>
    makeHouse(makeCatalogue([{ ...picky, ...more }]), { scorer: makeFakeScorer({ picky: p }) })(ask())

  it('refuses what is below it, and says both figures', async () => {
    const decision = await decideAt(0.004)
    expect(verdictOf(decision, 'picky')).toMatchObject({
      status: 'refused',
      reasons: [
        { code: 'below_min_propensity', values: { propensity: expect.closeTo(0.004, 8), minimum: 0.01 } },
      ],
    })
    expect(slateOf(decision)).toMatchObject({ status: 'empty', code: 'nothing_above_threshold' })
  })

  it('keeps the score of what it refuses, so that it can be told', async () => {
    const verdict = verdictOf(await decideAt(0.004, { value: 50 }), 'picky')
    expect(verdict.propensity).toBe(Math.fround(0.004))
    expect(verdict.priority).toBeCloseTo(0.2, 6)
  })

  it('permits what is exactly at it, though a float of 0.01 is a little less than 0.01', async () => {
    expect(Math.fround(0.01)).toBeLessThan(0.01)
    expect(chosen(await decideAt(0.01)).hero).toEqual(['picky'])
  })

  it('never refuses a figure that reads the same as the minimum', async () => {
    const told = await decideAt(0.0099999)
    expect(verdictOf(told, 'picky').reasons[0]!.values).toMatchObject({
      propensity: expect.closeTo(0.0099999, 8),
    })
    expect(chosen(await decideAt(0.009999999)).hero).toEqual(['picky'])
  })

  it('is not held against a mandatory action', async () => {
    expect(chosen(await decideAt(0.004, { tier: 'mandatory' })).hero).toEqual(['picky'])
  })

  it.each(['service', 'retention', 'marketing'])('is held against the tier %s', async (tier) => {
    expect(codesOf(await decideAt(0.004, { tier }), 'picky')).toEqual(['below_min_propensity'])
  })

  it('is not held against a prior, which has no evidence', async () => {
    const house = makeHouse(makeCatalogue([{ ...picky, minPropensity: 0.9 }]), { scorer: priorScorer })
    const decision = await house(ask())
    expect(chosen(decision).hero).toEqual(['picky'])
    expect(decision.degraded).toEqual([])
  })
})

describe('the prior', () => {
  it('lets value decide, and needs no features when the catalogue names no model', async () => {
    const catalogue = makeCatalogue([action('cheap', { value: 1 }), action('dear', { value: 9 })])
    const store = makeFakeStore({ featureSet: null })
    const decision = await makeHouse(catalogue, { scorer: priorScorer, store })(ask({ slates: { hero: 2 } }))
    expect(chosen(decision).hero).toEqual(['dear', 'cheap'])
    expect(decision.degraded).toEqual([])
  })
})
