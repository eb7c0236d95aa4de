/** One-sided 95 %. */
const Z = 1.6448536269514722

/** With so many observations behind it a propensity is taken as it is. */
export const ENOUGH = 100

/**
 * What a propensity is held against a threshold as: where it is new, as the most that it may well be, so that nothing is
 * starved before anybody knows; itself with {@link ENOUGH} observations.
 */
export function atMost(propensity: number, observations: number): number {
  return observations >= ENOUGH ? propensity : upperBound(propensity, observations)
}

/**
 * How high a rate may well be that came out at `p` in `n` observations: the upper bound of Wilson’s score interval
 * (Wilson 1927), one-sided 95 %. 1 without any observation, `p` itself with infinitely many.
 */
export function upperBound(p: number, n: number): number {
  if (n === Number.POSITIVE_INFINITY) return p
  if (n === 0) return 1
  const z2 = Z * Z
  const middle = p + z2 / (2 * n)
  const reach = Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))
  return Math.min(1, (middle + reach) / (1 + z2 / n))
}
