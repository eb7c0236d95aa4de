import { beforeEach, describe, expect, it } from 'vitest'
import type { Serving } from '../../src/decide/parts.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { failure } from '../../src/domain/errors.ts'
import type { FeatureSet } from '../../src/domain/feature-set.ts'
import { NO_RUN_TIME } from '../../src/domain/run-time.ts'
import type { Scorer } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeReadiness } from '../../src/serving/readiness.ts'
import { makeFakeScorer } from '../decide/fake-scorer.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'

let featureSet: () => Promise<FeatureSet | null>
beforeEach(() => {
  featureSet = async () => FEATURE_SET
})

const plain = makeCatalogue([action('boots')])
const challenged: Catalogue = { ...plain, model: 'shop', challenger: 'next' }
const fed: Scorer = { ...makeFakeScorer(), version: 'shop/1' }
const hungry: Scorer = {
  ...makeFakeScorer(),
  fits() {
    throw failure('model_invalid', 'inputs', 'it needs a feature nose', 'load one')
  },
}

const codes = async (catalogue: Catalogue, now: Partial<Serving>) => {
  const serving: Serving = {
    ...{ catalogue, runTime: NO_RUN_TIME, scorer: fed, challenger: null, degraded: [] },
    ...now,
  }
  const parts = { serving: () => serving, prior: priorScorer, featureSet: () => featureSet() }
  return (await makeReadiness(parts)()).degraded
}

describe('readiness', () => {
  it('tells the versions that decide', async () => {
    const serving: Serving = {
      ...{ catalogue: plain, runTime: NO_RUN_TIME, scorer: fed, challenger: null, degraded: [] },
    }
    const ready = makeReadiness({ serving: () => serving, prior: priorScorer, featureSet })
    expect(await ready()).toEqual({
      versions: { catalogue: plain.version, model: 'shop/1' },
      degraded: [],
    })
  })

  it('lacks nothing where both models are there and fed', async () => {
    expect(await codes(challenged, { challenger: fed })).toEqual([])
  })

  it('tells a challenger that does not serve, and one that cannot be fed', async () => {
    expect(await codes(challenged, {})).toEqual(['challenger_unavailable'])
    expect(await codes(challenged, { challenger: hungry })).toEqual(['challenger_unavailable'])
    expect(await codes(plain, {})).toEqual([])
  })

  it('tells champion and challenger apart', async () => {
    expect(await codes(challenged, { scorer: hungry, challenger: fed })).toEqual(['model_failed'])
    expect(await codes(challenged, { scorer: hungry, challenger: hungry })).toEqual([
      'model_failed',
      'challenger_unavailable',
    ])
    const replaced = { scorer: priorScorer, degraded: ['model_unavailable'] } as const
    expect(await codes(challenged, { ...replaced, challenger: fed })).toEqual(['model_unavailable'])
    expect(await codes(challenged, replaced)).toEqual(['model_unavailable', 'challenger_unavailable'])
  })

  it('says once what both lack', async () => {
    featureSet = async () => null
    expect(await codes(challenged, { challenger: fed })).toEqual(['features_not_loaded'])
    featureSet = async () => {
      throw failure('store_unavailable', 'store', 'it is down', 'start it')
    }
    expect(await codes(challenged, { challenger: fed })).toEqual(['store_unavailable'])
  })

  it('says that the store is away where the prior decides, too', async () => {
    featureSet = async () => {
      throw failure('store_unavailable', 'store', 'it is down', 'start it')
    }
    expect(await codes(plain, { scorer: priorScorer })).toEqual(['store_unavailable'])
  })

  it('asks no features for the prior, and for the challenger beside it', async () => {
    featureSet = async () => null
    expect(await codes(plain, { scorer: priorScorer })).toEqual([])
    expect(await codes(challenged, { scorer: priorScorer, challenger: fed })).toEqual(['features_not_loaded'])
  })
})
