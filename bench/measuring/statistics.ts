export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** By nearest rank. @param share - 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export interface Ratio {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Of two competitors, round by round. */
export function ratio(above: readonly number[], below: readonly number[]): Ratio {
  const ratios = above.map((value, round) => value / below[round]!)
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}
