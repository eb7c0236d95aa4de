import type { SuppressionPolicy } from '../../domain/contact-policy.ts'
import { NOTHING_MORE, phrase, reason } from '../../domain/reason.ts'
import { countedIn, roughly } from './capped.ts'
import { type Heard, suppressedUntil } from './contact-times.ts'
import { type TimeGate, timeGate } from './time-gate.ts'

/** A silence after the outcomes of one key. */
export function suppressionGate(
  policy: SuppressionPolicy,
  key: string,
  heard: Heard,
  contactAt: number,
): TimeGate {
  const openFrom = (at: number) => {
    let moment = at
    for (;;) {
      const until = suppressedUntil(heard, moment, policy)
      if (until === null) return moment
      moment = until
    }
  }
  if (suppressedUntil(heard, contactAt, policy) === null) return timeGate(null, openFrom)
  const { id, outcome, times, within, without, suppressFor } = policy
  const refusal = reason('suppressed', {
    policy: id,
    outcome,
    times: times === 1 ? NOTHING_MORE : phrase('so_often', { times, within: within! }),
    without: without === undefined ? NOTHING_MORE : phrase('and_without', { without }),
    duration: suppressFor,
    counted: countedIn(policy, key),
    until: openFrom(contactAt),
    roughly: roughly(heard.outcomes),
  })
  return timeGate(refusal, openFrom)
}
