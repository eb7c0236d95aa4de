import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse'
import { failure } from '../domain/errors.ts'

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
export async function* readRows(path: string): AsyncGenerator<DataRow> {
  const ending = /\.(parquet|csv|ndjson|jsonl)(\.gz)?$/.exec(path)?.[1]
  try {
    if (ending === 'parquet') yield* readParquet(path)
    else if (ending === 'csv') yield* readCsv(openText(path))
    else if (ending === 'ndjson' || ending === 'jsonl') yield* readNdjson(openText(path))
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

function openText(path: string): Readable {
  const bytes = createReadStream(path)
  if (!path.endsWith('.gz')) return bytes
  const gunzip = createGunzip()
  bytes.on('error', (error) => gunzip.destroy(error))
  return bytes.pipe(gunzip)
}

async function* readCsv(text: Readable): AsyncGenerator<DataRow> {
  const parser = parse({
    columns: true,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  text.on('error', (error) => parser.destroy(error))
  let width = 0
  for await (const { record, info } of text.pipe(parser) as AsyncIterable<CsvRecord>) {
    width ||= info.columns.length
    const found = Object.keys(record).length + (info.error ? 1 : 0)
    yield found < width || info.error !== undefined
      ? { line: info.lines, record: {}, fault: `the line does not have the ${width} columns of the header` }
      : { line: info.lines, record }
  }
}

interface CsvRecord {
  readonly record: Record<string, string>
  readonly info: { readonly lines: number; readonly columns: readonly unknown[]; readonly error?: Error }
}

async function* readNdjson(text: Readable): AsyncGenerator<DataRow> {
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

async function* readParquet(path: string): AsyncGenerator<DataRow> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  try {
    const result = await connection.stream(`SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`)
    const names = result.columnNames()
    let line = 0
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) return
      for (const row of chunk.getRows()) {
        line++
        yield { line, record: Object.fromEntries(names.map((name, i) => [name, plain(row[i])])) }
      }
    }
  } finally {
    connection.closeSync()
  }
}

/** DuckDB gives whole numbers of 64 bits as bigint, decimals and dates as objects: their text is exact. */
function plain(value: unknown): unknown {
  return typeof value === 'bigint' || (typeof value === 'object' && value !== null) ? String(value) : value
}
