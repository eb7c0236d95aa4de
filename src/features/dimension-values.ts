import type { DuckDBConnection } from '@duckdb/node-api'
import { featureSlug } from '../decide/model-rows.ts'
import { EmmaError, type Fault } from '../domain/errors.ts'
import { FEATURE_NAME } from '../domain/feature-set.ts'
import { identifier, literal, rowsOf } from './duck.ts'
import type { Mapping } from './mapping.ts'
import { filledSql } from './sql-file.ts'

/** One dimension with the values that features are made for, in order, and the part of the feature names they give. */
export interface DimensionValues {
  readonly name: string
  readonly column: 'product' | 'category'
  readonly values: readonly string[]
  readonly slugs: readonly string[]
}

/** More features than this a feature set cannot have; five are made of each value. */
const MOST_VALUES = 800

/**
 * The values as known before `asOf`, in table `dimension_values` (dimension, position, value) and as a list.
 * @throws EmmaError `mapping_invalid` when values cannot be told apart in feature names, or are too many.
 */
export async function chooseDimensionValues(
  duck: DuckDBConnection,
  mapping: Mapping,
  asOf: string,
): Promise<DimensionValues[]> {
  const faults: Fault[] = []
  const chosen: DimensionValues[] = []
  await duck.run(
    'CREATE OR REPLACE TABLE dimension_values (dimension VARCHAR, position INTEGER, value VARCHAR)',
  )
  for (const [i, { name, column, top }] of mapping.dimensions.entries()) {
    await duck.run(
      filledSql('best-sellers.sql', { as_of: `DATE ${literal(asOf)}`, column: identifier(column) }),
    )
    const rows = await rowsOf<{ value: string }>(
      duck,
      top === undefined
        ? 'SELECT value FROM best_sellers ORDER BY value'
        : `SELECT value FROM best_sellers ORDER BY orders DESC, value LIMIT ${top}`,
    )
    const values = rows.map((row) => row.value)
    const slugs = values.map(featureSlug)
    const place = `dimensions[${i}] (${name})`
    faults.push(...slugFaults(place, name, values, slugs))
    if (values.length === 0) {
      faults.push({
        place,
        what: `no purchase before ${asOf} has a ${column}`,
        remedy: 'correct the mapping’s columns, or use a later as-of date',
      })
    }
    if (values.length > MOST_VALUES) {
      faults.push({
        place,
        what: `${values.length} values give more features than a feature set can have`,
        remedy: `use top: ${MOST_VALUES} or fewer instead of values: all`,
      })
      continue
    }
    if (values.length > 0) {
      const rows = values.map((value, position) => `(${literal(name)}, ${position}, ${literal(value)})`)
      await duck.run(`INSERT INTO dimension_values VALUES ${rows.join(', ')}`)
    }
    chosen.push({ name, column, values, slugs })
  }
  if (faults.length > 0) throw new EmmaError('mapping_invalid', faults)
  return chosen
}

/** Faults of values that would give no feature name, or the same one as another value. */
export function slugFaults(
  place: string,
  dimension: string,
  values: readonly string[],
  slugs: readonly string[],
): Fault[] {
  const faults: Fault[] = []
  const first = new Map<string, string>()
  values.forEach((value, i) => {
    const slug = slugs[i]!
    const other = first.get(slug)
    if (!FEATURE_NAME.test(`${dimension}_orders90_${slug}`) || slug === '') {
      faults.push({
        place,
        what: `the value "${value}" gives no feature name: only letters a–z and digits count, 1 to 100 of them`,
        remedy: 'give the value a code or a shorter name in the mapping’s column, by an SQL expression',
      })
    } else if (other !== undefined) {
      faults.push({
        place,
        what: `the values "${other}" and "${value}" give the same feature name (${slug})`,
        remedy: 'make them one value, or tell them apart, in the mapping’s column by an SQL expression',
      })
    }
    first.set(slug, other ?? value)
  })
  return faults
}
