import { failure } from '../domain/errors.ts'
import { type FeatureSet, featureFault } from '../domain/feature-set.ts'
import { type CustomerId, ID_PATTERN } from '../domain/ids.ts'
import type { FeatureRow } from '../ports/customer-store.ts'
import type { DataRow } from './read-rows.ts'
import type { makeSeenIds } from './seen-ids.ts'

export interface Refusal {
  readonly line: number
  readonly reason: string
}

/** @throws EmmaError `data_invalid` for a file that has not the columns of its manifest; NDJSON may leave out what is empty */
export function checkColumns(row: DataRow, set: FeatureSet, file: string): void {
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

/** A row as the store takes it, or why it does not. A good one is remembered by its id. */
export function checkRow(
  row: DataRow,
  set: FeatureSet,
  seen: ReturnType<typeof makeSeenIds>,
): FeatureRow | Refusal {
  const refuse = (reason: string): Refusal => ({ line: row.line, reason })
  if (row.fault !== undefined) return refuse(row.fault)
  const id = row.record[set.manifest.key]
  if (id === undefined || id === null || id === '') return refuse(`column ${set.manifest.key} is empty`)
  const text = String(id)
  if (!ID_PATTERN.test(text))
    return refuse(`column ${set.manifest.key} is not an id of 1 to 128 printable characters`)
  const before = seen.lineOf(text)
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
  seen.add(text, row.line)
  return { id: text as CustomerId, values }
}

/** Text files hold numbers as text; an empty one is "not known", and so is null. */
function number(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return typeof value === 'boolean' ? Number(value) : value
  if (isPlain(value)) return Number(value)
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
}

/** Digits, points and signs only: of those, `Number` takes what is a number and nothing else. Most values are such. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if ((unit < 48 || unit > 57) && unit !== 46 && unit !== 45) return false
  }
  return true
}
