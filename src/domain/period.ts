import { DAY_MS } from './contact.ts'
import { localTime } from './local-time.ts'

export type CalendarPeriod = 'day' | 'week' | 'month'

/** A day, an ISO week or a month by the clock of a zone. Epoch milliseconds; `endsAt` is the first moment after it. */
export interface Period {
  /** `2026-11-29`, `2026-W48` or `2026-11`. */
  readonly name: string
  readonly startsAt: number
  readonly endsAt: number
}

/** Periods that were worked out, by their length, their zone and a UTC day that they share a moment with. */
const known = new Map<string, readonly Period[]>()
/** More than contacts can be planned ahead, by days, weeks and months. */
const MOST_KNOWN = 2000

/**
 * The period that a moment (epoch milliseconds) lies in: every moment lies in exactly one of each length.
 * @throws RangeError for a zone that the runtime does not know; catalogues are checked for it.
 */
export function periodAt(per: CalendarPeriod, at: number, timeZone: string): Period {
  const key = `${per} ${timeZone} ${Math.floor(at / DAY_MS)}`
  const near = known.get(key) ?? []
  const found = near.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt)
  if (found !== undefined) return found
  const period = workedOut(per, at, timeZone)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(key, [...near, period])
  return period
}

function workedOut(per: CalendarPeriod, at: number, timeZone: string): Period {
  const day = dayOf(at, timeZone)
  const [name, first, next] = spanOf(per, day)
  return { name, startsAt: startOf(first, timeZone), endsAt: startOf(next, timeZone) }
}

/** The name of the period that a day lies in, its first day and the first day of the next. Days since 1970-01-01. */
function spanOf(per: CalendarPeriod, day: number): readonly [string, number, number] {
  const date = new Date(day * DAY_MS)
  if (per === 'day') return [dateText(date), day, day + 1]
  if (per === 'month') {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
    return [dateText(date).slice(0, -3), Date.UTC(year, month) / DAY_MS, Date.UTC(year, month + 1) / DAY_MS]
  }
  const monday = day - ((date.getUTCDay() + 6) % 7)
  // A week is of the year that its Thursday is in.
  const year = new Date((monday + 3) * DAY_MS).getUTCFullYear()
  const week = Math.floor((monday + 3 - Date.UTC(year, 0) / DAY_MS) / 7) + 1
  return [`${year}-W${String(week).padStart(2, '0')}`, monday, monday + 7]
}

function dateText(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** The day that a moment lies in. Where a clock goes back over midnight the day that began stays. */
function dayOf(at: number, timeZone: string): number {
  let day = Date.parse(localTime(at, timeZone).day) / DAY_MS
  while (at >= startOf(day + 1, timeZone)) day++
  while (at < startOf(day, timeZone)) day--
  return day
}

const MINUTE_MS = 60_000
/** No zone is further from UTC. */
const FURTHEST_MINUTES = 16 * 60

/** The first moment of a day by the clock of a zone; of a day that a zone left out, that of the next. */
function startOf(day: number, timeZone: string): number {
  const date = dateText(new Date(day * DAY_MS))
  let [before, from] = [-FURTHEST_MINUTES, FURTHEST_MINUTES]
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2)
    if (localTime(day * DAY_MS + middle * MINUTE_MS, timeZone).day < date) before = middle
    else from = middle
  }
  return day * DAY_MS + from * MINUTE_MS
}
