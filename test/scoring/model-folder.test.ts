import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EmmaError } from '../../src/domain/errors.ts'
import { loadScorer } from '../../src/scoring/onnx-scorer.ts'
import { sumGolden, sumManifest, writeModel } from './model-folders.ts'

let models: string
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'emma-models-'))
})
afterEach(() => rm(models, { recursive: true, force: true }))

const loading = async () => {
  const scorer = await loadScorer(models, 'sum')
  await scorer.close()
  return scorer.version
}

describe('a model folder', () => {
  it('loads when everything is right, and is named by its checksum', async () => {
    await writeModel(models)
    expect(await loading()).toBe(`sum/1@${sumManifest().file.sha256.slice(0, 12)}`)
  })

  it('is found by its newest version, counted as numbers', async () => {
    for (const version of ['2', '10', '9'])
      await writeModel(models, { manifest: { ...sumManifest(), version } }, 'sum', version)
    expect(await loading()).toContain('sum/10@')
  })

  const golden = sumGolden()
  const manifest = sumManifest()
  it.each([
    ['no folder at all', () => Promise.resolve(), 'there is no such model folder'],
    [
      'a missing golden.json',
      async () => rm(join(await writeModel(models), 'golden.json')),
      'golden.json: the file cannot be read (ENOENT)',
    ],
    [
      'a manifest that is not JSON',
      () => writeModel(models, { manifest: '{' }),
      'manifest.json: this is not valid JSON',
    ],
    [
      'an unknown key in the manifest',
      () => writeModel(models, { manifest: { ...manifest, colour: 'red' } }),
      'colour',
    ],
    [
      'a row-wise form',
      () => writeModel(models, { manifest: { ...manifest, form: 'rows' } }),
      'manifest.json (form)',
    ],
    [
      'a wrong checksum',
      () =>
        writeModel(models, {
          manifest: { ...manifest, file: { name: 'model.onnx', sha256: '0'.repeat(64) } },
        }),
      'the manifest says 000000000000…',
    ],
    [
      'golden rows of another width',
      () => writeModel(models, { golden: { ...golden, customer: [1] } }),
      'the customer row has 1 numbers, the manifest names 2 inputs',
    ],
    [
      'fewer golden answers than rows',
      () => writeModel(models, { golden: { ...golden, expected: golden.expected.slice(0, 110) } }),
      'there are 120 action rows and 110 expected answers',
    ],
    [
      'too few golden rows for a batch of 100',
      () =>
        writeModel(models, {
          golden: {
            ...golden,
            action: golden.action.slice(0, 50),
            pair: golden.pair.slice(0, 50),
            expected: golden.expected.slice(0, 50),
          },
        }),
      'golden.json (expected)',
    ],
    [
      'a golden answer that the model does not give',
      () => writeModel(models, { golden: { ...golden, expected: golden.expected.with(119, 0.5) } }),
      'golden row 119 answers',
    ],
    ['inputs of another form', () => writeModel(models, { onnx: 'rows.onnx' }), 'its inputs are X'],
    [
      'an output that is not there',
      () => writeModel(models, { manifest: { ...manifest, output: { name: 'score', meaning: '' } } }),
      'it has no output "score", only propensity',
    ],
    [
      'a model that answers NaN',
      () =>
        writeModel(models, { onnx: 'log.onnx', golden: { ...golden, pair: golden.pair.map(() => [-1]) } }),
      'golden row 0 answers NaN at batch 1',
    ],
  ])('is refused with a sentence for %s', async (_, make, sentence) => {
    await make()
    const error = await loading().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(EmmaError)
    expect((error as EmmaError).code).toBe('model_invalid')
    expect((error as EmmaError).message).toContain(sentence)
  })

  it.each([
    ['less than no evidence', { actions: { boots: -1 } }, 'evidence.actions.boots'],
    ['half an observation', { actions: {}, others: 0.5 }, 'evidence.others'],
    ['evidence as a text', { actions: { boots: '7' } }, 'evidence.actions.boots'],
    ['an unknown key in the evidence', { actions: {}, rows: 7 }, 'manifest.json (evidence)'],
    ['evidence without actions', { others: 7 }, 'evidence.actions'],
    ['evidence of a nameless action', { actions: { '': 7 } }, 'evidence.actions'],
  ])('is refused with %s', async (_, evidence, place) => {
    await writeModel(models, { manifest: { ...manifest, evidence } })
    const error = await loading().catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'model_invalid' })
    expect((error as EmmaError).message).toContain(place)
  })

  it('has evidence of no other actions where it does not say', async () => {
    await writeModel(models, { manifest: { ...manifest, evidence: { actions: { boots: 7 } } } })
    const scorer = await loadScorer(models, 'sum')
    await scorer.close()
    expect(scorer.manifest.evidence).toEqual({ actions: { boots: 7 }, others: 0 })
  })

  it('is refused, never loaded half and never fatal, whatever bytes model.onnx holds', {
    timeout: 60_000,
  }, async () => {
    const folder = await writeModel(models)
    const good = await readFile(join(folder, 'model.onnx'))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.nat(good.length - 1).map((length) => good.subarray(0, length)),
      fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const flipped = Buffer.from(good)
        flipped[at]! ^= flip
        return flipped
      }),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await writeFile(join(folder, 'model.onnx'), content)
        await expect(loading()).rejects.toMatchObject({ code: 'model_invalid' })
      }),
      { numRuns: 200 },
    )
  })

  it('is refused also where the checksum was made for the damaged bytes', { timeout: 60_000 }, async () => {
    const folder = await writeModel(models)
    const good = await readFile(join(folder, 'model.onnx'))
    const { createHash } = await import('node:crypto')
    for (let length = 0; length < good.length; length += 7) {
      const content = good.subarray(0, length)
      await writeFile(join(folder, 'model.onnx'), content)
      const sha256 = createHash('sha256').update(content).digest('hex')
      await writeFile(
        join(folder, 'manifest.json'),
        JSON.stringify({ ...manifest, file: { name: 'model.onnx', sha256 } }),
      )
      await expect(loading()).rejects.toMatchObject({ code: 'model_invalid' })
    }
  })
})
