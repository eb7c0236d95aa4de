import { z } from 'zod'
import {
  compileFeatureSet,
  type FeatureManifest,
  type FeatureSet,
  featureManifestSchema,
} from '../../domain/feature-set.ts'
import type { Environment } from './environment.ts'
import { META } from './keys.ts'

const recordSchema = z.object({ current: featureManifestSchema, previous: z.string().nullable() })

/** Which feature set is in use, and which came before it. */
export interface InUse {
  readonly set: FeatureSet
  readonly previous: string | null
}

/**
 * The feature set in use, read from the store at every call (a microsecond) so that a switch made by any process
 * holds at once, and compiled only when it has changed.
 */
export function makeFeatureSets(db: Environment) {
  let bytes: Uint8Array | undefined
  let inUse: InUse | null = null
  return {
    current(): InUse | null {
      const now = db.get(META.featureSet)
      if (now === undefined) return null
      if (bytes === undefined || Buffer.compare(now, bytes) !== 0) {
        inUse = decode(now)
        bytes = now
      }
      return inUse
    },
    /** Inside a transaction only. */
    write(current: FeatureManifest, previous: string | null): void {
      void db.put(META.featureSet, Buffer.from(JSON.stringify({ current, previous })))
    },
  }
}

function decode(bytes: Uint8Array): InUse {
  const { current, previous } = recordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  return { set: compileFeatureSet(current), previous }
}
