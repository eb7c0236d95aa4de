import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileFeatureSet,
  type FeatureManifest,
  type FeatureSpec,
  featureFault,
  featureManifestSchema,
  packVector,
  STORAGES,
  type Storage,
  unpackVector,
} from '../../src/domain/feature-set.ts'
import { nearestHalf } from './half-floats.ts'

const spec = (name: string, storage: Storage): FeatureSpec => ({
  name,
  storage,
  unit: 'orders',
  default: 0,
  meaning: 'how many',
})

const manifest = (features: FeatureSpec[]): FeatureManifest => ({
  format: 'emma-features/1',
  name: 'shop',
  version: '0123456789abcdef',
  asOf: '2026-11-01',
  source: 'by hand',
  rows: 1,
  data: 'features.csv',
  key: 'customer',
  dimensions: [],
  features,
})

const set = compileFeatureSet(manifest([spec('orders', 'u8'), spec('value', 'f16'), spec('days', 'f32')]))

/** What may be kept, by storage, and what it is kept as. */
const VALUES: Record<Storage, { any: fc.Arbitrary<number>; kept: (value: number) => number }> = {
  u8: { any: fc.integer({ min: 0, max: 255 }), kept: (value) => value },
  f16: { any: fc.double({ min: -65504, max: 65504, noNaN: true }), kept: nearestHalf },
  f32: { any: fc.float({ noNaN: true, noDefaultInfinity: true }), kept: Math.fround },
}

const anyFeature = fc
  .constantFrom(...STORAGES)
  .chain((storage) => VALUES[storage].any.map((value) => ({ storage, value })))

describe('a packed vector', () => {
  it('gives back every value as exactly as its storage can, for any manifest', () => {
    fc.assert(
      fc.property(fc.array(anyFeature, { minLength: 1, maxLength: 40 }), (features) => {
        const any = compileFeatureSet(manifest(features.map(({ storage }, i) => spec(`f${i}`, storage))))
        const packed = packVector(
          any,
          features.map(({ value }) => value),
        )
        expect(packed).toHaveLength(any.byteLength)
        expect(unpackVector(any, packed)).toEqual(
          Float32Array.from(features, ({ storage, value }) => VALUES[storage].kept(value)),
        )
      }),
    )
  })

  it('takes 1, 2 or 4 bytes a value and 5 for its header', () => {
    expect(set.byteLength).toBe(5 + 1 + 2 + 4)
    expect(set.offsets).toEqual([5, 6, 8])
  })

  it('looks the same on every machine: format, layout and values little-endian', () => {
    const packed = Buffer.from(packVector(set, [7, 1.5, -2]))
    expect(packed[0]).toBe(1)
    expect(packed.readUInt32LE(1)).toBe(set.layout)
    expect(packed.subarray(5).toString('hex')).toBe('07003e000000c0')
  })

  it('is found inside a larger buffer too', () => {
    const larger = Buffer.concat([Buffer.from('xyz'), packVector(set, [1, 2, 3])])
    expect(unpackVector(set, larger.subarray(3))).toEqual(Float32Array.of(1, 2, 3))
  })

  it('tells another format, another layout and another length apart', () => {
    const packed = packVector(set, [1, 2, 3])
    const otherFormat = packed.slice()
    otherFormat[0] = 2
    expect(unpackVector(set, otherFormat)).toBe('format')
    expect(unpackVector(set, packed.subarray(0, 4))).toBe('format')
    expect(unpackVector(set, new Uint8Array(0))).toBe('format')
    expect(unpackVector(set, packed.subarray(0, 11))).toBe('length')
    expect(unpackVector(set, Uint8Array.of(...packed, 0))).toBe('length')
    for (const features of [
      [spec('orders', 'u8'), spec('value', 'f16'), spec('weeks', 'f32')],
      [spec('value', 'f16'), spec('orders', 'u8'), spec('days', 'f32')],
      [spec('orders', 'f16'), spec('value', 'u8'), spec('days', 'f32')],
    ]) {
      expect(unpackVector(compileFeatureSet(manifest(features)), packed)).toBe('layout')
    }
  })

  it('is read by a newer set with the same names and storages', () => {
    const newer = compileFeatureSet({ ...set.manifest, version: 'f'.repeat(16), asOf: '2026-12-01' })
    expect(unpackVector(newer, packVector(set, [1, 2, 3]))).toEqual(Float32Array.of(1, 2, 3))
  })
})

describe('a compiled feature set', () => {
  it('knows each feature’s place and what a stranger is taken for', () => {
    const compiled = compileFeatureSet(
      manifest([spec('orders', 'u8'), { ...spec('recency', 'f32'), default: 365 }]),
    )
    expect([...compiled.indexOf]).toEqual([
      ['orders', 0],
      ['recency', 1],
    ])
    expect(compiled.defaults).toEqual(Float32Array.of(0, 365))
  })
})

describe('a value that cannot be kept', () => {
  it.each<[Storage, unknown, RegExp]>([
    ['f32', Number.NaN, /not a finite number/],
    ['f32', Number.POSITIVE_INFINITY, /not a finite number/],
    ['f16', Number.NEGATIVE_INFINITY, /not a finite number/],
    ['f32', '7', /not a number/],
    ['f32', null, /not a number/],
    ['f32', undefined, /not a number/],
    ['f32', 7n, /not a number/],
    ['f32', 3.5e38, /beyond the range of f32/],
    ['f16', 65505, /beyond the range of f16/],
    ['f16', -65505, /beyond the range of f16/],
    ['u8', 256, /beyond the range of u8/],
    ['u8', -1, /whole number from 0 to 255/],
    ['u8', 1.5, /whole number from 0 to 255/],
  ])('is named with its feature: %s %s', (storage, value, sentence) => {
    expect(featureFault(spec('returns_rate', storage), value)).toMatch(sentence)
    expect(featureFault(spec('returns_rate', storage), value)).toContain('returns_rate')
  })

  it.each<[Storage, number]>([
    ['u8', 0],
    ['u8', 255],
    ['f16', 65504],
    ['f16', -65504],
    ['f16', 1e-9],
    ['f32', 3.4028234663852886e38],
    ['f32', -0],
  ])('is none at the edge: %s %d', (storage, value) => {
    expect(featureFault(spec('returns_rate', storage), value)).toBeNull()
  })
})

describe('the manifest of a feature set', () => {
  const good = manifest([spec('orders', 'u8')])
  const faulty = (change: object) => featureManifestSchema.safeParse({ ...good, ...change }).success

  it('is accepted as it is written', () => {
    expect(featureManifestSchema.parse(good)).toEqual(good)
  })

  it.each([
    ['a name that a rule cannot say', { features: [spec('returns-rate', 'u8')] }],
    ['an unknown storage', { features: [{ ...spec('orders', 'u8'), storage: 'f64' }] }],
    ['no features', { features: [] }],
    ['another format', { format: 'emma-features/2' }],
    ['a version that is no hash', { version: 'latest' }],
    ['a day that does not exist', { asOf: '2026-02-30' }],
    ['a key it does not know', { owner: 'me' }],
  ])('refuses %s', (_, change) => {
    expect(faulty(change)).toBe(false)
  })
})
