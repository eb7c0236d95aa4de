import type { QuietHours } from '../../domain/catalogue.ts'
import { minuteOfDay } from '../../domain/local-time.ts'
import { reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Tier } from '../../domain/tier.ts'
import { OPEN_GATE, type TimeGate, timeGate } from './time-gate.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440
/** Zones may hand the night from one to the next; after four days they always will. */
const LONGEST_WAIT_MS = 4 * DAY_MINUTES * MINUTE_MS

/** The quiet hours of the request’s channel by the clock of the person. Made once per request. */
export function makeQuiet(situation: Situation): (tier: Tier) => TimeGate {
  const { catalogue, request, contactAt, standing } = situation
  const { quietHours } = catalogue.channels.get(request.channel)!
  if (quietHours === undefined) return () => OPEN_GATE
  const { timeZone } = standing.preferences
  const zones = timeZone === undefined ? quietHours.timeZones : [timeZone]
  const quietIn = zones.find((zone) => isQuiet(quietHours, contactAt, zone))
  const refusal =
    quietIn === undefined
      ? null
      : reason('quiet_hours', {
          channel: request.channel,
          opens: clock(quietHours.from),
          closes: clock(quietHours.to),
          zone: quietIn,
        })
  const gate = timeGate(refusal, (at) => awakeFrom(quietHours, at, zones))
  return (tier) => (quietHours.except.has(tier) ? OPEN_GATE : gate)
}

/** Whether the clock of a zone shows quiet hours. */
export function isQuiet({ from, to }: Pick<QuietHours, 'from' | 'to'>, at: number, zone: string): boolean {
  const minute = minuteOfDay(at, zone)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The first moment from `at` on at which it is quiet in none of the zones; null when that never comes. */
export function awakeFrom(
  hours: Pick<QuietHours, 'from' | 'to'>,
  at: number,
  zones: readonly string[],
): number | null {
  let moment = at
  while (moment - at <= LONGEST_WAIT_MS) {
    const quietIn = zones.find((zone) => isQuiet(hours, moment, zone))
    if (quietIn === undefined) return moment
    moment = endOfQuiet(hours, moment, quietIn)
  }
  return null
}

/**
 * The first moment after a quiet one at which the clock of the zone shows none. Minutes are counted up to the end, but
 * no further than to where the clock jumps: there it may show what it would have come to, or something else.
 */
function endOfQuiet(hours: Pick<QuietHours, 'from' | 'to'>, at: number, zone: string): number {
  let moment = Math.floor(at / MINUTE_MS) * MINUTE_MS
  while (isQuiet(hours, moment, zone)) {
    const minutes = (hours.to - minuteOfDay(moment, zone) + DAY_MINUTES) % DAY_MINUTES
    moment = jumpWithin(moment, minutes, zone) ?? moment + minutes * MINUTE_MS
  }
  return moment
}

/** The first minute at which the clock of a zone is not where counting minutes leads; null when it always is. */
function jumpWithin(start: number, minutes: number, zone: string): number | null {
  const shown = minuteOfDay(start, zone)
  const isOff = (later: number) =>
    minuteOfDay(start + later * MINUTE_MS, zone) !== (shown + later) % DAY_MINUTES
  if (!isOff(minutes)) return null
  let before = 0
  let after = minutes
  while (after - before > 1) {
    const between = (before + after) >> 1
    if (isOff(between)) after = between
    else before = between
  }
  return start + after * MINUTE_MS
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
