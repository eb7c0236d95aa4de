import type { Situation } from '../domain/situation.ts'
import { shortestFloat32 } from '../domain/wire-number.ts'

/**
 * Features by name as rules see them: as they are told, so that a stored 0.6 is 0.6 and not 0.60000002. Undefined where
 * the feature set has none of this name, or none is loaded.
 */
export function readFeature({
  featureSet,
  customer: { vector },
}: Pick<Situation, 'featureSet' | 'customer'>): (name: string) => number | undefined {
  if (featureSet === null || vector === null) return () => undefined
  const { indexOf } = featureSet
  // A hundred rules read a dozen features.
  const known: (number | undefined)[] = new Array(vector.length)
  return (name) => {
    const index = indexOf.get(name)
    if (index === undefined) return undefined
    let value = known[index]
    if (value === undefined) {
      value = told(vector[index]!)
      known[index] = value
    }
    return value
  }
}

/** Customers share values: most features are counts, shares of a few digits, and days. */
const MOST_TOLD = 16_384
const toldBefore = new Map<number, number>()

/** The shortest decimal of the same float; most features are whole or have few digits, and are told without a text. */
function told(value: number): number {
  if (Number.isInteger(value)) return value
  const rounded = Math.round(value * 10_000) / 10_000
  if (Math.fround(rounded) === value) return rounded
  let shortest = toldBefore.get(value)
  if (shortest === undefined) {
    shortest = shortestFloat32(value)
    if (toldBefore.size === MOST_TOLD) toldBefore.clear()
    toldBefore.set(value, shortest)
  }
  return shortest
}
