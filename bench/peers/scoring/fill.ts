import { Redis } from 'ioredis'
import { compileFeatureSet, packVector, unpackVector } from '../../../src/domain/feature-set.ts'
import { GROUPS } from '../../reference/catalogue.ts'
import { rowsOf } from '../../reference/customers.ts'
import { referenceFeatures } from '../../reference/features.ts'
import { actions } from '../straight/catalogue.ts'

const AT_ONCE = 1000

/**
 * The features of every customer as packed float32, and what the model reads of the actions under one key. The values are
 * those that Emma keeps (most of them rounded to 11 bits), so that both score the same numbers.
 */
export async function fillScoring(url: string, { customers }: { readonly customers: number }): Promise<void> {
  const redis = new Redis(url)
  const manifest = referenceFeatures(customers)
  const set = compileFeatureSet(manifest)
  const rows = rowsOf(manifest, customers)
  try {
    await redis.set('actions', JSON.stringify(actions.map(toAction)))
    for (let from = 0; from < customers; from += AT_ONCE) {
      const pipeline = redis.pipeline()
      for (const { id, values } of rows.slice(from, from + AT_ONCE)) {
        const kept = unpackVector(set, packVector(set, values)) as Float32Array
        pipeline.set(`features:${id}`, Buffer.from(kept.buffer))
      }
      for (const [error] of (await pipeline.exec())!) if (error !== null) throw error
    }
  } finally {
    redis.disconnect()
  }
}

/** In the order of the model’s columns. */
function toAction({ id, group, attributes }: (typeof actions)[number]) {
  const { price, margin, popularity, novelty, category } = attributes
  const groups = Array.from({ length: GROUPS }, (_, i) => (i === group ? 1 : 0))
  return { id, columns: [price, margin, popularity, novelty, ...groups], category: Number(category) }
}
