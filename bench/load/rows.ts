/** Rows of features ready in memory: the same customers, and values of the same kinds, for the same arguments. */
import type { FeatureManifest } from '../../src/domain/feature-set.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import type { FeatureRow } from '../../src/ports/customer-store.ts'

export function makeRows({ features }: FeatureManifest, count: number): FeatureRow[] {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: count }, (_, i) => ({
    id: `customer-${i}` as CustomerId,
    values: Float64Array.from(features, ({ storage }) => {
      if (storage === 'u8') return Math.floor(next() * 256)
      return storage === 'f16' ? Math.round(next() * 1000) / 1000 : Math.round(next() * 1e6) / 100
    }),
  }))
}
