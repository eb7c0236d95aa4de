import type { DuckDBConnection } from '@duckdb/node-api'
import { EmmaError, type Fault } from '../domain/errors.ts'
import type { Storage } from '../domain/feature-set.ts'
import { duckMessage, identifier, literal, rowsOf } from './duck.ts'
import type { CustomerFeature, Mapping } from './mapping.ts'
import { type Unreadable, unreadableOf } from './read-report.ts'

/** What a value must be, to be kept as the storage says. */
const FITS: Record<Storage, string> = {
  u8: 'value BETWEEN 0 AND 255 AND value = floor(value)',
  f16: 'abs(value) <= 65504',
  f32: 'abs(value) <= 3.4028234e38',
}

/**
 * Fills table `customer_features` (customer_id and one DOUBLE column a feature, named by position: c0, c1, …) from
 * `customer_rows` as of a date. A value that is no number, or does not fit its storage, is left NULL and told.
 * @throws EmmaError `mapping_invalid` for expressions that do not fit the customer files.
 */
export async function computeCustomerFeatures(
  duck: DuckDBConnection,
  mapping: Mapping,
  asOf: string,
): Promise<Unreadable[]> {
  const features = mapping.customers?.features ?? []
  const faults: Fault[] = []
  const columns: string[] = []
  const lost: Unreadable[] = []
  for (const [i, feature] of features.entries()) {
    const source = sourceSql(feature, asOf)
    const value = `CASE lower(CAST(${source} AS VARCHAR)) WHEN 'true' THEN 1 WHEN 'false' THEN 0
      ELSE TRY_CAST(${source} AS DOUBLE) END`
    const fits = `isfinite(value) AND ${FITS[feature.storage]}`
    columns.push(
      `(SELECT CASE WHEN ${fits} THEN value END FROM (SELECT CAST(${value} AS DOUBLE) AS value)) AS c${i}`,
    )
    try {
      const bad = await rowsOf<{ file: string; row: number }>(
        duck,
        `SELECT emma_file AS file, emma_row AS row FROM (
           SELECT emma_file, emma_row, nullif(trim(CAST(${source} AS VARCHAR)), '') AS source,
             CAST(${value} AS DOUBLE) AS value FROM customer_rows)
         WHERE source IS NOT NULL AND coalesce(NOT (${fits}), true) ORDER BY ALL`,
      )
      const reason = `${feature.name} is not a number that ${feature.storage} holds, so its default stands`
      lost.push(...unreadableOf(bad.map((at) => ({ ...at, reason }))))
    } catch (error) {
      faults.push({
        place: `customers.features.${feature.name}`,
        what: `this SQL does not fit the customer files: ${duckMessage(error)}`,
        remedy: 'correct the expression; it must give a number',
      })
    }
  }
  if (faults.length > 0) throw new EmmaError('mapping_invalid', faults)
  await duck.run(
    `CREATE OR REPLACE TABLE customer_features AS SELECT ${['customer_id', ...columns].join(', ')} FROM customer_rows`,
  )
  return lost
}

function sourceSql(feature: CustomerFeature, asOf: string): string {
  if (feature.column !== undefined) return identifier(feature.column)
  return `(${feature.sql!.replaceAll('$as_of', () => `DATE ${literal(asOf)}`)})`
}
