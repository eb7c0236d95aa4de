import {
  compileFeatureSet,
  type FeatureManifest,
  type FeatureSet,
  packVectors,
} from '../../domain/feature-set.ts'
import type { CustomerId } from '../../domain/ids.ts'
import { BUCKETS, type FeatureLoader, type Person } from '../../ports/customer-store.ts'
import { loadedRowsKey, manifestKey, vectorKey, vectorRange } from '../keys.ts'
import type { Environment } from './environment.ts'
import type { makeFeatureSets } from './feature-sets.ts'
import type { Guarded } from './guarded.ts'
import { transact } from './transactions.ts'

/** Rows of one transaction: it keeps other writers waiting for some milliseconds. */
const ROWS_AT_ONCE = 1000

/** New vectors stand under their own version until {@link FeatureLoader.activate} names it as the current one. */
export function makeFeatureLoader(
  db: Environment,
  person: (id: CustomerId) => Person,
  featureSets: ReturnType<typeof makeFeatureSets>,
  guarded: Guarded,
): FeatureLoader {
  let compiled: FeatureSet | undefined
  const setOf = (manifest: FeatureManifest): FeatureSet => {
    if (compiled?.manifest !== manifest) compiled = compileFeatureSet(manifest)
    return compiled
  }
  return {
    put: (manifest, rows) =>
      guarded(async () => {
        const set = setOf(manifest)
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
          const some = rows.slice(from, from + ROWS_AT_ONCE)
          const vectors = packVectors(
            set,
            some.map(({ values }) => values),
          )
          const packed = some.map(
            ({ id }, i) => [vectorKey(manifest.version, person(id)), vectors[i]!] as const,
          )
          await transact(db, () => packed.forEach(([key, vector]) => void db.put(key, vector)))
        }
      }),
    loadedRows: (manifest) =>
      guarded(() => {
        const noted = db.get(loadedRowsKey(manifest.version))
        return noted === undefined ? 0 : Number(Buffer.from(noted).readBigUInt64BE())
      }),
    noteLoaded: (manifest, rows) =>
      guarded(async () => {
        const noted = Buffer.alloc(8)
        noted.writeBigUInt64BE(BigInt(rows))
        await transact(db, () => void db.put(loadedRowsKey(manifest.version), noted))
      }),
    activate: (manifest) =>
      guarded(async () => {
        const replaced = await transact(db, () => {
          void db.remove(loadedRowsKey(manifest.version))
          const inUse = featureSets.current()
          if (inUse?.set.manifest.version === manifest.version) return null
          featureSets.write(manifest, inUse?.set.manifest.version ?? null)
          return inUse?.previous ?? null
        })
        if (replaced !== null && replaced !== manifest.version) await removeVersion(db, replaced)
      }),
  }
}

/** Bucket by bucket, so that no transaction holds the writers up for long. */
async function removeVersion(db: Environment, version: string): Promise<void> {
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const keys = [...db.getKeys(vectorRange(version, bucket))]
    if (keys.length > 0) await transact(db, () => keys.forEach((key) => void db.remove(key)))
  }
  await transact(db, () => void db.remove(manifestKey(version)))
}
