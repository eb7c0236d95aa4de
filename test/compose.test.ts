import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compose, modelNotes, readCatalogue } from '../src/compose.ts'
import { loadSettings } from '../src/config/load.ts'
import { compileFeatureSet, type FeatureManifest } from '../src/domain/feature-set.ts'
import type { CustomerId } from '../src/domain/ids.ts'
import { askOnce } from '../src/http/ask-once.ts'
import { openEmbeddedStore } from '../src/stores/embedded/customer-store.ts'
import { sumManifest, writeModel } from './scoring/model-folders.ts'

const CATALOGUE = {
  schema: 'emma/v1',
  models: [{ id: 'sum' }],
  placements: [{ id: 'home', channel: 'web' }],
  actions: [
    {
      id: 'shoes',
      minPropensity: 0.1,
      attributes: { category: 'shoes' },
      treatments: [{ id: 't', for: ['home'], content: { en: 'Shoes' } }],
    },
  ],
}

const manifest = (version: string, names: readonly string[]): FeatureManifest => ({
  format: 'emma-features/1',
  name: 'test',
  version: version.repeat(16),
  asOf: '2026-11-01',
  source: '',
  rows: 1,
  data: 'f.csv',
  key: 'id',
  dimensions: [],
  features: names.map((name) => ({ name, storage: 'f32', unit: '', default: 0, meaning: '' })),
})
const FITTING = manifest('a', ['age', 'taste_shoes'])
const OTHER = manifest('b', ['height'])

