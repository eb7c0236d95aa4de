import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { checkModel } from '../../src/scoring/check-model.ts'
import { chooseScorer } from '../../src/scoring/choose-scorer.ts'
import { loadScorer } from '../../src/scoring/onnx-scorer.ts'
import { labelledRows, sumGolden, writeModel } from './model-folders.ts'

let models: string
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'emma-models-'))
})
afterEach(() => rm(models, { recursive: true, force: true }))

const features = (names: readonly string[]): FeatureSet =>
  compileFeatureSet({
    format: 'emma-features/1',
    name: 'test',
    version: '0'.repeat(16),
    asOf: '2026-11-01',
    source: '',
    rows: 0,
    data: 'f.csv',
    key: 'id',
    dimensions: [],
    features: names.map((name) => ({ name, storage: 'f32', unit: '', default: 0, meaning: '' })),
  })

const catalogue = (target = '7d') =>
  buildCatalogue(
    parseWritten(
      JSON.stringify({
        schema: 'emma/v1',
        target: { outcome: 'conversion', within: target },
        models: [{ id: 'sum' }],
        placements: [{ id: 'home', channel: 'web' }],
        actions: [
          { id: 'plain', treatments: [{ id: 't', for: ['home'], content: { en: {} } }] },
          {
            id: 'shoes',
            attributes: { category: 'Red Shoes', boost: 2 },
            treatments: [{ id: 't', for: ['home'], content: { en: {} } }],
          },
        ],
      }),
      'catalogue.json',
      'catalogue_invalid',
    ),
  )

const set = features(['age', 'taste_red_shoes'])
const situation = (vector: number[], channel = 'web', of = set): Situation =>
  ({
    catalogue: shop,
    featureSet: of,
    customer: { state: 'known', attributes: {}, vector: Float32Array.from(vector) },
    request: { channel, context: {} },
    local: { hour: 9, weekday: 1, day: '2026-11-01' },
  }) as unknown as Situation
const shop = catalogue()
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

describe('the ONNX scorer', () => {
  it('answers the positions it is asked for, in their order, from customer, context, action and pair', async () => {
    await writeModel(models)
    const scorer = await loadScorer(models, 'sum')
    const { propensity, evidence } = await scorer.score(situation([0.5, 0.25]), [1, 0])
    expect(evidence).toBe(true)
    expect(propensity[0]).toBeCloseTo(sigmoid(0.5 + 1 + 2 + 0.25), 6)
    expect(propensity[1]).toBeCloseTo(sigmoid(0.5 + 1), 6)
    const mail = await scorer.score(situation([0.5, 0.25], 'email'), [0])
    expect(mail.propensity[0]).toBeCloseTo(sigmoid(0.5), 6)
    await scorer.close()
  })

  it('answers one row as it answers a hundred', async () => {
    await writeModel(models)
    const scorer = await loadScorer(models, 'sum')
    const both = await scorer.score(situation([0.5, 0.25]), [0, 1])
    const alone = await scorer.score(situation([0.5, 0.25]), [1])
    expect(alone.propensity[0]).toBe(both.propensity[1])
    expect((await scorer.score(situation([0, 0]), [])).propensity).toHaveLength(0)
    await scorer.close()
  })

  it('refuses a feature set that lacks its features, naming all of them', async () => {
    await writeModel(models)
    const scorer = await loadScorer(models, 'sum')
    expect(() => scorer.fits(shop, features(['other']))).toThrow(
      /reads age, which.*\n.*no feature of set test fits taste_\{category\}/,
    )
    scorer.fits(shop, set)
    await scorer.close()
  })
})

describe('choosing the scorer', () => {
  it('takes the model that the catalogue names', async () => {
    await writeModel(models)
    const chosen = await chooseScorer(shop, models)
    expect(chosen).toMatchObject({
      degraded: [],
      trouble: null,
      scorer: { version: expect.stringMatching(/^sum\/1@/) },
    })
    await chosen.close()
  })

  it.each([
    ['is missing', async () => {}, shop],
    ['is corrupt', async () => void (await writeModel(models, { golden: '[]' })), shop],
    ['predicts another target', async () => void (await writeModel(models)), catalogue('30d')],
  ])('takes the prior, degraded and with the trouble told, when the model %s', async (_, make, shop) => {
    await make()
    const chosen = await chooseScorer(shop, models)
    expect(chosen.scorer.version).toBe('prior')
    expect(chosen.degraded).toEqual(['model_unavailable'])
    expect(chosen.trouble?.code).toBe('model_invalid')
    const { propensity, evidence } = await chosen.scorer.score(situation([0, 0]), [0, 1])
    expect([...propensity]).toEqual([Math.fround(0.01), Math.fround(0.01)])
    expect(evidence).toBe(false)
  })
})

describe('emma model check', () => {
  const clock = () => {
    let now = 0
    return () => now++
  }
  const failed = async (folder: string, now = clock()) =>
    (await checkModel(folder, now)).filter((check) => !check.passed)

  it('passes a good model, naming every check', async () => {
    const checks = await checkModel(await writeModel(models), clock())
    expect(checks.map((check) => [check.name, check.passed])).toEqual([
      ['files and checksum', true],
      ['loads', true],
      ['golden rows', true],
      ['calibration', true],
      ['latency', true],
    ])
  })

  it.each([
    ['calibration', () => writeModel(models, { labelled: labelledRows(sumGolden(), 0.7) }), 'ratio 0.699'],
    [
      'calibration',
      async () => {
        const folder = await writeModel(models)
        await rm(join(folder, 'labelled.ndjson'))
        return folder
      },
      'is missing',
    ],
    [
      'calibration',
      () => writeModel(models, { labelled: '{"customer":[1],"action":[1],"pair":[1],"label":1}\n' }),
      'labelled.ndjson:1 is not a labelled row',
    ],
    [
      'golden rows',
      () => writeModel(models, { golden: { ...sumGolden(), expected: sumGolden().expected.with(0, 0.9) } }),
      'golden row 0',
    ],
    ['files and checksum', async () => join(models, 'none'), 'cannot be read'],
  ])('fails %s', async (name, make, detail) => {
    const checks = await failed(await make())
    expect(checks).toHaveLength(1)
    expect(checks[0]).toMatchObject({ name, detail: expect.stringContaining(detail) })
  })

  it('does not judge calibration where fewer than 100 positives are expected, and says so', async () => {
    const checks = await checkModel(
      await writeModel(models, { labelled: labelledRows(sumGolden(), 0.2, 100) }),
      clock(),
    )
    expect(checks.find((check) => check.name === 'calibration')).toMatchObject({
      passed: true,
      detail: expect.stringContaining('too few to judge'),
    })
  })

  it('fails a model that holds the event loop for more than 2 ms', async () => {
    let now = 0
    expect(await failed(await writeModel(models), () => (now += 3))).toMatchObject([{ name: 'latency' }])
  })
})
