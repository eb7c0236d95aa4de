/** Makes a feature folder of any size: the same customers and values for the same arguments. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import type { FeatureManifest, Storage } from '../../src/domain/feature-set.ts'
import { featureSpecs } from '../reference/features.ts'

export type FileFormat = 'parquet' | 'csv' | 'ndjson'

export interface MadeFolder {
  readonly folder: string
  readonly manifest: FeatureManifest
}

/** Customers are named `customer-0` and so on. */
export async function makeFeatureFolder(
  folder: string,
  rows: number,
  format: FileFormat,
  seed = 1,
): Promise<MadeFolder> {
  const specs = featureSpecs()
  const manifest: FeatureManifest = {
    format: 'emma-features/1',
    name: 'bench',
    version: sha256Hex(`${rows} ${format} ${seed}`).slice(0, 16),
    asOf: '2026-11-01',
    source: 'bench/load/feature-folder.ts',
    rows,
    data: `features.${format}`,
    key: 'customer',
    dimensions: [],
    features: specs,
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2))
  const columns = specs.map(({ name, storage }, i) => `${valueSql(storage, i, seed)} AS ${name}`)
  const options = { parquet: 'FORMAT parquet', csv: 'FORMAT csv, HEADER', ndjson: 'FORMAT json' }[format]
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const duck = await instance.connect()
  await duck.run(
    `COPY (SELECT 'customer-' || i AS customer, ${columns.join(', ')} FROM range(${rows}) t(i))
     TO '${join(folder, manifest.data).replaceAll("'", "''")}' (${options})`,
  )
  duck.closeSync()
  instance.closeSync()
  return { folder, manifest }
}

/** By hash, so that row and column alone say what stands there. */
function valueSql(storage: Storage, column: number, seed: number): string {
  const chance = `hash(i * 1000 + ${column} + ${seed * 1_000_000_007})`
  if (storage === 'u8') return `(${chance} % 256)::UTINYINT`
  return storage === 'f16' ? `((${chance} % 1001)::DOUBLE / 1000)` : `((${chance} % 1000000)::DOUBLE / 100)`
}
