import * as z from 'zod'
import {
  compileFeatureSet,
  type FeatureManifest,
  type FeatureSet,
  featureManifestSchema,
} from '../../domain/feature-set.ts'
import { META, manifestKey } from '../keys.ts'
import type { Environment } from './environment.ts'

const pointerSchema = z.strictObject({ current: z.string(), previous: z.string().nullable() })

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
        const { current, previous } = pointerSchema.parse(fromJson(pointer))
        const manifest = featureManifestSchema.parse(fromJson(db.get(manifestKey(current))!))
        inUse = { set: compileFeatureSet(manifest), previous }
        known = pointer
      }
      return inUse
    },
    /** Inside a transaction only. */
    write(current: FeatureManifest, previous: string | null): void {
      void db.put(manifestKey(current.version), toJson(current))
      void db.put(META.featureSet, toJson({ current: current.version, previous }))
    },
  }
}

function fromJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}

function toJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}
