import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Json } from '../../src/domain/canonical-json.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EmmaError, failure } from '../../src/domain/errors.ts'
import type { FeatureSet } from '../../src/domain/feature-set.ts'
import type { ChosenScorers } from '../../src/ports/chosen-scorers.ts'
import type { Model } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeCatalogues } from '../../src/serving/catalogues.ts'
import { openKeeper, type Prepared } from '../../src/serving/keeper.ts'
import { makePreparing, type Preparing } from '../../src/serving/prepare.ts'
import { stored } from '../../src/serving/stored-document.ts'
import { makeFakeScorer } from '../decide/fake-scorer.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'
import { type FakeCatalogueStore, makeFakeCatalogueStore } from './fake-catalogue-store.ts'

const WRONG = failure('model_invalid', 'models/broken', 'its checksum is wrong', 'copy it again')
const HUNGRY = failure('model_invalid', 'model hungry', 'it needs a feature nose', 'load one')

/** Every model that was loaded, and how often it was closed. */
let loaded: { readonly id: string; closed: number }[]
let troubles: unknown[]
let set: FeatureSet | null
let featureSet: () => Promise<FeatureSet | null>
let preparing: Preparing

beforeEach(() => {
  loaded = []
  troubles = []
  set = null
  featureSet = async () => set
  preparing = makePreparing({
    chooseScorers,
    featureSet: () => featureSet(),
    onTrouble: (error) => troubles.push(error),
  })
})

/** Models by their names: `broken` ones cannot serve, `hungry` ones read what no set has. */
async function chooseScorers(
  { model, challenger }: Catalogue,
  lent: Prepared['models'],
): Promise<ChosenScorers> {
  const models = new Map<string, Model>()
  const trouble = (id: string | undefined) => {
    if (id?.startsWith('broken')) return WRONG
    if (id !== undefined) models.set(id, lent.get(id) ?? load(id))
    return null
  }
  const troubles = { champion: trouble(model), challenger: trouble(challenger) }
  return {
    scorer: models.get(model ?? '') ?? priorScorer,
    challenger: models.get(challenger ?? '') ?? null,
    degraded: troubles.champion === null ? [] : ['model_unavailable'],
    troubles,
    models,
    async closeLoaded() {
      for (const [id, model] of models) if (lent.get(id) !== model) await model.close()
    },
  }
}

function load(id: string): Model {
  const entry = { id, closed: 0 }
  loaded.push(entry)
  const fits = () => {
    if (id.startsWith('hungry')) throw HUNGRY
  }
  return { ...makeFakeScorer(), version: id, fits, close: async () => void entry.closed++ }
}

const document = (model: string | null, more: object = {}): Json => ({
  schema: 'emma/v1',
  placements: [{ id: 'hero', channel: 'web' }],
  ...(model === null ? {} : { models: [named(model)] }),
  actions: [{ id: 'boots', treatments: [{ id: 't', for: ['hero'], content: { de: 'Stiefel' } }], ...more }],
})
/** `shop`, or `shop next` with its challenger. */
const named = (models: string): Json => {
  const [id = '', challenger] = models.split(' ')
  return challenger === undefined ? { id } : { id, challenger: { id: challenger, share: 0 } }
}
const prove = (of: Json) => preparing.prove(stored(of, 'x'))
const only = ({ code, faults }: EmmaError) => ({ code, faults })
const ofChallenger = (id: string, { code, faults }: EmmaError) =>
  new EmmaError(code, [
    {
      place: `challenger ${id}`,
      what: 'it cannot serve',
      remedy: 'do what follows, or remove the challenger from the catalogue',
    },
    ...faults,
  ])
/** Every model that was loaded, and how often it was closed: `shop 1`. */
const closings = () => loaded.map(({ id, closed }) => `${id} ${closed}`)
const codeOf = (error: unknown) => (error as EmmaError).code

