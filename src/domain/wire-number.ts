/**
 * The one rounding rule for scores on the wire: six significant digits, so that the last bits of a float,
 * which differ between processors, are not told as if they meant something.
 */
export function wireNumber(value: number): number {
  return Number(value.toPrecision(6))
}
