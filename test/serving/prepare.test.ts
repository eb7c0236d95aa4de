import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Json } from '../../src/domain/canonical-json.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { type EmmaError, failure } from '../../src/domain/errors.ts'
import type { FeatureSet } from '../../src/domain/feature-set.ts'
import type { Scorer } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeCatalogues } from '../../src/serving/catalogues.ts'
import { openKeeper } from '../../src/serving/keeper.ts'
import { type Chosen, makePreparing, type Preparing } from '../../src/serving/prepare.ts'
import { stored } from '../../src/serving/stored-document.ts'
import { makeFakeScorer } from '../decide/fake-scorer.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'
import { type FakeCatalogueStore, makeFakeCatalogueStore } from './fake-catalogue-store.ts'

const WRONG = failure('model_invalid', 'models/broken', 'its checksum is wrong', 'copy it again')
const HUNGRY = failure('model_invalid', 'model hungry', 'it needs a feature nose', 'load one')

/** Every scorer that was chosen, by the model’s name, and whether it was closed. */
let chosen: { readonly model: string | undefined; closed: boolean }[]
let troubles: unknown[]
let set: FeatureSet | null
let featureSet: () => Promise<FeatureSet | null>
let preparing: Preparing

beforeEach(() => {
  chosen = []
  troubles = []
  set = null
  featureSet = async () => set
  preparing = makePreparing({
    chooseScorer,
    featureSet: () => featureSet(),
    onTrouble: (error) => troubles.push(error),
  })
})

async function chooseScorer({ model }: Catalogue): Promise<Chosen> {
  const entry = { model, closed: false }
  chosen.push(entry)
  const close = async () => {
    entry.closed = true
  }
  if (model === 'broken')
    return { scorer: priorScorer, degraded: ['model_unavailable'], trouble: WRONG, close }
  const fits = () => {
    if (model === 'hungry') throw HUNGRY
  }
  const scorer: Scorer = { ...makeFakeScorer(), version: model ?? 'prior', fits }
  return { scorer, degraded: [], trouble: null, close }
}

const document = (model: string | null, more: object = {}): Json => ({
  schema: 'emma/v1',
  placements: [{ id: 'hero', channel: 'web' }],
  ...(model === null ? {} : { models: [{ id: model }] }),
  actions: [{ id: 'boots', treatments: [{ id: 't', for: ['hero'], content: { de: 'Stiefel' } }], ...more }],
})
const prove = (of: Json) => preparing.prove(stored(of, 'x'))
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
    await expect(prove(document('broken'))).rejects.toBe(WRONG)
    expect((await prove(document('hungry'))).model).toBe('hungry')
    set = FEATURE_SET
    await expect(prove(document('hungry'))).rejects.toBe(HUNGRY)
    expect(chosen.map(({ closed }) => closed)).toEqual([true, true, true])
  })

  it('loads no model that serves already, and closes none that does', async () => {
    set = FEATURE_SET
    const serving = await preparing.prepare(document('shop'), 'a', null)
    await prove(document('shop', { value: 2 }))
    expect(chosen).toEqual([{ model: 'shop', closed: false }])
    await prove(document('other'))
    expect(chosen).toEqual([
      { model: 'shop', closed: false },
      { model: 'other', closed: true },
    ])
    expect(serving.scorer.version).toBe('shop')
  })
})

describe('preparing', () => {
  it('lends the scorer to a version that names the same model for the same target', async () => {
    const first = await preparing.prepare(document('shop'), 'a', null)
    const second = await preparing.prepare(document('shop', { value: 2 }), 'b', first)
    expect(second.scorer).toBe(first.scorer)
    const other = await preparing.prepare(document('other'), 'c', second)
    expect(other.scorer).not.toBe(first.scorer)
    const target = {
      ...(document('other') as object),
      target: { outcome: 'conversion', within: '3d' },
    } as Json
    expect((await preparing.prepare(target, 'd', other)).scorer).not.toBe(other.scorer)
    expect(chosen.map(({ model }) => model)).toEqual(['shop', 'other', 'other'])
  })

  it('serves by the prior what names a model that cannot, and tries again with the next version', async () => {
    const first = await preparing.prepare(document('broken'), 'a', null)
    expect([first.scorer, first.degraded]).toEqual([priorScorer, ['model_unavailable']])
    await preparing.prepare(document('broken', { value: 2 }), 'b', first)
    expect(troubles).toEqual([WRONG, WRONG])
    expect(chosen).toHaveLength(2)
  })

  it('takes a model that the set cannot feed, and tells', async () => {
    set = FEATURE_SET
    expect((await preparing.prepare(document('hungry'), 'a', null)).scorer.version).toBe('hungry')
    expect(troubles).toEqual([HUNGRY])
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
    expect(chosen).toEqual([])
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
    ).rejects.toBe(WRONG)
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
