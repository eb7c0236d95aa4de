import type { DuckDBConnection } from '@duckdb/node-api'
import { EmmaError, type Fault, failure } from '../domain/errors.ts'
import { identifier, literal, rowsOf } from './duck.ts'
import type { CustomerFeature, Mapping } from './mapping.ts'
import { type ReadReport, type Unreadable, unreadableOf } from './read-report.ts'
import { findFiles, openSource, type Source } from './source-files.ts'

/**
 * Fills table `customer_rows` (customer_id, emma_file, emma_row and every column of the files) from the customer files,
 * and an empty one where the mapping names none. Text columns become dates or numbers where their values are such.
 * @returns null where the mapping names no customer files.
 * @throws EmmaError `mapping_invalid` or `data_invalid`; a customer id that occurs twice is refused.
 */
export async function readCustomers(
  duck: DuckDBConnection,
  mapping: Mapping,
  dataFolder: string,
): Promise<ReadReport | null> {
  if (mapping.customers === undefined) {
    await duck.run('CREATE OR REPLACE TABLE customer_rows (customer_id VARCHAR)')
    return null
  }
  const { files: globs, key, features } = mapping.customers
  const faults: Fault[] = []
  const files = await findFiles(duck, dataFolder, globs, 'customers.files', faults)
  const sources: Source[] = []
  for (const file of files) sources.push(await openSource(duck, dataFolder, file))
  for (const source of sources) {
    for (const [place, column] of [
      ['customers.key', key] as const,
      ...features.map((f) => [`customers.features.${f.name}`, f.column] as const),
    ]) {
      if (column === undefined || source.columns.includes(column)) continue
      faults.push({
        place,
        what: `${source.name} has no column "${column}"`,
        remedy: `use one of its columns: ${source.columns.join(', ')}`,
      })
    }
  }
  if (faults.length > 0) throw new EmmaError('mapping_invalid', faults)

  const unreadable: Unreadable[] = []
  const id = `nullif(trim(CAST(${identifier(key)} AS VARCHAR)), '')`
  const selects = sources.map(
    (source) => `SELECT ${id} AS customer_id, ${literal(source.name)} AS emma_file, * FROM (${source.sql})`,
  )
  await duck.run(`CREATE OR REPLACE TABLE customer_rows AS ${selects.join(' UNION ALL BY NAME ')}`)
  for (const source of sources) {
    const broken = await source.broken()
    unreadable.push(
      ...unreadableOf(
        broken.map(({ line, reason }) => ({ file: source.name, reason, row: line })),
        'line',
      ),
    )
  }
  const [nameless] = await rowsOf<{ count: number }>(
    duck,
    'SELECT count(*) AS count FROM customer_rows WHERE customer_id IS NULL',
  )
  await duck.run('DELETE FROM customer_rows WHERE customer_id IS NULL')
  await refuseDuplicates(duck)
  unreadable.push(...(await typeTextColumns(duck, features)))
  const [counted] = await rowsOf<{ rows: number }>(duck, 'SELECT count(*) AS rows FROM customer_rows')
  return { files: files.length, rows: counted!.rows, anonymous: nameless!.count, unreadable }
}

async function refuseDuplicates(duck: DuckDBConnection): Promise<void> {
  const twice = await rowsOf<{ file: string; row: number }>(
    duck,
    `SELECT emma_file AS file, emma_row AS row FROM customer_rows
     QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY emma_file, emma_row) = 2 ORDER BY ALL`,
  )
  if (twice.length === 0) return
  const { file, row } = twice[0]!
  throw failure(
    'data_invalid',
    `${file}: row ${row}`,
    `the customer of this row has a row already (${twice.length} customers have several)`,
    'keep one row a customer',
  )
}

/** How large a part of a column's values must be dates (or numbers) for the column to be such with a few bad values. */
const MOSTLY = 0.9

/**
 * Casts text columns that expressions name and that are numbers, dates or times, so that `date_diff` and the like
 * work on them.
 * @returns the values that were lost by it
 */
async function typeTextColumns(
  duck: DuckDBConnection,
  features: readonly CustomerFeature[],
): Promise<Unreadable[]> {
  const expressions = features.map((feature) => feature.sql ?? '').join('\n')
  const lost: Unreadable[] = []
  const columns = await rowsOf<{ column_name: string; column_type: string }>(duck, 'DESCRIBE customer_rows')
  for (const { column_name: name, column_type: type } of columns) {
    if (type !== 'VARCHAR' || name === 'customer_id' || name === 'emma_file') continue
    if (!expressions.includes(name)) continue
    const column = `nullif(trim(${identifier(name)}), '')`
    const candidates = [
      { type: 'DOUBLE', word: 'number', cast: `TRY_CAST(${column} AS DOUBLE)`, least: MOSTLY },
      {
        type: 'DATE',
        word: 'date',
        cast: `CASE WHEN length(${column}) <= 10 THEN TRY_CAST(${column} AS DATE) END`,
        least: MOSTLY,
      },
      {
        type: 'TIMESTAMP',
        word: 'date and time',
        cast: `TRY_CAST(${column} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`,
        least: MOSTLY,
      },
    ]
    const [share] = await rowsOf<Record<string, number | null>>(
      duck,
      `SELECT ${candidates.map((c) => `avg((${c.cast} IS NOT NULL)::INT) AS ${c.type}`).join(', ')}
       FROM customer_rows WHERE ${column} IS NOT NULL`,
    )
    const chosen = candidates.find((c) => (share![c.type] ?? 0) >= c.least)
    if (chosen === undefined) continue
    const bad = await rowsOf<{ file: string; row: number }>(
      duck,
      `SELECT emma_file AS file, emma_row AS row FROM customer_rows
       WHERE ${column} IS NOT NULL AND (${chosen.cast}) IS NULL ORDER BY ALL`,
    )
    lost.push(...unreadableOf(bad.map((at) => ({ ...at, reason: `column ${name} is not a ${chosen.word}` }))))
    await duck.run(
      `ALTER TABLE customer_rows ALTER COLUMN ${identifier(name)} SET DATA TYPE ${chosen.type} USING ${chosen.cast}`,
    )
  }
  return lost
}
