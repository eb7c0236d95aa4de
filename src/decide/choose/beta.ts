/** A Beta distribution over a propensity, by its two parameters. */
export interface Beta {
  readonly a: number
  readonly b: number
}

/** More observations than anybody has: a model whose word is taken. */
const CERTAIN = 1e12

/**
 * What is believed of a propensity that is told as `p` with `n` observations behind it: mean `p`, and the weight of the
 * observations on top of the widest belief that has one peak: Beta(1, 99) for a hundredth, Beta(1, 1) for a half.
 * @param p - above 0, at most 1
 */
export function beliefIn(p: number, n: number): Beta {
  const widest = Math.min(CERTAIN, 1 / Math.min(p, 1 - p))
  const weight = widest + Math.min(CERTAIN, n)
  return { a: p * weight, b: (1 - p) * weight }
}

/** ln of a probability: nothing is less likely than this. */
export const LEAST = -60

/**
 * ln of the distribution function, from {@link LEAST} to 0, by the normal approximation 26.5.22 of Abramowitz & Stegun:
 * absolute error below 0.0125 for `a` and `b` from 1. Chances are drawn from what comes out here, so its error biases
 * nothing.
 */
export function lnBelow(x: number, { a, b }: Beta): number {
  if (x >= 1 || b === 0) return x >= 1 ? 0 : LEAST
  const w1 = Math.cbrt(b * x)
  const w2 = Math.cbrt(a * (1 - x))
  const y = (3 * (w1 * (1 - 1 / (9 * b)) - w2 * (1 - 1 / (9 * a)))) / Math.sqrt((w1 * w1) / b + (w2 * w2) / a)
  return Math.max(LEAST, lnNormal(y))
}

/** ln of the standard normal distribution function: Chebyshev fit of erfc, relative error below 1.2e-7 (Press et al., Numerical Recipes, 6.2). */
function lnNormal(y: number): number {
  const z = Math.abs(y) * Math.SQRT1_2
  const t = 1 / (1 + 0.5 * z)
  let sum = 0
  for (let i = FIT.length - 1; i >= 0; i--) sum = sum * t + FIT[i]!
  const lnTail = Math.log(0.5 * t) - z * z + sum
  return y <= 0 ? lnTail : Math.log1p(-Math.exp(lnTail))
}

const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
] as const
