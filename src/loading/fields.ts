import { type CustomerId, ID_PATTERN } from '../domain/ids.ts'
import type { Subject } from '../ports/customer-store.ts'

export type Row = Readonly<Record<string, unknown>>

/** Why a row says nothing that could be told. */
export class RowFault extends Error {}

/** What `read` makes of a row, or the reason why it makes nothing of it. */
export function readingRow<Item extends object>(read: (row: Row) => Item): (row: Row) => Item | string {
  return (row) => {
    try {
      return read(row)
    } catch (error) {
      if (error instanceof RowFault) return error.message
      throw error
    }
  }
}

/** Of other columns than these. A misspelt column would be left out in silence. */
export function refuseOtherColumns(row: Row, known: readonly string[]): void {
  const other = Object.keys(row).find((name) => !known.includes(name))
  if (other !== undefined)
    throw new RowFault(`column ${other} is not known; the columns are ${known.join(', ')}`)
}

/** Text files have empty columns where nothing is said. */
export function textOf(row: Row, column: string): string | undefined {
  const value = row[column]
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

export function idOf(row: Row, column: string): string | undefined {
  const text = textOf(row, column)
  if (text === undefined || ID_PATTERN.test(text)) return text
  throw new RowFault(`column ${column} is not 1 to 128 printable characters`)
}

export function neededIdOf(row: Row, column: string): string {
  return idOf(row, column) ?? missing(column)
}

/** Of columns `customer` and `session`; null when both are empty. */
export function subjectOf(row: Row): Subject | null {
  const customer = idOf(row, 'customer')
  const session = idOf(row, 'session')
  if (customer !== undefined && session !== undefined)
    throw new RowFault('columns customer and session are both filled: a row is about one of them')
  if (customer !== undefined) return { customer: customer as CustomerId }
  return session === undefined ? null : { session }
}

/** One of a few words. */
export function wordOf<Word extends string>(
  row: Row,
  column: string,
  words: readonly Word[],
): Word | undefined {
  const text = textOf(row, column)
  if (text === undefined || words.includes(text as Word)) return text as Word | undefined
  throw new RowFault(`column ${column} is none of ${words.join(', ')}`)
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** Epoch milliseconds of a time with its zone, from 1970 to 9998. */
export function timeOf(row: Row, column: string): number | undefined {
  const text = textOf(row, column)
  if (text === undefined) return undefined
  const moment = TIME.test(text) ? Date.parse(text) : Number.NaN
  if (moment >= 0 && moment < Date.UTC(9999, 0)) return moment
  throw new RowFault(`column ${column} is no RFC 3339 time with zone such as 2026-11-01T09:00:00Z`)
}

export function missing(column: string): never {
  throw new RowFault(`column ${column} is empty`)
}
