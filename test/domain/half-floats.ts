/** Every finite binary16 that is not negative, in rising order, written down without looking at bits: index is code. */
export const HALF_FLOATS: readonly number[] = [
  ...Array.from({ length: 1024 }, (_, m) => m * 2 ** -24),
  ...Array.from({ length: 30 }, (_, e) => e - 14).flatMap((e) =>
    Array.from({ length: 1024 }, (_, m) => 2 ** e + m * 2 ** (e - 10)),
  ),
]

const LARGEST = 65504
/** Half a step above the largest: from here on it is nearer to infinity, whose code is even. */
const OVERFLOW = 65520

/** The half float nearest to `value`, the one with the even code when two are equally near, by looking it up. */
export function nearestHalf(value: number): number {
  const size = Math.abs(value)
  const sign = value < 0 || Object.is(value, -0) ? -1 : 1
  if (size >= OVERFLOW) return sign * Number.POSITIVE_INFINITY
  if (size >= LARGEST) return sign * LARGEST
  let [low, high] = [0, HALF_FLOATS.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (HALF_FLOATS[middle]! <= size) low = middle
    else high = middle
  }
  const [below, above] = [size - HALF_FLOATS[low]!, HALF_FLOATS[high]! - size]
  const code = below < above || (below === above && low % 2 === 0) ? low : high
  return sign * HALF_FLOATS[code]!
}