describe('proving', () => {
  it('refuses names of features that the loaded set has not, and takes any while none is loaded', async () => {
    const nosy = document(null, { eligibility: 'features.nose > 1' })
    expect((await prove(nosy)).actions).toHaveLength(1)
    set = FEATURE_SET
    await expect(prove(nosy)).rejects.toThrow('no feature is called nose')
    expect((await prove(document(null, { eligibility: 'features.orders > 1' }))).actions).toHaveLength(1)
  })

  it('refuses a model that cannot serve, and one that the loaded set cannot feed', async () => {
    await expect(prove(document('broken'))).rejects.toMatchObject(only(WRONG))
    expect((await prove(document('hungry'))).model).toBe('hungry')
    set = FEATURE_SET
    await expect(prove(document('hungry'))).rejects.toMatchObject(only(HUNGRY))
    expect(closings()).toEqual(['hungry 1', 'hungry 1'])
  })

  it('refuses a challenger that cannot serve or be fed, and says that it is the challenger', async () => {
    await expect(prove(document('shop broken'))).rejects.toMatchObject(only(ofChallenger('broken', WRONG)))
    expect((await prove(document('shop hungry'))).challenger).toBe('hungry')
    set = FEATURE_SET
    const refused = prove(document('shop hungry'))
    await expect(refused).rejects.toMatchObject(only(ofChallenger('hungry', HUNGRY)))
    await expect(refused).rejects.toThrow(/^challenger hungry: it cannot serve; do what follows/)
    expect(closings()).toEqual(['shop 1', 'shop 1', 'hungry 1', 'shop 1', 'hungry 1'])
  })

  it('tells at once what is wrong with either model', async () => {
    const { faults } = ofChallenger('broken2', WRONG)
    await expect(prove(document('broken broken2'))).rejects.toMatchObject({
      code: 'model_invalid',
      faults: [...WRONG.faults, ...faults],
    })
  })

  it('loads no model that serves already, and closes none that does', async () => {
    set = FEATURE_SET
    const serving = await preparing.prepare(document('shop next'), 'a', null)
    await prove(document('shop next', { value: 2 }))
    await prove(document('next'))
    expect(closings()).toEqual(['shop 0', 'next 0'])
    await prove(document('shop other'))
    await prove(document('other next'))
    expect(closings()).toEqual(['shop 0', 'next 0', 'other 1', 'other 1'])
    expect([serving.scorer.version, serving.challenger?.version]).toEqual(['shop', 'next'])
  })
})

