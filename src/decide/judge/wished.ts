import type { Action } from '../../domain/catalogue.ts'
import type { CapPolicy } from '../../domain/contact-policy.ts'
import { durationMs } from '../../domain/duration.ts'
import type { Hold } from '../../domain/hold.ts'
import type { Pause } from '../../domain/preferences.ts'
import { NO_REASONS, NOTHING_MORE, type Phrase, phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import type { Tier } from '../../domain/tier.ts'
import { mostInWindow } from '../../domain/window.ts'
import { allowedBy } from './capped.ts'
import { isCapped, uncappedFrom } from './contact-times.ts'
import type { History } from './history.ts'
import { type TimeGate, timeGate } from './time-gate.ts'

/** Tiers that a person’s own wishes hold back: service is owed, and mandatory is the law’s. */
export const ADVERTISING: ReadonlySet<Tier> = new Set(['retention', 'marketing'])

/** What renews a hold does not stand in its own way: a pace counts as if that were not there. */
export interface Wished {
  refusals(action: Action, renewed: Hold | undefined): readonly Reason[]
  /** His pauses and his pace; a topic that he refuses is no question of time. */
  gates(action: Action, renewed: Hold | undefined): readonly TimeGate[]
}

const NO_GATES: readonly TimeGate[] = []
const NO_WISHES: Wished = { refusals: () => NO_REASONS, gates: () => NO_GATES }

/** What the person wished himself: topics, pauses, pace. Made once per request. */
export function makeWished(situation: Situation, history: History): Wished {
  const { standing } = situation
  const { refusedTopics = [], pauses = [] } = standing.preferences
  const isHeard = standing.of === 'customer'
  const caps = paceCaps(situation)
  const isPaceUnsure = !standing.canHold && caps.length > 0
  if (isHeard && (!standing.isChecked || isPaceUnsure)) {
    const unchecked = [reason('unchecked', { what: phrase('checked_wishes') })]
    return {
      refusals: ({ tier }) => (ADVERTISING.has(tier) ? unchecked : NO_REASONS),
      gates: () => NO_GATES,
    }
  }
  const pausing = pauses.filter(isOn(situation.request.channel)).map((pause) => pauseGate(pause, situation))
  const topics = new Set(refusedTopics)
  if (pausing.length === 0 && caps.length === 0 && topics.size === 0) return NO_WISHES
  const barriersLess = (holds: readonly Hold[]) => {
    const gates = [...pausing, ...caps.map((cap) => paceGate(cap, situation, history, holds))]
    return { gates, closed: gates.flatMap(({ refusal }) => refusal ?? []) }
  }
  const usual = barriersLess([])
  const barriers = (renewed: Hold | undefined) =>
    renewed === undefined || caps.length === 0 ? usual : barriersLess([renewed])
  return {
    refusals({ tier, group }, renewed) {
      if (!ADVERTISING.has(tier)) return NO_REASONS
      const { closed } = barriers(renewed)
      if (group === undefined || !topics.has(group)) return closed
      return [reason('topic_refused', { topic: group }), ...closed]
    },
    gates: ({ tier }, renewed) => (ADVERTISING.has(tier) ? barriers(renewed).gates : NO_GATES),
  }
}

function pauseGate({ channel, until }: Pause, { contactAt }: Situation): TimeGate {
  const openFrom = (at: number) => (until === undefined ? null : Math.max(at, until))
  if (until !== undefined && contactAt >= until) return timeGate(null, openFrom)
  const end = until === undefined ? phrase('for_now') : phrase('until_then', { until })
  return timeGate(reason('paused', { where: whereOf(channel), until: end }), openFrom)
}

/** A cap that the person set himself, as a gate. */
function paceGate(
  cap: CapPolicy,
  { contactAt }: Situation,
  history: History,
  less: readonly Hold[],
): TimeGate {
  const where = whereOf(channelOf(cap))
  const contacts = history.under(cap, '', less)
  const openFrom = (at: number) => uncappedFrom(contacts, at, cap)
  if (!isCapped(contacts, contactAt, cap)) return timeGate(null, openFrom)
  const count = mostInWindow(contacts, contactAt, cap.windowMs) - 1
  const already = cap.max === 0 ? NOTHING_MORE : phrase('counted', { count })
  return timeGate(reason('pace_reached', { allowed: allowedBy(cap), where, already }), openFrom)
}

/** The person’s own pace on the channel of the request, as caps on advertising. */
export function paceCaps({ request, standing }: Situation): CapPolicy[] {
  const { pace = [] } = standing.preferences
  return pace.filter(isOn(request.channel)).map(({ channel, max, window }) => ({
    id: 'pace',
    where: { tier: ADVERTISING, ...(channel === undefined ? {} : { channel: new Set([channel]) }) },
    per: 'customer',
    max,
    window,
    windowMs: durationMs(window),
  }))
}

function isOn(channel: string) {
  return (wish: { readonly channel?: string }) => wish.channel === undefined || wish.channel === channel
}

/** The channel that a pace is about; undefined for all. */
function channelOf({ where }: CapPolicy): string | undefined {
  return where.channel?.values().next().value
}

function whereOf(channel: string | undefined): Phrase {
  return channel === undefined ? NOTHING_MORE : phrase('on_channel', { channel })
}
