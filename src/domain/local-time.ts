/** Wall-clock parts of a moment in a zone. `weekday` 0 = Sunday; `day` as yyyy-mm-dd. */
export interface LocalTime {
  readonly hour: number
  readonly minute: number
  readonly weekday: number
  readonly day: string
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MINUTE_MS = 60_000
const formatters = new Map<string, Intl.DateTimeFormat>()
/** The minute that was asked for last in each zone: most decisions are about now, and the calendar is slow. */
const latest = new Map<string, { readonly minute: number; readonly local: LocalTime }>()

/** @throws RangeError for a zone that the runtime does not know; catalogues and customers are checked for it. */
export function localTime(epochMs: number, timeZone: string): LocalTime {
  const minute = Math.floor(epochMs / MINUTE_MS)
  const known = latest.get(timeZone)
  if (known?.minute === minute) return known.local
  const local = worked(epochMs, timeZone)
  latest.set(timeZone, { minute, local })
  return local
}

function worked(epochMs: number, timeZone: string): LocalTime {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      weekday: 'short',
    })
    formatters.set(timeZone, formatter)
  }
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  for (const { type, value } of formatter.formatToParts(epochMs)) parts[type] = value
  return {
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    weekday: WEEKDAYS.indexOf(parts.weekday!),
    day: `${parts.year}-${parts.month}-${parts.day}`,
  }
}

/** The minute of the day by the clock of a zone, 0–1439. */
export function minuteOfDay(epochMs: number, timeZone: string): number {
  const { hour, minute } = localTime(epochMs, timeZone)
  return hour * 60 + minute
}
