const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A positive whole number and its unit: `30s`, `30m`, `24h`, `7d`, `2w`. A day has 24 hours. */
export const DURATION_PATTERN = /^[1-9]\d*[smhdw]$/

/** Ten years of 365 days: longer is a slip of the pen. */
export const LONGEST_DURATION_MS = 3_650 * 86_400_000

/**
 * Milliseconds of a duration as it is written.
 * @throws RangeError for a text that is no duration; what comes from a checked document never is.
 */
export function durationMs(text: string): number {
  const unit = DURATION_PATTERN.test(text) ? UNITS[text.slice(-1)] : undefined
  if (unit === undefined) throw new RangeError('a duration is like 30s, 30m, 24h, 7d or 2w')
  return Number(text.slice(0, -1)) * unit
}
