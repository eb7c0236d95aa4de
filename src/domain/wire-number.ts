/**
 * The one rounding rule for scores on the wire: five significant digits. The last bits of a float differ between
 * processors; told, they would make the same decision look different on another machine.
 */
export function wireNumber(value: number): number {
  return rounded(value, 5) ?? Number(value.toPrecision(5))
}

/** A chance, where it is known. */
export function wireChance(chance: number | null): number | null {
  return chance === null ? null : wireNumber(chance)
}

/** Money as it is told: what was written comes back as it was, what a rule came to without the dust of its floats. */
export function moneyNumber(value: number): number {
  return rounded(value, 12) ?? Number(value.toPrecision(12))
}

/** Exact as floats. */
const TENS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/**
 * The same without a text, a tenth of the time. A whole number divided by an exact power of ten is the float nearest to the
 * decimal, as is what is read from its digits. Null where the product is too near to the middle between two of them to be
 * sure which, and where the power is none of these.
 */
function rounded(value: number, digits: number): number | null {
  const exponent = digits - 1 - Math.floor(Math.log10(value))
  const power = TENS[exponent]
  if (power === undefined) return null
  const product = value * power
  const whole = Math.round(product)
  const isSure = Math.abs(Math.abs(product - whole) - 0.5) > 1e-3
  return isSure && whole >= TENS[digits - 1]! && whole < TENS[digits]! ? whole / power : null
}

/** A stored 32-bit float as the shortest decimal that reads back as the same float: 0.1, not 0.10000000149011612. */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
