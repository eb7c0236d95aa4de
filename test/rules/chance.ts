/** Repeatable chance. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number
  below(limit: number): number
  odds(probability: number): boolean
  pick<Element>(from: readonly Element[]): Element
}

/** Mulberry32: the same seed gives the same numbers. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    odds: (probability) => next() < probability,
    pick: (from) => from[below(from.length)]!,
  }
}
