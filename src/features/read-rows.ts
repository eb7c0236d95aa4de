import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { failure } from '../domain/errors.ts'
import { type CsvRow, readCsvBlocks } from './csv-rows.ts'

/** One record of a data file. `line` counts from 1: the line of a text file (its header is line 1), the row of a Parquet file. */
export interface DataRow {
  readonly line: number
  readonly record: Readonly<Record<string, unknown>>
  /** Why the line could not be read at all, if so; the record is then empty. */
  readonly fault?: string
}

/**
 * Reads Parquet, CSV or NDJSON, also gzipped, by the file’s ending.
 * @throws EmmaError `data_invalid` for another ending or an unreadable file.
 */
export function readRows(path: string): AsyncGenerator<DataRow> {
  return readFile(path, { parquet: parquetRecords, csv: csvRecords, ndjson: readNdjson })
}

/** How each kind of file is read. */
export interface Readers<Row> {
  parquet(path: string): AsyncGenerator<Row>
  csv(bytes: Readable): AsyncGenerator<Row>
  ndjson(text: Readable): AsyncGenerator<Row>
}

/** @throws EmmaError as {@link readRows} does */
export async function* readFile<Row>(
  path: string,
  { parquet, csv, ndjson }: Readers<Row>,
): AsyncGenerator<Row> {
  const ending = /\.(parquet|csv|ndjson|jsonl)(\.gz)?$/.exec(path)?.[1]
  try {
    if (ending === 'parquet') yield* parquet(path)
    else if (ending === 'csv') yield* csv(openText(path))
    else if (ending === 'ndjson' || ending === 'jsonl') yield* ndjson(openText(path))
    else
      throw failure(
        'data_invalid',
        path,
        'this kind of file is not known',
        'give a .parquet, .csv or .ndjson file, also .gz',
      )
  } catch (error) {
    if (error instanceof Error && error.name === 'EmmaError') throw error
    throw failure(
      'data_invalid',
      path,
      `the file cannot be read (${(error as Error).message.split('\n')[0]})`,
      'check the path, and that the file is whole',
      error,
    )
  }
}

/** Bytes that are read at once. */
const CHUNK = 1 << 18

function openText(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: CHUNK })
  if (!path.endsWith('.gz')) return bytes
  const gunzip = createGunzip({ chunkSize: CHUNK })
  bytes.on('error', (error) => gunzip.destroy(error))
  return bytes.pipe(gunzip)
}

async function* csvRecords(bytes: Readable): AsyncGenerator<DataRow> {
  for await (const rows of readCsvBlocks(bytes)) {
    for (const row of rows) {
      const { line, columns } = row
      const fault = widthFault(row)
      yield fault === undefined
        ? { line, record: Object.fromEntries(columns.map((name, i) => [name, row.text(i)])) }
        : { line, record: {}, fault }
    }
  }
}

/** Why a row of CSV does not fit its header, if so. */
export function widthFault({ width, columns }: CsvRow): string | undefined {
  if (width === columns.length) return undefined
  return `the line does not have the ${columns.length} columns of the header`
}

export async function* readNdjson(text: Readable): AsyncGenerator<DataRow> {
  let line = 0
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })
  // readline does not pass on what its input throws.
  let broken: Error | undefined
  text.on('error', (error) => {
    broken = error
    lines.close()
  })
  for await (const content of lines) {
    line++
    if (content.trim() !== '') yield { line, ...parseLine(content) }
  }
  if (broken !== undefined) throw broken
}

function parseLine(content: string): Omit<DataRow, 'line'> {
  try {
    const record: unknown = JSON.parse(content)
    if (record !== null && typeof record === 'object' && !Array.isArray(record))
      return { record: record as Record<string, unknown> }
    return { record: {}, fault: 'the line is not a JSON object' }
  } catch {
    return { record: {}, fault: 'the line is not valid JSON' }
  }
}

async function* parquetRecords(path: string): AsyncGenerator<DataRow> {
  let line = 0
  for await (const { columns, rows, value } of readParquet(path)) {
    for (let row = 0; row < rows; row++) {
      line++
      yield { line, record: Object.fromEntries(columns.map((name, i) => [name, value(i, row)])) }
    }
  }
}

/** Rows that DuckDB gives at once. */
export interface ParquetBlock {
  readonly columns: readonly string[]
  readonly rows: number
  value(column: number, row: number): unknown
}

export async function* readParquet(path: string): AsyncGenerator<ParquetBlock> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  try {
    const result = await connection.stream(`SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`)
    const columns = result.columnNames()
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) return
      const vectors = columns.map((_, i) => chunk.getColumnVector(i))
      yield { columns, rows: chunk.rowCount, value: (column, row) => plain(vectors[column]!.getItem(row)) }
    }
  } finally {
    connection.closeSync()
  }
}

/** DuckDB gives whole numbers of 64 bits as bigint, decimals and dates as objects: their text is exact. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' || (typeof value === 'object' && value !== null) ? String(value) : value
}
