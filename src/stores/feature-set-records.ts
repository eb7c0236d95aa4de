import * as z from 'zod'
import { type FeatureManifest, featureManifestSchema } from '../domain/feature-set.ts'
import type { RecordKind } from './records.ts'

const inUseSchema = z.strictObject({ current: z.string(), previous: z.string().nullable() })

/** Versions of the feature set in use and of the one before. */
export type VersionsInUse = Readonly<z.infer<typeof inUseSchema>>

export const VERSIONS_IN_USE: RecordKind<VersionsInUse> = {
  what: 'name of the feature set in use',
  parse: inUseSchema.parse,
}
export const MANIFEST: RecordKind<FeatureManifest> = {
  what: 'manifest of the feature set in use',
  parse: featureManifestSchema.parse,
}
