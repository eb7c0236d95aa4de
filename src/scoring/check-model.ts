import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { EmmaError, sentence } from '../domain/errors.ts'
import { GOLDEN_BATCHES, goldenRows, runGolden } from './golden.ts'
import { type ModelFolder, readModelFolder } from './model-folder.ts'
import { tellEvidence } from './observations.ts'
import { type OnnxSession, openOnnxSession } from './onnx-session.ts'

export interface ModelCheck {
  readonly name: string
  readonly passed: boolean
  readonly detail: string
}

/** Observed over expected positives must lie in here, where enough are expected to tell. */
const CALIBRATED = { from: 0.8, to: 1.25, expectedAtLeast: 100 }
/** A run blocks the event loop: 100 rows of the reference model take a fiftieth of this. */
const SLOWEST_MS = 2
const TIMED_RUNS = 50

/** Every check of a model folder, in order; those after a failed one that they need are left out. `now` in milliseconds. */
export async function checkModel(folder: string, now: () => number): Promise<ModelCheck[]> {
  const checks: ModelCheck[] = []
  const attempt = async <T>(
    name: string,
    work: () => Promise<{ result: T; passed?: boolean; detail: string }>,
  ): Promise<T | undefined> => {
    try {
      const { result, passed = true, detail } = await work()
      checks.push({ name, passed, detail })
      return result
    } catch (error) {
      if (!(error instanceof EmmaError)) throw error
      checks.push({ name, passed: false, detail: error.faults.map(sentence).join('. ') })
      return undefined
    }
  }
  const model = await attempt('files and checksum', async () => {
    const result = await readModelFolder(folder)
    return {
      result,
      detail: `${result.manifest.name}/${result.manifest.version}, SHA-256 ${result.manifest.file.sha256.slice(0, 12)}…`,
    }
  })
  if (model === undefined) return checks
  checks.push({ name: 'evidence', passed: true, detail: tellEvidence(model.manifest.evidence) })
  const session = await attempt('loads', async () => ({
    result: openOnnxSession(model.onnx, model.manifest.output.name, folder),
    detail: `${(model.onnx.length / 1024).toFixed(0)} KiB`,
  }))
  if (session === undefined) return checks
  await attempt('golden rows', async () => {
    const largest = await runGolden(session, model.golden, folder)
    return {
      result: null,
      detail: `batches of ${GOLDEN_BATCHES.join(', ')} agree to ${largest.toExponential(1)}`,
    }
  })
  await attempt('calibration', () => checkCalibration(session, model))
  await attempt('latency', async () => {
    const ms = medianRun(session, model, now)
    return {
      result: null,
      passed: ms <= SLOWEST_MS,
      detail: `100 rows in ${ms.toFixed(3)} ms (at most ${SLOWEST_MS})`,
    }
  })
  session.release()
  return checks
}

const labelledSchema = z.strictObject({
  customer: z.array(z.number()),
  action: z.array(z.number()),
  pair: z.array(z.number()),
  label: z.union([z.literal(0), z.literal(1)]),
})

/** Observed over expected positives on `labelled.ndjson`. */
async function checkCalibration(session: OnnxSession, { folder, manifest }: ModelFolder) {
  const file = join(folder, 'labelled.ndjson')
  try {
    await access(file)
  } catch {
    return {
      result: null,
      passed: false,
      detail: `${file} is missing; export labelled rows that the model was not trained on`,
    }
  }
  let [rows, observed, expected, line] = [0, 0, 0, 0]
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    const row = labelledSchema.safeParse(parseJson(text))
    const fits =
      row.success &&
      (['customer', 'action', 'pair'] as const).every(
        (part) => row.data[part].length === manifest.inputs[part].length,
      )
    if (!fits)
      return {
        result: null,
        passed: false,
        detail: `${file}:${line} is not a labelled row of this model’s inputs`,
      }
    const [p] = session.run({
      count: 1,
      customer: Float32Array.from(row.data.customer),
      action: Float32Array.from(row.data.action),
      pair: Float32Array.from(row.data.pair),
    })
    rows++
    observed += row.data.label
    expected += p!
  }
  const ratio = observed / expected
  const detail = `${rows} rows, ${observed} positives, ${expected.toFixed(1)} expected: ratio ${ratio.toFixed(3)}`
  if (expected < CALIBRATED.expectedAtLeast) return { result: null, detail: `${detail} (too few to judge)` }
  return { result: null, passed: ratio >= CALIBRATED.from && ratio <= CALIBRATED.to, detail }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function medianRun(session: OnnxSession, { golden }: ModelFolder, now: () => number): number {
  const rows = goldenRows(golden, 0, 100)
  const times: number[] = []
  for (let run = 0; run < TIMED_RUNS; run++) {
    const started = now()
    session.run(rows)
    times.push(now() - started)
  }
  return times.sort((a, b) => a - b)[TIMED_RUNS / 2]!
}
