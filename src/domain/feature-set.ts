import * as z from 'zod'
import { sha256Hex } from './canonical-json.ts'
import { decodeF16, encodeF16 } from './float16.ts'

/** How one feature is kept in a packed vector: 1, 2 or 4 bytes. */
export const STORAGES = ['u8', 'f16', 'f32'] as const
export type Storage = (typeof STORAGES)[number]
const BYTES: Record<Storage, number> = { u8: 1, f16: 2, f32: 4 }
/** The largest finite value of each storage. */
const LARGEST: Record<Storage, number> = { u8: 255, f16: 65504, f32: 3.4028234663852886e38 }

/** A feature's name must be an identifier, so that a rule can say `features.recency_days`. */
export const FEATURE_NAME = /^[a-z][a-z0-9_]{0,127}$/

export const featureSpecSchema = z.strictObject({
  name: z.string().regex(FEATURE_NAME).describe('identifier: lower-case letters, digits and underscores'),
  storage: z.enum(STORAGES).describe('u8 (0–255, whole), f16 (11 bits of precision, up to 65,504) or f32'),
  unit: z.string().describe('days, orders, EUR, share, …'),
  default: z.number().describe('the value for a customer of whom nothing is known'),
  meaning: z.string().describe('one sentence for the reader of a rule or a model card'),
})
export type FeatureSpec = z.infer<typeof featureSpecSchema>

/** `manifest.json` of a feature set: what each position of the packed vector means, and as of when. */
export const featureManifestSchema = z.strictObject({
  format: z.literal('emma-features/1'),
  name: z.string().min(1).max(64),
  version: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('hash over everything else in the manifest and the data'),
  asOf: z.iso.date().describe('features know what happened before this day (00:00), and nothing after'),
  source: z.string().describe('what it was built from, and by which SQL'),
  rows: z.int().nonnegative(),
  data: z.string().describe('file name beside the manifest: .parquet, .csv or .ndjson, also .gz'),
  key: z.string().describe('the column that holds the customer id'),
  dimensions: z
    .array(z.strictObject({ name: z.string(), values: z.array(z.string()) }))
    .describe('the values (products, categories) that features were made for, in order'),
  features: z.array(featureSpecSchema).min(1).max(4096),
})
export type FeatureManifest = z.infer<typeof featureManifestSchema>

/** A manifest compiled for packing: byte offsets, positions by name, the defaults as a vector. Immutable. */
export interface FeatureSet {
  readonly manifest: FeatureManifest
  readonly indexOf: ReadonlyMap<string, number>
  readonly offsets: readonly number[]
  /** Bytes of one packed vector, header included. */
  readonly byteLength: number
  /** First 4 bytes of SHA-256 over names and storages: a vector packed by another layout is recognised by it. */
  readonly layout: number
  /** What a customer of whom nothing is known is taken for. */
  readonly defaults: Float32Array
}

const VECTOR_FORMAT = 1
/** Format byte and layout. */
const HEADER_BYTES = 5

/** Compiles a checked manifest. */
export function compileFeatureSet(manifest: FeatureManifest): FeatureSet {
  const offsets: number[] = []
  let offset = HEADER_BYTES
  for (const feature of manifest.features) {
    offsets.push(offset)
    offset += BYTES[feature.storage]
  }
  const layoutText = manifest.features.map((f) => `${f.name}:${f.storage}`).join(',')
  return {
    manifest,
    offsets,
    byteLength: offset,
    indexOf: new Map(manifest.features.map((feature, index) => [feature.name, index])),
    layout: Number.parseInt(sha256Hex(layoutText).slice(0, 8), 16),
    defaults: Float32Array.from(manifest.features, (feature) => feature.default),
  }
}

/** Why `value` cannot be kept as this feature, or null when it can. */
export function featureFault(spec: FeatureSpec, value: unknown): string | null {
  if (typeof value !== 'number') return `feature ${spec.name} is not a number`
  if (!Number.isFinite(value)) return `feature ${spec.name} is not a finite number`
  if (Math.abs(value) > LARGEST[spec.storage])
    return `feature ${spec.name} is beyond the range of ${spec.storage}`
  if (spec.storage === 'u8' && (value < 0 || !Number.isInteger(value))) {
    return `feature ${spec.name} is kept as u8 and must be a whole number from 0 to 255`
  }
  return null
}

/** Packs one vector: format byte, layout, values little-endian. Values must have passed {@link featureFault}. */
export function packVector(set: FeatureSet, values: ArrayLike<number>): Uint8Array {
  return packVectors(set, [values])[0]!
}

/** The same of many, side by side in one buffer: memory of their own for each would cost more than to pack them. */
export function packVectors(set: FeatureSet, vectors: readonly ArrayLike<number>[]): Uint8Array[] {
  const { byteLength } = set
  const bytes = new Uint8Array(byteLength * vectors.length)
  const view = new DataView(bytes.buffer)
  return vectors.map((values, i) => {
    packInto(view, i * byteLength, set, values)
    return bytes.subarray(i * byteLength, (i + 1) * byteLength)
  })
}

function packInto(view: DataView, from: number, set: FeatureSet, values: ArrayLike<number>): void {
  view.setUint8(from, VECTOR_FORMAT)
  view.setUint32(from + 1, set.layout, true)
  for (let i = 0; i < set.offsets.length; i++) {
    const at = from + set.offsets[i]!
    const value = values[i]!
    switch (set.manifest.features[i]!.storage) {
      case 'u8':
        view.setUint8(at, value)
        break
      case 'f16':
        view.setUint16(at, encodeF16(value), true)
        break
      case 'f32':
        view.setFloat32(at, value, true)
    }
  }
}

/** Unpacks one vector, or says why it is not one of this set: `format`, `length` or `layout`. */
export function unpackVector(
  set: FeatureSet,
  bytes: Uint8Array,
): Float32Array | 'format' | 'length' | 'layout' {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VECTOR_FORMAT) return 'format'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(1, true) !== set.layout) return 'layout'
  if (bytes.length !== set.byteLength) return 'length'
  const values = new Float32Array(set.offsets.length)
  for (let i = 0; i < values.length; i++) {
    const at = set.offsets[i]!
    switch (set.manifest.features[i]!.storage) {
      case 'u8':
        values[i] = view.getUint8(at)
        break
      case 'f16':
        values[i] = decodeF16(view.getUint16(at, true))
        break
      case 'f32':
        values[i] = view.getFloat32(at, true)
    }
  }
  return values
}
