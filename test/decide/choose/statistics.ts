/** How many standard deviations a count is from what a probability expects. */
export function deviations(count: number, n: number, p: number): number {
  return Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p))
}

/** A count may be this far from what is expected: by chance it happens once in 150,000 times. */
export const TOO_FAR = 4.5

/** Of counts that should all be the same, in standard deviations of a chi-square of so many cells. */
export function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const square = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return Math.abs(square - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1))
}

/** Pearson’s correlation, in standard deviations of what independent pairs show. */
export function dependence(pairs: readonly (readonly [number, number])[]): number {
  const n = pairs.length
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0]
  for (const [a, b] of pairs) {
    x += a
    y += b
    xx += a * a
    yy += b * b
    xy += a * b
  }
  const covariance = xy / n - (x / n) * (y / n)
  const spread = Math.sqrt((xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2))
  return Math.abs(covariance / spread) * Math.sqrt(n)
}

/** Numbers in (0, 1), always the same ones for a seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (((word ^ (word >>> 14)) >>> 0) + 0.5) / 2 ** 32
  }
}
