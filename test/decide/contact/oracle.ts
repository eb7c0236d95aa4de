import type { Contact, ContactFacts } from '../../../src/domain/contact.ts'
import type { CountedPer } from '../../../src/domain/contact-policy.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'

/**
 * What contact policy should come to, worked out the slow way from the words of the documentation: from the policies as
 * a marketer writes them, by looking at every window and every pair of events. Shares no code with what it checks.
 */
export interface WrittenPolicy {
  readonly id: string
  readonly where?: Partial<
    Record<'channel' | 'placement' | 'tier' | 'kind' | 'group' | 'action', string | string[]>
  >
  readonly per: CountedPer
  readonly max?: number
  readonly window?: string
  readonly after?: {
    readonly outcome: Outcome
    readonly times?: number
    readonly within?: string
    readonly without?: Outcome
  }
  readonly suppressFor?: string
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
export const ms = (text: string): number => Number.parseInt(text, 10) * UNITS[text.at(-1)!]!

/** Whether somebody was reached, or still may be. Outcomes are in order of time. */
function tookPlace({ heldUntil, outcomes }: Contact, now: number): boolean {
  const types = outcomes.map(({ type }) => type)
  if (types.length === 0) return heldUntil === null || heldUntil > now
  const answers = ['presented', 'impression', 'click', 'dismiss', 'later', 'reject', 'accept', 'conversion']
  if ([...answers, 'return'].some((answer) => types.includes(answer as Outcome))) return true
  // What is left is sent, and what says that it did not arrive.
  return types[types.length - 1] === 'sent'
}

function isSelected(where: WrittenPolicy['where'], facts: ContactFacts): boolean {
  return Object.entries(where ?? {}).every(([key, wanted]) => {
    const value = facts[key as keyof ContactFacts]
    return value !== undefined && [wanted].flat().includes(value)
  })
}

function isCountedWith({ where, per }: WrittenPolicy, facts: ContactFacts, candidate: ContactFacts): boolean {
  if (!isSelected(where, facts) || !isSelected(where, candidate)) return false
  if (per === 'customer') return true
  return candidate[per] !== undefined && facts[per] === candidate[per]
}

export interface Asked {
  readonly now: number
  readonly at: number
  readonly horizonMs: number
}

/** Whether a policy refuses a candidate. */
export function isHeldBack(
  policy: WrittenPolicy,
  candidate: ContactFacts,
  contacts: readonly Contact[],
  asked: Asked,
): boolean {
  if (!isSelected(policy.where, candidate)) return false
  if (policy.per !== 'customer' && candidate[policy.per] === undefined) return false
  const mine = contacts.filter(({ facts }) => isCountedWith(policy, facts, candidate))
  return policy.max === undefined ? isSilent(policy, mine, asked) : isFull(policy, mine, asked)
}

/** Some window that contains the moment would hold more than it may. */
function isFull({ max, window }: WrittenPolicy, contacts: readonly Contact[], asked: Asked): boolean {
  const { now, at, horizonMs } = asked
  const times = contacts
    .filter((contact) => tookPlace(contact, now))
    .map((contact) => contact.at)
    .filter((time) => time >= now - horizonMs)
  const length = ms(window!)
  return [...times, at].some((start) => {
    const isIn = (time: number) => time >= start && time < start + length
    return isIn(at) && times.filter(isIn).length + 1 > max!
  })
}

/** Some run of outcomes is long and dense enough, recent enough, and nothing lifted it. */
function isSilent(
  { after, suppressFor }: WrittenPolicy,
  contacts: readonly Contact[],
  asked: Asked,
): boolean {
  const { now, at, horizonMs } = asked
  const came = (type: Outcome | undefined) =>
    contacts
      .flatMap(({ outcomes }) => outcomes)
      .filter((outcome) => outcome.type === type && outcome.at >= now - horizonMs && outcome.at <= at)
      .map((outcome) => outcome.at)
  const events = came(after!.outcome)
  const lifts = came(after!.without)
  const within = after!.within === undefined ? Number.POSITIVE_INFINITY : ms(after!.within)
  return events.some((first) =>
    events.some((last) => {
      if (last < first || last - first >= within) return false
      const often = events.filter((event) => event >= first && event <= last).length
      if (often < (after!.times ?? 1) || at >= last + ms(suppressFor!)) return false
      return !lifts.some((lift) => lift >= first)
    }),
  )
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** The clock on a wall of the zone, `HH:MM`. */
function wall(at: number, timeZone: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  clocks.set(timeZone, clock)
  return clock.format(at)
}

export interface WrittenHours {
  readonly from: string
  readonly to: string
}

export function isQuietOnTheWall({ from, to }: WrittenHours, at: number, zones: readonly string[]): boolean {
  return zones.some((zone) => {
    const clock = wall(at, zone)
    return from < to ? clock >= from && clock < to : clock >= from || clock < to
  })
}

/** Minute by minute, until it is quiet nowhere; null after four days. */
export function awakeOnTheWall(hours: WrittenHours, at: number, zones: readonly string[]): number | null {
  if (!isQuietOnTheWall(hours, at, zones)) return at
  const first = Math.floor(at / 60_000) * 60_000 + 60_000
  for (let minute = first; minute - at < 4 * 86_400_000; minute += 60_000)
    if (!isQuietOnTheWall(hours, minute, zones)) return minute
  return null
}