describe('Emma, wired', () => {
  let folder: string
  const troubles: string[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-compose-'))
    await mkdir(join(folder, 'models'))
    await writeFile(join(folder, 'shop.json'), JSON.stringify(CATALOGUE))
    troubles.length = 0
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = () =>
    compose(
      loadSettings(undefined, {
        STORE_URL: `embedded:${join(folder, 'store')}`,
        MODELS: join(folder, 'models'),
        CATALOGUE: join(folder, 'shop.json'),
        DEADLINE_MS: '10000',
      }),
      {
        onProgress: () => {},
        onNotice: () => {},
        onTrouble: (error) => troubles.push((error as Error).message),
      },
    )
  const decide = async (emma: Awaited<ReturnType<typeof open>>) => {
    const { arm, degraded, versions, placements } = await askOnce(emma.decide, {
      channel: 'web',
      customer: { id: 'a' },
      placements: [{ id: 'home' }],
    })
    return {
      ...(arm === 'champion' ? {} : { arm }),
      degraded,
      model: versions.model.split('@')[0],
      shows: placements[0]!.items.map((item) => item.actionId),
    }
  }

  it('makes no customers of the sample shop for a catalogue of somebody’s own', async () => {
    await (await open()).close()
    const settings = loadSettings(undefined, {
      STORE_URL: `embedded:${join(folder, 'store')}`,
      DEADLINE_MS: '10000',
    })
    const told: string[] = []
    const emma = await compose(settings, {
      onProgress: (message) => told.push(message),
      onNotice: () => {},
      onTrouble: () => {},
    })
    expect([emma.serving().catalogue.actions.length, told]).toEqual([CATALOGUE.actions.length, []])
    await emma.close()
  })

  it('tells the same of itself as its decisions do, whatever feature set another process switches to', async () => {
    await writeModel(join(folder, 'models'))
    const emma = await open()
    const elsewhere = await openEmbeddedStore(join(folder, 'store'), undefined)
    const switchTo = async (set: FeatureManifest) => {
      await elsewhere.loader.put(set, [{ id: 'a' as CustomerId, values: set.features.map(() => 1) }])
      await elsewhere.loader.activate(set)
    }
    expect((await emma.readiness()).degraded).toEqual(['features_not_loaded'])
    expect(await decide(emma)).toEqual({ degraded: ['features_not_loaded'], model: 'prior', shows: [] })

    await switchTo(FITTING)
    expect((await emma.readiness()).degraded).toEqual([])
    expect(await decide(emma)).toEqual({ degraded: [], model: 'sum/1', shows: ['shoes'] })

    await switchTo(OTHER)
    expect((await emma.readiness()).degraded).toEqual(['model_failed'])
    expect(await decide(emma)).toEqual({ degraded: ['model_failed'], model: 'prior', shows: [] })
    expect(troubles).toEqual([
      expect.stringContaining('the model reads age, which feature set test does not have'),
    ])

    await switchTo(FITTING)
    expect((await emma.readiness()).degraded).toEqual([])
    expect(await decide(emma)).toEqual({ degraded: [], model: 'sum/1', shows: ['shoes'] })
    await elsewhere.close()
    await emma.close()
  })

  it('goes on without a model that is not there, and says so once', async () => {
    const emma = await open()
    expect((await emma.readiness()).degraded).toEqual(['model_unavailable'])
    expect(await decide(emma)).toMatchObject({ degraded: ['model_unavailable'], shows: [] })
    expect(troubles).toEqual([expect.stringContaining('there is no such model folder')])
    await emma.close()
  })

  describe('with a challenger for everybody', () => {
    const challenged = { ...CATALOGUE, models: [{ id: 'sum', challenger: { id: 'next', share: 1 } }] }
    const next = { manifest: { ...sumManifest(), name: 'next' } }
    const switchOn = async () => {
      const store = await openEmbeddedStore(join(folder, 'store'), undefined)
      await store.loader.put(FITTING, [{ id: 'a' as CustomerId, values: [1, 1] }])
      await store.loader.activate(FITTING)
      await store.close()
    }
    beforeEach(async () => {
      await writeFile(join(folder, 'shop.json'), JSON.stringify(challenged))
      await writeModel(join(folder, 'models'))
      await switchOn()
    })

    it('decides by the challenger', async () => {
      await writeModel(join(folder, 'models'), next, 'next')
      const emma = await open()
      expect((await emma.readiness()).degraded).toEqual([])
      const decided = { arm: 'challenger', degraded: [], model: 'next/1', shows: ['shoes'] }
      expect(await decide(emma)).toEqual(decided)
      expect(troubles).toEqual([])
      await emma.close()
    })

    it('decides by the champion while the challenger cannot serve, and tells the same of itself', async () => {
      const emma = await open()
      expect((await emma.readiness()).degraded).toEqual(['challenger_unavailable'])
      expect(await decide(emma)).toEqual({
        arm: 'challenger',
        degraded: ['challenger_unavailable'],
        model: 'sum/1',
        shows: ['shoes'],
      })
      expect(troubles).toEqual([
        expect.stringMatching(
          /^challenger next: it cannot serve; .*\n.*models\/next: there is no such model/,
        ),
      ])
      await emma.close()
    })

    it('lets a catalogue be published only with a challenger that can serve', async () => {
      const emma = await open()
      const publish = () => {
        const document = JSON.stringify({ ...challenged, purposes: {} })
        return emma.catalogues.publish(document, { expected: undefined, note: null })
      }
      await expect(publish()).rejects.toThrow(/^challenger next: it cannot serve/)
      await writeModel(join(folder, 'models'), next, 'next')
      await publish()
      expect(await decide(emma)).toMatchObject({ degraded: [], model: 'next/1' })
      await emma.close()
    })
  })

  it('does not make the sample’s customers for somebody else’s catalogue', async () => {
    const emma = await open()
    await emma.close()
    const store = await openEmbeddedStore(join(folder, 'store'), undefined)
    expect(await store.featureSet()).toBeNull()
    await store.close()
  })

  it('says before a catalogue is published what keeps its models from serving, and what they never saw', async () => {
    const models = [{ id: 'sum', challenger: { id: 'next', share: 0 } }]
    await writeFile(join(folder, 'shop.json'), JSON.stringify({ ...CATALOGUE, models }))
    const catalogue = await readCatalogue(join(folder, 'shop.json'))
    const settings = loadSettings(undefined, { MODELS: join(folder, 'models') })
    const notes = (set: FeatureManifest | null = null) =>
      modelNotes(settings, catalogue, set && compileFeatureSet(set))
    expect(await notes()).toEqual([
      expect.stringMatching(
        /^it could not be published as it is: .*models\/sum: there is no such model folder/,
      ),
      expect.stringMatching(/^it could not be published as it is: challenger next: it cannot serve/),
    ])
    await writeModel(join(folder, 'models'))
    const next = { ...sumManifest(), name: 'next', evidence: { actions: { boots: 7 } } }
    await writeModel(join(folder, 'models'), { manifest: next }, 'next')
    expect(await notes(FITTING)).toEqual([
      expect.stringMatching(/^model next never saw 1 of 1 actions \(shoes\)/),
    ])
    expect(await notes(OTHER)).toEqual([
      expect.stringContaining('the model reads age, which feature set test does not have'),
      expect.stringMatching(/challenger next: .*\n.*reads age/),
    ])
  })
})
