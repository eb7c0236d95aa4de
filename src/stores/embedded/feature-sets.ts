import { compileFeatureSet, type FeatureManifest, type FeatureSet } from '../../domain/feature-set.ts'
import { MANIFEST, VERSIONS_IN_USE } from '../feature-set-records.ts'
import { META, manifestKey } from '../keys.ts'
import { damaged, fromBytes, toBytes } from '../records.ts'
import type { Environment } from './environment.ts'

/** Which feature set is in use, and which came before it. */
export interface InUse {
  readonly set: FeatureSet
  readonly previous: string | null
}

/**
 * The feature set in use. A pointer of some fifty bytes is read from the store at every call, so that a switch made by
 * any process holds at once; the manifest, which may have a hundred thousand, only when the pointer has changed.
 */
export function makeFeatureSets(db: Environment) {
  let known: Uint8Array | undefined
  let inUse: InUse | null = null
  return {
    current(): InUse | null {
      const pointer = db.get(META.featureSet)
      if (pointer === undefined) return null
      if (known === undefined || Buffer.compare(pointer, known) !== 0) {
        const { current, previous } = fromBytes(VERSIONS_IN_USE, pointer)
        const bytes = db.get(manifestKey(current))
        if (bytes === undefined) throw damaged(MANIFEST.what)
        const manifest = fromBytes(MANIFEST, bytes)
        inUse = { set: compileFeatureSet(manifest), previous }
        known = pointer
      }
      return inUse
    },
    /** Inside a transaction only. */
    write(current: FeatureManifest, previous: string | null): void {
      void db.put(manifestKey(current.version), toBytes(current))
      void db.put(META.featureSet, toBytes({ current: current.version, previous }))
    },
  }
}
