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

/** Rows whose values lie in one buffer: memory of its own for each row would cost more than to read it. */
const ROWS_TOGETHER = 256

/** Checks the rows of a file, one after the other. */
export function makeRowCheck(set: FeatureSet, seen: ReturnType<typeof makeSeenIds>) {
  const { key, features } = set.manifest
  let together = new Float64Array(0)
  let at = 0

  /** Why a value cannot be kept, or null when it stands in its place. */
  function faultOf(row: TableRow, i: number): string | null {
    const spec = features[i]!
    let value: unknown = row.plainNumber(i + 1)
    if (Number.isNaN(value)) value = number(row.value(i + 1))
    const fault = value === null ? null : featureFault(spec, value)
    if (fault === null) together[at + i] = value === null ? spec.default : (value as number)
    return fault
  }

  function reasonOf(row: TableRow, id: unknown, text: string): string | null {
    if (row.fault !== undefined) return row.fault
    if (id === undefined || id === null || id === '') return `column ${key} is empty`
    if (!ID_PATTERN.test(text)) return `column ${key} is not an id of 1 to 128 printable characters`
    const before = seen.lineOf(text)
    if (before !== undefined) return `the customer already stands at line ${before}`
    for (let i = 0; i < features.length; i++) {
      const fault = faultOf(row, i)
      if (fault !== null) return fault
    }
    return null
  }

  /** A row as the store takes it, or why it does not. A good one is remembered by its id. */
  return (row: TableRow): FeatureRow | Refusal => {
    if (at + features.length > together.length) {
      together = new Float64Array(features.length * ROWS_TOGETHER)
      at = 0
    }
    const id = row.fault === undefined ? row.value(0) : undefined
    const text = String(id)
    const reason = reasonOf(row, id, text)
    if (reason !== null) return { line: row.line, reason }
    const values = together.subarray(at, at + features.length)
    at += features.length
    seen.add(text, row.line)
    return { id: text as CustomerId, values }
  }
}

/** Text files hold numbers as text; an empty one is "not known", and so is null. */
function number(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return typeof value === 'boolean' ? Number(value) : value
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : Number.NaN
}
