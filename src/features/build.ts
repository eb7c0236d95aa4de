import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import * as z from 'zod'
import { canonicalJson, type Json, sha256Hex } from '../domain/canonical-json.ts'
import { EmmaError, failure } from '../domain/errors.ts'
import type { FeatureManifest } from '../domain/feature-set.ts'
import { computeCustomerFeatures } from './customer-features.ts'
import { chooseDimensionValues, type DimensionValues } from './dimension-values.ts'
import { identifier, literal, rowsOf, withDuck } from './duck.ts'
import { featureColumns } from './feature-columns.ts'
import { type Mapping, readMapping } from './mapping.ts'
import { readCustomers } from './read-customers.ts'
import { type ReadReport, type Unreadable, unreadableLine } from './read-report.ts'
import { readTransactions } from './read-transactions.ts'
import { filledSql, SQL_FILES, sqlText } from './sql-file.ts'
import { writeWholeFolder } from './whole-folder.ts'
import { joinFeatures, writeFeatureFolder } from './write-set.ts'

export interface BuildOptions {
  /** A checked mapping, or the path of a mapping file. */
  readonly mapping: Mapping | string
  readonly dataFolder: string
  /** Days as yyyy-mm-dd; features know what happened before each, 00:00 UTC. */
  readonly asOf: readonly string[]
  /** Gets one folder a day, named by it. */
  readonly outFolder: string
  /** Told what was done and what could not be read, one line each. */
  readonly onProgress?: (line: string) => void
  /** Told how many rows could not be read, or values not be used, each time some could not. */
  readonly onLeftOut?: (count: number) => void
}

export interface BuiltFeatures {
  readonly folder: string
  readonly manifest: FeatureManifest
}

/**
 * Computes the starter feature set of each day and writes it to `outFolder/<day>`, oldest day first.
 * The values of a `top` dimension are those of the last day, for all days alike, so that one model fits all sets.
 * @throws EmmaError `usage_invalid`, `mapping_invalid` or `data_invalid`.
 */
export async function buildFeatures(options: BuildOptions): Promise<BuiltFeatures[]> {
  const { dataFolder, outFolder, onProgress = () => {}, onLeftOut = () => {} } = options
  const tell: Tell = { onProgress, onLeftOut }
  const days = checkedDays(options.asOf)
  const mapping = typeof options.mapping === 'string' ? await readMapping(options.mapping) : options.mapping
  await mkdir(outFolder, { recursive: true })
  const timed = async <T>(step: string, work: () => Promise<T>, rows: (result: T) => number): Promise<T> => {
    const start = performance.now()
    const result = await work()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    onProgress(`${step}: ${rows(result).toLocaleString('en')} rows, ${seconds} s`)
    return result
  }
  return withDuck(async (duck) => {
    const transactions = await timed(
      'read transactions',
      () => readTransactions(duck, mapping, dataFolder),
      (report) => report.rows,
    )
    tellReport(transactions, tell)
    if (mapping.customers !== undefined) {
      const customers = await timed(
        'read customers',
        () => readCustomers(duck, mapping, dataFolder),
        (report) => report!.rows,
      )
      tellReport(customers!, tell)
    } else await readCustomers(duck, mapping, dataFolder)
    const dimensions = await chooseDimensionValues(duck, mapping, days.at(-1)!)
    const built: BuiltFeatures[] = []
    for (const asOf of days) {
      built.push(
        await timed(
          `features as of ${asOf}`,
          () => buildDay(duck, mapping, dimensions, asOf, join(outFolder, asOf), tell),
          ({ manifest }) => manifest.rows,
        ),
      )
    }
    return built
  })
}

