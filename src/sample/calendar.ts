const DAY_MS = 86_400_000
export const DAY_SECONDS = 86_400

/** Days since 1970-01-01 of a date like `2026-11-01`. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS
}

/** A day as `2026-11-01`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Seconds since 1970-01-01 as `2026-11-01T09:30:00`: shop time, hence without a zone. */
export function momentText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19)
}

/** 0 = January. */
export function monthOf(day: number): number {
  return new Date(day * DAY_MS).getUTCMonth()
}

/** 0 = Sunday. */
export function weekdayOf(day: number): number {
  return (day + 4) % 7
}

/** The sample knows what happened before this day (00:00) and nothing after. */
export const AS_OF = dayOf('2026-11-01')
/** First day of the order lines. */
export const ORDERS_FROM = dayOf('2024-11-01')
/** First day of the past contacts. */
export const CONTACTS_FROM = dayOf('2026-05-01')
