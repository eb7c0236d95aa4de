import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { canonicalJson, sha256Hex } from '../domain/canonical-json.ts'
import { type FeatureManifest, featureManifestSchema, type Storage } from '../domain/feature-set.ts'
import type { DimensionValues } from './dimension-values.ts'
import { identifier, literal, rowsOf } from './duck.ts'
import type { FeatureColumn } from './feature-columns.ts'
import { ITEMS_FILE, type Item, MANIFEST_FILE } from './feature-folder.ts'

const KEY = 'customer_id'
const DATA_FILE = 'features.parquet'
/** f16 is rounded when a vector is packed: neither Parquet here nor SQL has it. */
const TYPES: Record<Storage, string> = { u8: 'UTINYINT', f16: 'FLOAT', f32: 'FLOAT' }

/** Joins the tables of one as-of date to `feature_rows`: the key and one column a feature, never NULL. */
export async function joinFeatures(
  duck: DuckDBConnection,
  columns: readonly FeatureColumn[],
  dimensions: readonly DimensionValues[],
): Promise<void> {
  const tables = [
    'recency_frequency_value',
    'basket',
    'returns',
    'rhythm',
    'customer_features',
    ...dimensions.map((_, i) => `by_value_${i}`),
  ]
  const selected = columns.map(
    ({ spec, sql }) =>
      `CAST(coalesce(${sql}, ${spec.default}) AS ${TYPES[spec.storage]}) AS ${identifier(spec.name)}`,
  )
  await duck.run(
    `CREATE OR REPLACE TABLE feature_rows AS SELECT customer_keys.${KEY}, ${selected.join(',\n')} FROM customer_keys
     ${tables.map((table) => `LEFT JOIN ${table} ON ${table}.${KEY} = customer_keys.${KEY}`).join('\n')}`,
  )
}

/** Writes the three files of a feature folder from `feature_rows` and `items_<i>`. */
export async function writeFeatureFolder(
  duck: DuckDBConnection,
  folder: string,
  columns: readonly FeatureColumn[],
  dimensions: readonly DimensionValues[],
  about: { readonly name: string; readonly asOf: string; readonly source: string },
): Promise<FeatureManifest> {
  const { rows, hash } = await hashRows(duck, columns)
  const rest = {
    format: 'emma-features/1' as const,
    ...about,
    rows,
    data: DATA_FILE,
    key: KEY,
    dimensions: dimensions.map(({ name, values }) => ({ name, values: [...values] })),
    features: columns.map((column) => column.spec),
  }
  const manifest = featureManifestSchema.parse({
    ...rest,
    version: sha256Hex(canonicalJson(rest) + hash).slice(0, 16),
  })
  await duck.run(
    `COPY (SELECT * FROM feature_rows ORDER BY ${KEY}) TO ${literal(join(folder, DATA_FILE))}
     (FORMAT parquet, COMPRESSION zstd)`,
  )
  const items: string[] = []
  for (const [i, dimension] of dimensions.entries()) {
    for (const item of await itemsOf(duck, i, dimension)) items.push(`${JSON.stringify(item)}\n`)
  }
  await writeFile(join(folder, ITEMS_FILE), items.join(''))
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

/** SHA-256 over the rows in key order; each row is hashed by the database, so that only digests come over. */
async function hashRows(duck: DuckDBConnection, columns: readonly FeatureColumn[]) {
  // Numbers have no comma, so the text of a row can be read in one way only.
  const texts = columns.map(({ spec }) => `CAST(${identifier(spec.name)} AS VARCHAR)`)
  const result = await duck.stream(
    `SELECT sha256(concat_ws(',', ${texts.join(', ')}, ${KEY})) AS digest FROM feature_rows ORDER BY ${KEY}`,
  )
  const hash = createHash('sha256')
  let rows = 0
  for await (const chunk of result) {
    for (const digest of chunk.getColumnValues(0)) {
      hash.update(digest as string)
      rows++
    }
  }
  return { rows, hash: hash.digest('hex') }
}

async function itemsOf(duck: DuckDBConnection, index: number, dimension: DimensionValues): Promise<Item[]> {
  const rows = await rowsOf<Omit<Item, 'dimension' | 'slug'> & { position: number }>(
    duck,
    `SELECT * FROM items_${index} ORDER BY position`,
  )
  return rows.map(({ position, value, ...rest }) => ({
    dimension: dimension.name,
    value,
    slug: dimension.slugs[position]!,
    ...rest,
  }))
}
