/**
 * A seeded source of whole numbers: sfc32, 32-bit integer arithmetic only, so every machine draws the same.
 * Every customer has streams of their own; drawing more for one changes nothing for another.
 */
export interface Random {
  /** A whole number from 0 to `bound` - 1; `bound` at most 2^32. The bias of the remainder is far below the sample's noise. */
  below(bound: number): number
  /** True in `parts` of `whole` cases. */
  chance(parts: number, whole: number): boolean
  /** An index into `weights` (whole numbers, not all zero), as often as its weight says. */
  weighted(weights: readonly number[]): number
  /** One of `items`, each as often as any other. */
  oneOf<T>(items: readonly T[]): T
}

/** The random source of one seed and stream, both whole numbers. */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0
  let b = stream | 0
  let c = 0x9e3779b9 | 0
  let counter = 1

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }

  function below(bound: number): number {
    return next() % bound
  }

  // Neighbouring seeds look alike in the first draws.
  for (let i = 0; i < 15; i++) next()

  return {
    below,
    chance: (parts, whole) => below(whole) < parts,
    weighted(weights) {
      let rest = below(weights.reduce((sum, weight) => sum + weight, 0))
      return weights.findIndex((weight) => {
        rest -= weight
        return rest < 0
      })
    },
    oneOf: (items) => items[below(items.length)]!,
  }
}
