/**
 * The one rounding rule for scores on the wire: five significant digits. The last bits of a float differ between
 * processors; told, they would make the same decision look different on another machine.
 */
export function wireNumber(value: number): number {
  return Number(value.toPrecision(5))
}

/** A chance, where it is known. */
export function wireChance(chance: number | null): number | null {
  return chance === null ? null : wireNumber(chance)
}

/** Money as it is told: what was written comes back as it was, what a rule came to without the dust of its floats. */
export function moneyNumber(value: number): number {
  return Number(value.toPrecision(12))
}

/** A stored 32-bit float as the shortest decimal that reads back as the same float: 0.1, not 0.10000000149011612. */
export function shortestFloat32(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
