import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { checkModel } from '../../src/scoring/check-model.ts'
import { loadScorer } from '../../src/scoring/onnx-scorer.ts'
import { labelledRows, sumGolden, sumManifest, writeModel } from './model-folders.ts'

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

const shop = buildCatalogue(
  parseWritten(
    JSON.stringify({
      schema: 'emma/v1',
      target: { outcome: 'conversion', within: '7d' },
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
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

describe('the ONNX scorer', () => {
  it('answers the positions it is asked for, in their order, from customer, context, action and pair', async () => {
    await writeModel(models)
    const scorer = await loadScorer(models, 'sum')
    const { propensity, evidence } = scorer.score(situation([0.5, 0.25]), [1, 0])
    expect(evidence).toBeNull()
    expect(propensity[0]).toBeCloseTo(sigmoid(0.5 + 1 + 2 + 0.25), 6)
    expect(propensity[1]).toBeCloseTo(sigmoid(0.5 + 1), 6)
    const mail = scorer.score(situation([0.5, 0.25], 'email'), [0])
    expect(mail.propensity[0]).toBeCloseTo(sigmoid(0.5), 6)
    await scorer.close()
  })

  it('answers one row as it answers a hundred', async () => {
    await writeModel(models)
    const scorer = await loadScorer(models, 'sum')
    const both = scorer.score(situation([0.5, 0.25]), [0, 1])
    const alone = scorer.score(situation([0.5, 0.25]), [1])
    expect(alone.propensity[0]).toBe(both.propensity[1])
    expect(scorer.score(situation([0, 0]), []).propensity).toHaveLength(0)
    await scorer.close()
  })

  it('answers the observations behind each propensity, in the order of the positions', async () => {
    const evidenceOf = async (evidence: object, positions: number[]) => {
      await writeModel(models, { manifest: { ...sumManifest(), evidence } })
      const scorer = await loadScorer(models, 'sum')
      const scores = scorer.score(situation([0.5, 0.25]), positions)
      await scorer.close()
      return scores.evidence
    }
    const both = { actions: { shoes: 7, plain: 41_230, hats: 3 }, others: 2 }
    expect(await evidenceOf(both, [1, 0])).toEqual(Float64Array.of(7, 41_230))
    expect(await evidenceOf(both, [0])).toEqual(Float64Array.of(41_230))
    expect(await evidenceOf(both, [])).toEqual(new Float64Array(0))
    expect(await evidenceOf({ actions: { shoes: 7 }, others: 2 }, [0, 1])).toEqual(Float64Array.of(2, 7))
    expect(await evidenceOf({ actions: { shoes: 7 } }, [0, 1])).toEqual(Float64Array.of(0, 7))
    expect(await evidenceOf({ actions: {} }, [0])).toEqual(Float64Array.of(0))
  })

  it('counts observations for each catalogue by its own actions', async () => {
    await writeModel(models, { manifest: { ...sumManifest(), evidence: { actions: { shoes: 7 } } } })
    const scorer = await loadScorer(models, 'sum')
    const reversed = { ...shop, actions: [...shop.actions].reverse() }
    for (const [catalogue, expected] of [
      [shop, [0, 7]],
      [reversed, [7, 0]],
      [shop, [0, 7]],
    ] as const) {
      const { evidence } = scorer.score({ ...situation([0, 0]), catalogue }, [0, 1])
      expect([...evidence!]).toEqual(expected)
    }
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
      ['evidence', true],
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

  it.each([
    [undefined, 'none is told: the model is taken at its word'],
    [{ actions: { boots: 41_118, scarf: 112 } }, '41,230 observations of 2 actions; least 112 (scarf)'],
    [
      { actions: { boots: 5 }, others: 1_200 },
      '5 observations of 1 action; least 5 (boots); 1,200 of any other',
    ],
    [{ actions: {} }, '0 observations of 0 actions'],
  ])('tells the evidence', async (evidence, detail) => {
    const checks = await checkModel(
      await writeModel(models, { manifest: { ...sumManifest(), evidence } }),
      clock(),
    )
    expect(checks.find((check) => check.name === 'evidence')).toEqual({
      name: 'evidence',
      passed: true,
      detail,
    })
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
