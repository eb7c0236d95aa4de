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
  return (name) => {
    const index = featureSet.indexOf.get(name)
    return index === undefined ? undefined : told(vector[index]!)
  }
}

/** The shortest decimal of the same float; most features are whole or have few digits, and are told without a text. */
function told(value: number): number {
  if (Number.isInteger(value)) return value
  const rounded = Math.round(value * 10_000) / 10_000
  return Math.fround(rounded) === value ? rounded : shortestFloat32(value)
}