async function buildDay(
  duck: DuckDBConnection,
  mapping: Mapping,
  dimensions: readonly DimensionValues[],
  asOf: string,
  folder: string,
  tell: Tell,
): Promise<BuiltFeatures> {
  const day = { as_of: `DATE ${literal(asOf)}` }
  await duck.run(filledSql('base.sql', day))
  const [base] = await rowsOf<{ purchases: number }>(duck, 'SELECT count(*) AS purchases FROM purchases')
  if (base!.purchases === 0) {
    throw failure(
      'data_invalid',
      `as of ${asOf}`,
      'there is no purchase before this day',
      'use a later as-of date, or correct the mapping’s time and quantity columns',
    )
  }
  await duck.run(filledSql('recency-frequency-value.sql', day))
  await duck.run(filledSql('basket.sql', day))
  await duck.run(filledSql('rhythm.sql', day))
  const lost: Unreadable[] = await computeCustomerFeatures(duck, mapping, asOf)
  tellUnreadable(lost, tell)
  await tellNeverBought(duck, asOf, tell)
  for (const [i, dimension] of dimensions.entries()) await buildDimension(duck, i, dimension, day)
  const columns = await featureColumns(duck, mapping, dimensions)
  await joinFeatures(duck, columns, dimensions)
  const manifest = await writeWholeFolder(folder, (fresh) =>
    writeFeatureFolder(duck, fresh, columns, dimensions, {
      name: mapping.name,
      asOf,
      source: sourceOf(mapping, base!.purchases),
    }),
  )
  return { folder, manifest }
}

/** Leaves `by_value_<i>` and `items_<i>`. */
async function buildDimension(
  duck: DuckDBConnection,
  index: number,
  { name, column }: DimensionValues,
  day: { readonly as_of: string },
): Promise<void> {
  const filling = {
    ...day,
    dimension: literal(name),
    column: identifier(column),
    labelled: String(column === 'product'),
  }
  await duck.run(filledSql('preferences.sql', filling))
  await duck.run(filledSql('comparable-customers.sql', filling))
  await duck.run(filledSql('items.sql', filling))
  // One list a customer, by position: as columns made by 5 × N filtered aggregates it takes ten times as long.
  await duck.run(`CREATE OR REPLACE TABLE by_value_${index} AS
    SELECT customer_id, list({
      'lines': lines, 'share': share, 'days': days, 'orders90': orders90, 'peers': peers
    } ORDER BY position) AS known
    FROM comparable LEFT JOIN preferences USING (customer_id, position)
    GROUP BY customer_id;
    CREATE OR REPLACE TABLE items_${index} AS SELECT * FROM items`)
}

function checkedDays(asOf: readonly string[]): string[] {
  const faults = asOf
    .filter((day) => !z.iso.date().safeParse(day).success)
    .map((day) => ({
      place: '--as-of',
      what: `"${day}" is not a day`,
      remedy: 'write it like 2026-01-31',
    }))
  if (asOf.length === 0) {
    faults.push({ place: '--as-of', what: 'no day is given', remedy: 'add one, like --as-of 2026-01-31' })
  }
  if (faults.length > 0) throw new EmmaError('usage_invalid', faults)
  return [...new Set(asOf)].sort()
}

/** Names no path and counts nothing after the day: the same history gives the same manifest everywhere. */
function sourceOf(mapping: Mapping, purchases: number): string {
  const mappingHash = sha256Hex(canonicalJson(mapping as unknown as Json)).slice(0, 12)
  const sqlHash = sha256Hex(SQL_FILES.map(sqlText).join('\n')).slice(0, 12)
  return `${purchases} purchase lines by mapping ${mapping.name} (${mappingHash}) and the starter SQL (${sqlHash})`
}

type Tell = Required<Pick<BuildOptions, 'onProgress' | 'onLeftOut'>>

function tellReport(report: ReadReport, tell: Tell): void {
  if (report.anonymous > 0) {
    tell.onProgress(
      `rows without a customer, which count for nobody: ${report.anonymous.toLocaleString('en')}`,
    )
  }
  tellUnreadable(report.unreadable, tell)
}

function tellUnreadable(entries: readonly Unreadable[], { onProgress, onLeftOut }: Tell): void {
  for (const entry of entries) {
    onProgress(unreadableLine(entry))
    onLeftOut(entry.count)
  }
}

/** Whoever only ever brought something back has no history to speak of; that is right, and worth a word. */
async function tellNeverBought(duck: DuckDBConnection, asOf: string, { onProgress }: Tell): Promise<void> {
  const [found] = await rowsOf<{ customers: number }>(
    duck,
    'SELECT count(DISTINCT customer_id) AS customers FROM returned ANTI JOIN customer_keys USING (customer_id)',
  )
  if (found!.customers > 0) {
    onProgress(
      `customers left out, for they bought nothing before ${asOf}: ${found!.customers.toLocaleString('en')}`,
    )
  }
}