describe('preparing', () => {
  const modelsOf = ({ scorer, challenger }: Prepared) => [scorer, challenger]

  it('lends models to a version that names them too, each for itself', async () => {
    const first = await preparing.prepare(document('shop next'), 'a', null)
    const [shop, next] = modelsOf(first)
    const second = await preparing.prepare(document('shop next', { value: 2 }), 'b', first)
    expect(modelsOf(second)).toEqual([shop, next])
    const third = await preparing.prepare(document('shop other'), 'c', second)
    const [kept, other] = modelsOf(third)
    expect([kept === shop, other === next]).toEqual([true, false])
    const fourth = await preparing.prepare(document('new other'), 'd', third)
    expect([fourth.scorer === shop, fourth.challenger === other]).toEqual([false, true])
    expect(closings()).toEqual(['shop 0', 'next 0', 'other 0', 'new 0'])
  })

  it('lends a challenger that takes over', async () => {
    const first = await preparing.prepare(document('shop next'), 'a', null)
    const second = await preparing.prepare(document('next shop'), 'b', first)
    expect(modelsOf(second)).toEqual(modelsOf(first).reverse())
    const third = await preparing.prepare(document('next'), 'c', second)
    expect(modelsOf(third)).toEqual([first.challenger, null])
    expect([...third.models.keys()]).toEqual(['next'])
    expect(loaded).toHaveLength(2)
  })

  it('lends nothing to a version with another target', async () => {
    const first = await preparing.prepare(document('shop next'), 'a', null)
    const target = { outcome: 'conversion', within: '3d' }
    const other = { ...(document('shop next') as object), target } as Json
    const second = await preparing.prepare(other, 'b', first)
    expect([second.scorer === first.scorer, second.challenger === first.challenger]).toEqual([false, false])
  })

  it('serves by the prior what names a model that cannot, and tries again with the next version', async () => {
    const first = await preparing.prepare(document('broken'), 'a', null)
    expect([first.scorer, first.degraded]).toEqual([priorScorer, ['model_unavailable']])
    await preparing.prepare(document('broken', { value: 2 }), 'b', first)
    expect(troubles).toEqual([WRONG, WRONG])
  })

  it('serves without a challenger that cannot, tells which it is, and tries again with the next version', async () => {
    const first = await preparing.prepare(document('shop broken'), 'a', null)
    expect([first.scorer.version, first.challenger, first.degraded]).toEqual(['shop', null, []])
    const second = await preparing.prepare(document('shop broken', { value: 2 }), 'b', first)
    expect([second.scorer === first.scorer, second.challenger]).toEqual([true, null])
    expect(troubles.map((error) => only(error as EmmaError))).toEqual(
      Array(2).fill(only(ofChallenger('broken', WRONG))),
    )
  })

  it('takes a model that the set cannot feed, and tells', async () => {
    set = FEATURE_SET
    expect((await preparing.prepare(document('hungry'), 'a', null)).scorer.version).toBe('hungry')
    expect(troubles).toEqual([HUNGRY])
    expect((await preparing.prepare(document('shop hungry2'), 'b', null)).challenger?.version).toBe('hungry2')
    expect((troubles[1] as EmmaError).faults).toEqual(ofChallenger('hungry2', HUNGRY).faults)
  })

  it('builds what a stored version holds, and names its place in faults', async () => {
    await expect(preparing.prepare({ schema: 'emma/v1' }, 'abc', null)).rejects.toThrow(
      /version abc \(placements\)/,
    )
  })

  it('opens no scorer when the store fails', async () => {
    featureSet = () => Promise.reject(failure('store_unavailable', 'store', 'it is down', 'start it'))
    await expect(preparing.prepare(document('shop'), 'a', null)).rejects.toSatisfy(
      (error) => codeOf(error) === 'store_unavailable',
    )
    expect(loaded).toEqual([])
  })
})

describe('a publication whose model cannot serve', () => {
  let store: FakeCatalogueStore

  it('is refused with model_invalid, and the old one serves; written by somebody else it serves by the prior', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    store = makeFakeCatalogueStore()
    store.add('old', document('shop'))
    const keeper = await openKeeper({
      meanwhile: null,
      store,
      prepare: preparing.prepare,
      onTrouble: (error) => troubles.push(error),
      onServing: () => {},
    })
    onTestFinished(() => keeper.close())
    const catalogues = makeCatalogues({
      store,
      prove: preparing.prove,
      clock: Date.now,
      onPublished: keeper.refresh,
    })
    const before = keeper.serving()
    await expect(
      catalogues.publish(JSON.stringify(document('broken')), { expected: undefined, note: null }),
    ).rejects.toMatchObject(only(WRONG))
    await vi.advanceTimersByTimeAsync(1000)
    expect(keeper.serving()).toBe(before)
    store.add('new', document('broken'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(keeper.serving()).toMatchObject({ scorer: priorScorer, degraded: ['model_unavailable'] })
    expect(troubles).toEqual([WRONG])
  })
})

describe('what was proven last', () => {
  it('is taken when it is published, and built anew after that', async () => {
    const proven = await prove(document(null))
    const first = await preparing.prepare(document(null), proven.version, null)
    expect(first.catalogue).toBe(proven)
    const again = await preparing.prepare(document(null), proven.version, null)
    expect(again.catalogue).not.toBe(proven)
    expect(again.catalogue.version).toBe(proven.version)
  })

  it('is not taken for another version, which somebody else may have published meanwhile', async () => {
    const other = await prove(document(null))
    await prove(document('shop'))
    const { catalogue } = await preparing.prepare(document(null), other.version, null)
    expect([catalogue.version, catalogue.model]).toEqual([other.version, undefined])
  })
})
