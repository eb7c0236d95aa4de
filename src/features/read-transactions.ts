import type { DuckDBConnection } from '@duckdb/node-api'
import { EmmaError, type Fault, failure } from '../domain/errors.ts'
import { duckMessage, identifier, literal, rowsOf } from './duck.ts'
import type { Column, Mapping } from './mapping.ts'
import { type ReadReport, type Unreadable, unreadableLine, unreadableOf } from './read-report.ts'
import { findFiles, openSource, type Source } from './source-files.ts'

/** The columns that every row is read into, as text. */
const FIELDS = [
  'customer',
  'order',
  'at',
  'product',
  'category',
  'description',
  'quantity',
  'unitPrice',
] as const

/**
 * Fills table `transactions` (customer_id, order_id, bought_at TIMESTAMP in UTC, product, category, description,
 * quantity DECIMAL, unit_price_milli and amount_milli BIGINT) from the files that the mapping names.
 * A row that cannot be read is left out and told in the report; a row without customer is counted as anonymous.
 * @throws EmmaError `mapping_invalid` for files, columns and expressions that do not fit; `data_invalid` for files
 *   that cannot be read, or when no row is left.
 */
export async function readTransactions(
  duck: DuckDBConnection,
  mapping: Mapping,
  dataFolder: string,
): Promise<ReadReport> {
  const { files: globs, columns, where } = mapping.transactions
  const faults: Fault[] = []
  const files = await findFiles(duck, dataFolder, globs, 'transactions.files', faults)
  const sources: Source[] = []
  for (const file of files) sources.push(await openSource(duck, dataFolder, file))
  for (const source of sources) {
    for (const field of FIELDS) {
      const column = columns[field]
      if (column !== undefined)
        await checkColumn(duck, source, column, `transactions.columns.${field}`, faults)
    }
    if (where !== undefined) await checkColumn(duck, source, { sql: where }, 'transactions.where', faults)
  }
  if (faults.length > 0) throw new EmmaError('mapping_invalid', faults)

  await duck.run(`CREATE OR REPLACE TABLE read_rows (file VARCHAR, row BIGINT,
    ${FIELDS.map((field) => `${identifier(field)} VARCHAR`).join(', ')})`)
  const unreadable: Unreadable[] = []
  for (const source of sources) {
    const texts = FIELDS.map((field) => {
      const column = columns[field]
      return column === undefined ? 'NULL' : `nullif(trim(CAST(${columnSql(column)} AS VARCHAR)), '')`
    })
    try {
      await duck.run(`INSERT INTO read_rows SELECT ${literal(source.name)}, emma_row, ${texts.join(', ')}
        FROM (${source.sql}) ${where === undefined ? '' : `WHERE (${where})`}`)
    } catch (cause) {
      throw unreadableFile(source, cause)
    }
    const broken = await source.broken()
    unreadable.push(
      ...unreadableOf(
        broken.map(({ line, reason }) => ({ file: source.name, reason, row: line })),
        'line',
      ),
    )
  }
  await duck.run(TYPED)
  unreadable.push(...(await unreadableRows(duck)))
  const [counted] = await rowsOf<{ rows: number; anonymous: number }>(
    duck,
    `SELECT (SELECT count(*) FROM transactions) AS rows,
       (SELECT count(*) FROM typed_rows WHERE reason = 'anonymous') AS anonymous`,
  )
  await duck.run('DROP TABLE typed_rows')
  if (counted!.rows === 0) {
    throw failure(
      'data_invalid',
      'transactions.files',
      `no file (of ${files.length}) has a transaction of a known customer that can be read${firstReason(unreadable)}`,
      'correct the mapping’s columns, or its where',
    )
  }
  return { files: files.length, rows: counted!.rows, anonymous: counted!.anonymous, unreadable }
}

/** Adds a fault when `column` is not in the file, or is an expression that does not fit the file’s columns. */
export async function checkColumn(
  duck: DuckDBConnection,
  source: Source,
  column: Column,
  place: string,
  faults: Fault[],
): Promise<void> {
  if (typeof column === 'string') {
    if (source.columns.includes(column)) return
    faults.push({
      place,
      what: `${source.name} has no column "${column}"`,
      remedy: `use one of its columns: ${source.columns.join(', ')}`,
    })
    return
  }
  try {
    await duck.run(`DESCRIBE SELECT (${column.sql}) FROM (${source.shape})`)
  } catch (error) {
    faults.push({
      place,
      what: `this SQL does not fit ${source.name}: ${duckMessage(error)}`,
      remedy: 'correct the expression; columns of CSV and NDJSON files are text, so cast them with try_cast',
    })
  }
}

export function columnSql(column: Column): string {
  return typeof column === 'string' ? identifier(column) : `(${column.sql})`
}

/** A failure for an expression that fails on a value, which only reading all rows shows. */
export function unreadableFile(source: Source, cause: unknown): EmmaError {
  return failure(
    'data_invalid',
    source.name,
    `the mapping’s SQL fails on a value of this file: ${duckMessage(cause)}`,
    'use try_cast and try_strptime in the mapping, so that a bad value is counted instead',
    cause,
  )
}

// A time is read as TIMESTAMPTZ first: a direct cast to TIMESTAMP would drop the offset of "10:00+02:00".
const TYPED = `
CREATE OR REPLACE TABLE typed_rows AS
WITH typed AS (
  SELECT file, row, customer AS customer_id, "order" AS order_id,
    TRY_CAST("at" AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS bought_at, product, category, description,
    TRY_CAST(quantity AS DECIMAL(18, 3)) AS quantity,
    TRY_CAST("unitPrice" AS DECIMAL(18, 4)) AS unit_price
  FROM read_rows
)
SELECT *,
  CASE
    WHEN customer_id IS NULL THEN 'anonymous'
    WHEN length(customer_id) > 128 OR regexp_matches(customer_id, '[\\p{C}\\p{Zl}\\p{Zp}]')
      THEN 'the customer id is not 1 to 128 printable characters'
    WHEN order_id IS NULL THEN 'the order id is empty'
    WHEN product IS NULL THEN 'the product is empty'
    WHEN bought_at IS NULL OR NOT isfinite(bought_at) THEN 'the time is not a date and time'
    WHEN quantity IS NULL THEN 'the quantity is not a number'
    WHEN unit_price IS NULL THEN 'the price is not a number'
    WHEN abs(quantity) > 1e9 OR abs(unit_price) > 1e9 THEN 'quantity or price is beyond 1,000,000,000'
  END AS reason
FROM typed;
CREATE OR REPLACE TABLE transactions AS
SELECT customer_id, order_id, bought_at, product, category, description, quantity,
  CAST(round(unit_price * 1000) AS BIGINT) AS unit_price_milli,
  CAST(round(quantity * unit_price * 1000) AS BIGINT) AS amount_milli
FROM typed_rows WHERE reason IS NULL;
DROP TABLE read_rows;
`

async function unreadableRows(duck: DuckDBConnection): Promise<Unreadable[]> {
  const rows = await rowsOf<{ file: string; reason: string; count: number; rows: string }>(
    duck,
    `SELECT file, reason, count(*) AS count,
       array_to_string(list_slice(list(row ORDER BY row), 1, 3), ',') AS rows
     FROM typed_rows WHERE reason IS NOT NULL AND reason <> 'anonymous' GROUP BY file, reason ORDER BY file, reason`,
  )
  return rows.map((row) => ({ ...row, unit: 'data row', rows: row.rows.split(',').map(Number) }))
}

function firstReason([first]: readonly Unreadable[]): string {
  return first === undefined ? '' : `: ${unreadableLine(first)}`
}
