import type { FeatureManifest, FeatureSpec, Storage } from '../../src/domain/feature-set.ts'

/** Of 64 features: counts, shares and days, and a few amounts: 106 bytes packed. */
const STORAGES: readonly (readonly [Storage, number])[] = [
  ['u8', 36],
  ['f16', 24],
  ['f32', 4],
]

/** `u8_0` … `u8_35`, `f16_0` … `f16_23`, `f32_0` … `f32_3`. */
export function featureSpecs(): FeatureSpec[] {
  return STORAGES.flatMap(([storage, count]) =>
    Array.from({ length: count }, (_, i): FeatureSpec => {
      const name = `${storage}_${i}`
      return { name, storage, unit: 'x', default: 0, meaning: 'made for a measurement' }
    }),
  )
}

/** What the customers of the reference shop are known by. */
export function referenceFeatures(rows: number): FeatureManifest {
  return {
    format: 'emma-features/1',
    name: 'reference',
    version: '0000000000000001',
    asOf: '2026-11-01',
    source: 'bench/reference/features.ts',
    rows,
    data: 'none.csv',
    key: 'customer',
    dimensions: [],
    features: featureSpecs(),
  }
}
