import type { QuietHours } from '../../domain/catalogue.ts'
import { minuteOfDay } from '../../domain/local-time.ts'
import { reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Tier } from '../../domain/tier.ts'
import { OPEN_GATE, type TimeGate, timeGate } from './time-gate.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440
/** Zones may hand the night from one to the next; for longer than this nobody waits. */
const LONGEST_WAIT_MS = 4 * DAY_MINUTES * MINUTE_MS

/** The quiet hours of the request’s channel by the clock of the person. Made once per request. */
export function makeQuiet(situation: Situation): (tier: Tier) => TimeGate {
  const { request, contactAt } = situation
  const asked = quietFor(situation)
  if (asked === null) return () => OPEN_GATE
  const { hours, zones } = asked
  const quietIn = zones.find((zone) => isQuiet(hours, contactAt, zone))
  const refusal =
    quietIn === undefined
      ? null
      : reason('quiet_hours', {
          channel: request.channel,
          opens: clock(hours.from),
          closes: clock(hours.to),
          zone: quietIn,
        })
  const gate = timeGate(refusal, (at) => awakeFrom(hours, at, zones))
  return (tier) => (hours.except.has(tier) ? OPEN_GATE : gate)
}

/** The first minute from `contactAt` on that is quiet for a tier, or `until` when none before it is. */
export function firstQuiet(situation: Situation, tier: Tier, until: number): number {
  const { contactAt } = situation
  const asked = quietFor(situation)
  if (asked === null || asked.hours.except.has(tier)) return until
  const { hours, zones } = asked
  return Math.min(...zones.map((zone) => beginOfQuiet(hours, contactAt, until, zone)))
}

function beginOfQuiet(hours: QuietHours, awake: number, until: number, zone: string): number {
  const minutes = (hours.from - minuteOfDay(awake, zone) + DAY_MINUTES) % DAY_MINUTES
  const counted = Math.floor(awake / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS
  if (counted < until && isQuiet(hours, counted, zone)) return counted
  if (!isQuiet(hours, until, zone)) return until
  // A clock jumped into the night.
  let quiet = until
  while (isQuiet(hours, quiet - MINUTE_MS, zone)) quiet -= MINUTE_MS
  return Math.floor(quiet / MINUTE_MS) * MINUTE_MS
}

/** The quiet hours of the request’s channel with the zones whose clocks they go by; null when it has none. */
function quietFor({ catalogue, request, standing }: Situation) {
  const { quietHours: hours } = catalogue.channels.get(request.channel)!
  if (hours === undefined) return null
  const { timeZone } = standing.preferences
  return { hours, zones: timeZone === undefined ? hours.timeZones : [timeZone] }
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
 * A moment after a quiet one up to which it stays quiet by the clock of the zone. Minutes are counted up to the end, but
 * no further than to where the clock jumps: there it may show what it would have come to, or something else.
 */
function endOfQuiet(hours: Pick<QuietHours, 'from' | 'to'>, at: number, zone: string): number {
  const moment = Math.floor(at / MINUTE_MS) * MINUTE_MS
  const minutes = (hours.to - minuteOfDay(moment, zone) + DAY_MINUTES) % DAY_MINUTES
  return jumpWithin(moment, minutes, zone) ?? moment + minutes * MINUTE_MS
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
