import { failure } from '../domain/errors.ts'
import { type FeatureSet, featureFault } from '../domain/feature-set.ts'
import { type CustomerId, ID_PATTERN } from '../domain/ids.ts'
import type { FeatureRow } from '../ports/customer-store.ts'
import type { TableRow } from './read-table.ts'
import type { makeSeenIds } from './seen-ids.ts'

export interface Refusal {
  readonly line: number
  readonly reason: string
}

/** The columns of a set’s file: that of the customer, then the features in order. */
export function columnsOf({ manifest: { key, features } }: FeatureSet): string[] {
  return [key, ...features.map(({ name }) => name)]
}

/** @throws EmmaError `data_invalid` for a file that has not the columns of its manifest */
export function checkColumns({ missing }: TableRow, file: string): void {
  if (missing.length === 0) return
  throw failure(
    'data_invalid',
    file,
    `the columns ${missing.slice(0, 8).join(', ')} are missing`,
    'write the file with every column that its manifest names',
  )
}

/** A row as the store takes it, or why it does not. A good one is remembered by its id. */
export function checkRow(
  row: TableRow,
  set: FeatureSet,
  seen: ReturnType<typeof makeSeenIds>,
): FeatureRow | Refusal {
  const { line } = row
  const refuse = (reason: string): Refusal => ({ line, reason })
  if (row.fault !== undefined) return refuse(row.fault)
  const { key, features } = set.manifest
  const id = row.value(0)
  if (id === undefined || id === null || id === '') return refuse(`column ${key} is empty`)
  const text = String(id)
  if (!ID_PATTERN.test(text)) return refuse(`column ${key} is not an id of 1 to 128 printable characters`)
  const before = seen.lineOf(text)
  if (before !== undefined) return refuse(`the customer already stands at line ${before}`)
  const values = new Float64Array(features.length)
  for (let i = 0; i < values.length; i++) {
    const spec = features[i]!
    let value: unknown = row.plainNumber(i + 1)
    if (Number.isNaN(value)) value = number(row.value(i + 1))
    if (value === null) {
      values[i] = spec.default
      continue
    }
    const fault = featureFault(spec, value)
    if (fault !== null) return refuse(fault)
    values[i] = value as number
  }
  seen.add(text, line)
  return { id: text as CustomerId, values }
}

/** Text files hold numbers as text; an empty one is "not known", and so is null. */
function number(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return typeof value === 'boolean' ? Number(value) : value
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
}
