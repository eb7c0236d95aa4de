import { compileFeatureSet, packVectors } from '../../domain/feature-set.ts'
import type { CustomerId } from '../../domain/ids.ts'
import type { FeatureLoader, Person } from '../../ports/customer-store.ts'
import { bucketIn, vectorKey, vectorPattern } from '../keys.ts'
import { BULK, bytesIn, listIn, WRITE } from './calls.ts'
import type { FeatureSets } from './feature-sets.ts'
import type { Link } from './link.ts'
import { META } from './meta-keys.ts'
import { scanKeys } from './scan.ts'

/**
 * Rows of one round: a few megabytes, some for each bucket. Every bucket’s are a command of their own, so that a master
 * answers others in between.
 */
const ROWS_AT_ONCE = 8_000

/** Rows that were never activated are removed by the next activation when the last of them came so long ago. */
const LOADING_MS = 86_400_000

/** New vectors stand under their own version until {@link FeatureLoader.activate} names it as the one in use. */
export function makeFeatureLoader(
  link: Link,
  person: (id: CustomerId) => Person,
  featureSets: FeatureSets,
): FeatureLoader {
  return {
    async put(manifest, rows) {
      const set = compileFeatureSet(manifest)
      const { version } = manifest
      // First: whatever happens then, it is known which vectors may be there.
      await link.send(META.featureVersions, [['HSET', META.featureVersions, version, Date.now()]], WRITE)
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        const buckets = new Map<number, (string | Uint8Array)[]>()
        const some = rows.slice(from, from + ROWS_AT_ONCE)
        const vectors = packVectors(
          set,
          some.map(({ values }) => values),
        )
        for (const [i, { id }] of some.entries()) {
          const who = person(id)
          const pairs = buckets.get(who.bucket)
          if (pairs === undefined) buckets.set(who.bucket, [vectorKey(version, who), vectors[i]!])
          else pairs.push(vectorKey(version, who), vectors[i]!)
        }
        const options = { ...BULK, durable: true }
        await Promise.all(
          [...buckets.values()].map((pairs) => link.send(String(pairs[0]), [['MSET', ...pairs]], options)),
        )
      }
    },
    async loadedRows({ version }) {
      const [noted] = await link.send(META.loadedRows, [['HGET', META.loadedRows, version]], WRITE)
      return Number(bytesIn(noted) ?? 0)
    },
    async noteLoaded({ version }, rows) {
      await link.send(META.loadedRows, [['HSET', META.loadedRows, version, rows]], WRITE)
    },
    async activate(manifest) {
      await featureSets.use(manifest)
      await forgetNote(link, manifest.version)
      const inUse = await featureSets.read()
      const kept = new Set([inUse?.set.manifest.version, inUse?.previous])
      const [versions] = await link.send(META.featureVersions, [['HGETALL', META.featureVersions]], WRITE)
      for (const [version, lastRows] of pairsOf(listIn(versions).map(String)))
        if (!kept.has(version) && Date.now() - Number(lastRows) > LOADING_MS)
          await removeVersion(link, version)
    },
  }
}

async function forgetNote(link: Link, version: string): Promise<void> {
  await link.send(META.loadedRows, [['HDEL', META.loadedRows, version]], WRITE)
}

async function removeVersion(link: Link, version: string): Promise<void> {
  // First: what is noted as in must be there.
  await forgetNote(link, version)
  await scanKeys(link, vectorPattern(version), async (keys) => {
    const buckets = new Map<number, string[]>()
    for (const key of keys) buckets.set(bucketIn(key), [...(buckets.get(bucketIn(key)) ?? []), key])
    await Promise.all([...buckets.values()].map((of) => link.send(of[0]!, [['UNLINK', ...of]], BULK)))
    return true
  })
  // Last: as long as it is named, the next activation removes what was left.
  await link.send(
    META.manifests,
    [
      ['HDEL', META.manifests, version],
      ['HDEL', META.featureVersions, version],
    ],
    WRITE,
  )
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!])
}
