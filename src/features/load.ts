import { join } from 'node:path'
import { failure } from '../domain/errors.ts'
import {
  compileFeatureSet,
  type FeatureManifest,
  type FeatureSet,
  featureFault,
} from '../domain/feature-set.ts'
import { type CustomerId, ID_PATTERN } from '../domain/ids.ts'
import type { FeatureLoader, FeatureRow } from '../ports/customer-store.ts'
import { readFeatureManifest } from './feature-folder.ts'
import { type DataRow, readRows } from './read-rows.ts'

export interface LoadProgress {
  readonly read: number
  readonly loaded: number
  readonly refused: number
  /** Rows the manifest promises. */
  readonly expected: number
}

export interface Refusal {
  readonly line: number
  readonly reason: string
}

export interface LoadReport extends LoadProgress {
  readonly manifest: FeatureManifest
  /** The first refusals, at most {@link KEPT_REFUSALS}. */
  readonly refusals: readonly Refusal[]
}

const BATCH = 1000
const KEPT_REFUSALS = 100

/**
 * Brings a feature folder into a store: every row checked and packed beside the set in use, then the switch.
 * Refused rows are counted and told; the switch happens all the same, unless no row was good.
 * Running it again with the same folder changes nothing.
 * @throws EmmaError `data_invalid` for a folder that is not a feature set, or a file that has not its columns.
 */
export async function loadFeatures(
  folder: string,
  loader: FeatureLoader,
  onProgress: (progress: LoadProgress) => void,
  onRefusal: (refusal: Refusal) => void = () => {},
): Promise<LoadReport> {
  const manifest = await readFeatureManifest(folder)
  const set = compileFeatureSet(manifest)
  const file = join(folder, manifest.data)
  const seen = new Map<string, number>()
  const refusals: Refusal[] = []
  let batch: FeatureRow[] = []
  let counts: LoadProgress = { read: 0, loaded: 0, refused: 0, expected: manifest.rows }

  for await (const row of readRows(file)) {
    if (counts.read === 0 && row.fault === undefined) checkColumns(row, set, file)
    const checked = checkRow(row, set, seen)
    counts = { ...counts, read: counts.read + 1 }
    if ('reason' in checked) {
      counts = { ...counts, refused: counts.refused + 1 }
      if (refusals.length < KEPT_REFUSALS) refusals.push(checked)
      onRefusal(checked)
    } else {
      batch.push(checked)
      counts = { ...counts, loaded: counts.loaded + 1 }
    }
    if (batch.length >= BATCH) {
      await loader.put(manifest, batch)
      batch = []
      onProgress(counts)
    }
  }
  if (batch.length > 0) await loader.put(manifest, batch)
  if (counts.loaded === 0) {
    const first = refusals[0]
    throw failure(
      'data_invalid',
      first === undefined ? file : `${file}:${first.line}`,
      first === undefined ? 'the file has no rows' : `no row could be loaded: ${first.reason}`,
      'the set in use was kept; correct the file and load it again',
    )
  }
  await loader.activate(manifest)
  onProgress(counts)
  return { ...counts, manifest, refusals }
}

function checkColumns(row: DataRow, set: FeatureSet, file: string): void {
  const missing = [set.manifest.key, ...set.manifest.features.map((feature) => feature.name)].filter(
    (name) => !Object.hasOwn(row.record, name),
  )
  if (missing.length === 0 || file.replace(/\.gz$/, '').endsWith('json')) return
  throw failure(
    'data_invalid',
    file,
    `the columns ${missing.slice(0, 8).join(', ')} are missing`,
    'write the file with every column that its manifest names',
  )
}

function checkRow(row: DataRow, set: FeatureSet, seen: Map<string, number>): FeatureRow | Refusal {
  const refuse = (reason: string): Refusal => ({ line: row.line, reason })
  if (row.fault !== undefined) return refuse(row.fault)
  const id = row.record[set.manifest.key]
  if (id === undefined || id === null || id === '') return refuse(`column ${set.manifest.key} is empty`)
  const text = String(id)
  if (!ID_PATTERN.test(text))
    return refuse(`column ${set.manifest.key} is not an id of 1 to 128 printable characters`)
  const before = seen.get(text)
  if (before !== undefined) return refuse(`the customer already stands at line ${before}`)
  const values = new Float64Array(set.manifest.features.length)
  for (let i = 0; i < values.length; i++) {
    const spec = set.manifest.features[i]!
    const value = number(row.record[spec.name])
    if (value === null) {
      values[i] = spec.default
      continue
    }
    const fault = featureFault(spec, value)
    if (fault !== null) return refuse(fault)
    values[i] = value as number
  }
  seen.set(text, row.line)
  return { id: text as CustomerId, values }
}

/** Text files hold numbers as text; an empty one is "not known", and so is null. */
function number(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return typeof value === 'boolean' ? Number(value) : value
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
}
