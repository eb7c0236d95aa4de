/** Draws from a Beta distribution with both parameters from 1 (Marsaglia & Tsang 2000, twice). */
export function drawBeta(a: number, b: number, random: () => number): number {
  if (b === 0) return 1
  const [x, y] = [drawGamma(a, random), drawGamma(b, random)]
  return x / (x + y)
}

function drawGamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
    const v = (1 + c * normal) ** 3
    if (v <= 0) continue
    if (Math.log(random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Distribution function of Beta: the regularised incomplete beta function, by Lentz’s continued fraction. */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a)
  const lnFront = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  return (Math.exp(lnFront) / a) * continuedFraction(x, a, b)
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 20_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d)
      c = 1 + term / c
      change = c * d
      value *= change
    }
    if (Math.abs(change - 1) < 1e-13) break
  }
  return value
}

/** ln of the gamma function: Stirling’s series, from 10 upward. */
function lnGamma(x: number): number {
  let [z, below] = [x, 0]
  for (; z < 10; z++) below += Math.log(z)
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - below
}
