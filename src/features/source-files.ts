import { relative } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Fault, failure } from '../domain/errors.ts'
import { duckMessage, identifier, literal, rowsOf } from './duck.ts'

/** One file as a relation: text columns for CSV and NDJSON, typed ones for Parquet. */
export interface Source {
  /** Path relative to the data folder, as told to the reader. */
  readonly name: string
  readonly columns: readonly string[]
  /** One row of NULLs with these columns and their types: to check an expression without opening the file again. */
  readonly shape: string
  /** A `SELECT` of all columns and `emma_row` (1-based; for NDJSON the line), in file order. */
  readonly sql: string
  /** After {@link sql} has run once: the lines that could not be taken apart. */
  broken(): Promise<{ line: number; reason: string }[]>
}

/** The files that the globs name, sorted by name, each once; a fault for every glob that names none. */
export async function findFiles(
  duck: DuckDBConnection,
  folder: string,
  globs: readonly string[],
  place: string,
  faults: Fault[],
): Promise<string[]> {
  const found = new Set<string>()
  for (const glob of globs) {
    const rows = await rowsOf<{ file: string }>(
      duck,
      `SELECT file FROM glob(${literal(`${folder}/${glob}`)})`,
    )
    if (rows.length === 0) {
      faults.push({
        place,
        what: `no file in ${folder} fits "${glob}"`,
        remedy: 'correct the glob, or name another data folder',
      })
    }
    for (const { file } of rows) found.add(file)
  }
  return [...found].sort()
}

let rejects = 0

/**
 * Opens one file by the ending of its name.
 * @throws EmmaError `data_invalid` when it cannot be read at all.
 */
export async function openSource(duck: DuckDBConnection, folder: string, file: string): Promise<Source> {
  const name = relative(folder, file)
  try {
    if (/\.parquet$/i.test(file)) return await parquetSource(duck, name, file)
    if (/\.(ndjson|jsonl)(\.gz)?$/i.test(file)) return await ndjsonSource(duck, name, file)
    if (/\.(csv|tsv|txt)(\.gz)?$/i.test(file)) return await csvSource(duck, name, file)
  } catch (cause) {
    throw failure(
      'data_invalid',
      name,
      `this file cannot be read: ${duckMessage(cause)}`,
      'mend the file',
      cause,
    )
  }
  throw failure(
    'data_invalid',
    name,
    'this kind of file is not known',
    'use .csv, .ndjson or .parquet, the first two also with .gz',
  )
}

async function parquetSource(duck: DuckDBConnection, name: string, file: string): Promise<Source> {
  const relation = `read_parquet(${literal(file)})`
  return {
    name,
    ...(await shapeOf(duck, relation)),
    sql: numbered(relation),
    broken: async () => [],
  }
}

async function csvSource(duck: DuckDBConnection, name: string, file: string): Promise<Source> {
  const table = `emma_rejects_${++rejects}`
  // Everything as text: what a column is, the mapping says, and a value that does not fit is counted instead of guessed.
  const relation = `read_csv(${literal(file)}, all_varchar = true, header = true, store_rejects = true,
    rejects_limit = 0, rejects_table = ${literal(table)}, rejects_scan = ${literal(`${table}_scan`)})`
  return {
    name,
    ...(await shapeOf(duck, relation)),
    sql: numbered(relation),
    broken: () =>
      rowsOf(
        duck,
        `SELECT line, min(lower(error_type::VARCHAR)) AS reason FROM ${table} GROUP BY line ORDER BY line`,
      ),
  }
}

async function ndjsonSource(duck: DuckDBConnection, name: string, file: string): Promise<Source> {
  // Read as lines of text, because DuckDB's JSON reader drops a broken line without telling which.
  const lines = `(SELECT line, row_number() OVER () AS emma_row FROM read_csv(${literal(file)},
    columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false, auto_detect = false,
    max_line_size = 16777216))`
  const isObject = `CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END`
  const keys = await rowsOf<{ key: string }>(
    duck,
    `SELECT DISTINCT unnest(json_keys(line)) AS key FROM ${lines} WHERE ${isObject} ORDER BY key`,
  )
  const columns = keys.map(({ key }) => key)
  const members = columns.map(
    (key) =>
      `json_extract_string(line, ${literal(`$."${key.replaceAll('"', '\\"')}"`)}) AS ${identifier(key)}`,
  )
  return {
    name,
    columns,
    shape: nullRow(columns.map((column) => ({ name: column, type: 'VARCHAR' }))),
    sql: `SELECT ${[...members, 'emma_row'].join(', ')} FROM ${lines} WHERE ${isObject}`,
    broken: () =>
      rowsOf(
        duck,
        `SELECT emma_row AS line, 'not a JSON object' AS reason FROM ${lines}
         WHERE trim(coalesce(line, '')) <> '' AND NOT (${isObject}) ORDER BY line`,
      ),
  }
}

async function shapeOf(duck: DuckDBConnection, relation: string) {
  const columns = await rowsOf<{ name: string; type: string }>(
    duck,
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM ${relation})`,
  )
  return { columns: columns.map((column) => column.name), shape: nullRow(columns) }
}

function nullRow(columns: readonly { name: string; type: string }[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${identifier(name)}`)
  return `SELECT ${[...nulls, 'CAST(NULL AS BIGINT) AS emma_row'].join(', ')}`
}

function numbered(relation: string): string {
  return `SELECT *, row_number() OVER () AS emma_row FROM ${relation}`
}
