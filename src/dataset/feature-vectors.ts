import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { failure } from '../domain/errors.ts'
import { type FeatureSet, featureFault, packVector, unpackVector } from '../domain/feature-set.ts'
import { duckMessage, identifier, literal } from '../features/duck.ts'

/**
 * The customers of a feature folder in the order of their ids, each with the vector as serving would read it: packed
 * and unpacked, so that values kept in 16 bits are rounded here too.
 * @throws EmmaError `features_invalid` when the data do not fit the manifest.
 */
export async function* featureVectors(
  duck: DuckDBConnection,
  folder: string,
  set: FeatureSet,
): AsyncGenerator<{ customerId: string; vector: Float32Array }> {
  const { data, key, features } = set.manifest
  const path = join(folder, data)
  const selected = features.map((feature) => `CAST(${identifier(feature.name)} AS DOUBLE)`)
  const chunks = await duck
    .stream(
      `SELECT CAST(${identifier(key)} AS VARCHAR) AS id, ${selected.join(', ')} FROM read_parquet(${literal(path)})
       ORDER BY id`,
    )
    .catch((cause: unknown) => {
      throw failure(
        'features_invalid',
        path,
        `the rows do not fit the manifest: ${duckMessage(cause)}`,
        'build the features again with emma features build',
        cause,
      )
    })
  const values = new Array<unknown>(features.length)
  for await (const chunk of chunks) {
    const columns = chunk.getColumns()
    for (let row = 0; row < chunk.rowCount; row++) {
      for (let i = 0; i < features.length; i++) values[i] = columns[i + 1]![row]
      const fault = features
        .map((feature, i) => featureFault(feature, values[i]))
        .find((found) => found !== null)
      if (fault) {
        throw failure('features_invalid', path, fault, 'build the features again with emma features build')
      }
      yield {
        customerId: columns[0]![row] as string,
        vector: asServed(set, values as number[]),
      }
    }
  }
}

/** The values after packing, as the store returns them. */
export function asServed(set: FeatureSet, values: ArrayLike<number>): Float32Array {
  const vector = unpackVector(set, packVector(set, values))
  if (typeof vector === 'string') throw new Error(`a packed vector does not unpack: ${vector}`)
  return vector
}
