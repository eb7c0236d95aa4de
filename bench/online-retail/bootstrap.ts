import type { PerCustomer } from './measures.ts'

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** One figure of a method over weighted customers; `weight[b]` says how often customer b was drawn. */
export type Figure = (method: PerCustomer, weight: ArrayLike<number>) => number

export const FIGURES = {
  hit1: ratio(
    (m, b) => m.hit1[b]!,
    (m, b) => m.buyer[b]!,
  ),
  hit5: ratio(
    (m, b) => m.hit5[b]!,
    (m, b) => m.buyer[b]!,
  ),
  hit1OfAll: ratio(
    (m, b) => m.hit1[b]!,
    () => 1,
  ),
  hit5OfAll: ratio(
    (m, b) => m.hit5[b]!,
    () => 1,
  ),
} as const satisfies Record<string, Figure>

/** Log loss a pair, for customers with `actions` pairs each. */
export function lossOf(actions: number): Figure {
  return ratio(
    (m, b) => m.loss[b]!,
    () => actions,
  )
}

function ratio(
  above: (m: PerCustomer, b: number) => number,
  below: (m: PerCustomer, b: number) => number,
): Figure {
  return (method, weight) => {
    let over = 0
    let under = 0
    for (let b = 0; b < weight.length; b++) {
      over += weight[b]! * above(method, b)
      under += weight[b]! * below(method, b)
    }
    return over / under
  }
}

/** How often each of `customers` is drawn, in each of `times` resamples with replacement (Efron 1979). Seeded. */
export function resamples(customers: number, times: number, seed: number): Uint16Array[] {
  const next = mulberry32(seed)
  return Array.from({ length: times }, () => {
    const weight = new Uint16Array(customers)
    for (let i = 0; i < customers; i++) weight[Math.floor(next() * customers)]!++
    return weight
  })
}

/** Percentile interval (2.5 % to 97.5 %) of a figure, or with `against` of the paired difference method − against. */
export function interval(
  figure: Figure,
  draws: readonly Uint16Array[],
  method: PerCustomer,
  against?: PerCustomer,
): Interval {
  const of = (weight: ArrayLike<number>) =>
    figure(method, weight) - (against === undefined ? 0 : figure(against, weight))
  const sorted = Float64Array.from(draws, of).sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return { value: of(new Uint8Array(method.buyer.length).fill(1)), low: at(0.025), high: at(0.975) }
}

/** A small seeded generator of numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
