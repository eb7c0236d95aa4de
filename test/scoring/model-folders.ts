import { readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import type { Golden, ModelManifest } from '../../src/domain/model.ts'

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))
const ROWS = 120

/** sum.onnx’s manifest: a customer’s two features, the action’s boost, and the customer’s taste for its category. */
export function sumManifest(file = 'sum.onnx'): ModelManifest {
  return {
    format: 'emma-model/1',
    name: 'sum',
    version: '1',
    form: 'broadcast',
    target: { outcome: 'conversion', within: '7d', given: 'impression' },
    inputs: {
      customer: [
        { name: 'age', source: 'customer', feature: 'age' },
        { name: 'web', source: 'context', property: 'channel', equals: 'web' },
      ],
      action: [{ name: 'boost', source: 'action', attribute: 'boost', missing: 0 }],
      pair: [{ name: 'taste', source: 'pair', feature: 'taste_{category}', missing: 0 }],
    },
    output: { name: 'propensity', meaning: 'chance of a conversion' },
    calibration: 'none',
    file: { name: 'model.onnx', sha256: sha256Hex(readFileSync(join(FIXTURES, file))) },
    training: { data: 'none', rows: 1, asOf: [], date: '2026-11-01' },
    metrics: {},
  }
}

/** Golden rows that sum.onnx answers to f32 precision. */
export function sumGolden(): Golden {
  const customer = [0.25, -1]
  const action = Array.from({ length: ROWS }, (_, i) => [(i - 60) / 40])
  const pair = Array.from({ length: ROWS }, (_, i) => [(i % 7) / 10])
  const expected = action.map(
    ([a], i) => 1 / (1 + Math.exp(-(customer[0]! + customer[1]! + a! + pair[i]![0]!))),
  )
  return { tolerance: 1e-5, customer, action, pair, expected }
}

/** Labelled rows whose labels follow the model: about as many positives as it expects, times `ratio`. */
export function labelledRows(golden: Golden, ratio = 1, count = 1000): string {
  let owed = 0
  const lines = Array.from({ length: count }, (_, n) => {
    const i = n % golden.expected.length
    owed += golden.expected[i]! * ratio
    const label = owed >= 1 ? 1 : 0
    owed -= label
    return JSON.stringify({
      customer: golden.customer,
      action: golden.action[i],
      pair: golden.pair[i],
      label,
    })
  })
  return `${lines.join('\n')}\n`
}

export interface FolderChange {
  readonly onnx?: string
  readonly manifest?: unknown
  readonly golden?: unknown
  readonly labelled?: string
}

/** Writes a model folder `<models>/<id>/<version>`: a good one, but for what is changed. */
export async function writeModel(
  models: string,
  change: FolderChange = {},
  id = 'sum',
  version = '1',
): Promise<string> {
  const folder = join(models, id, version)
  await mkdir(folder, { recursive: true })
  const onnx = change.onnx ?? 'sum.onnx'
  await cp(join(FIXTURES, onnx), join(folder, 'model.onnx'))
  await writeFile(join(folder, 'manifest.json'), asText(change.manifest ?? sumManifest(onnx)))
  await writeFile(join(folder, 'golden.json'), asText(change.golden ?? sumGolden()))
  await writeFile(join(folder, 'labelled.ndjson'), change.labelled ?? labelledRows(sumGolden()))
  return folder
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
