import type { SuppressionPolicy } from '../../domain/contact-policy.ts'
import { NOTHING_MORE, phrase, reason } from '../../domain/reason.ts'
import { countedIn, type Moments, roughly } from './capped.ts'
import { type Happened, suppressedUntil } from './contact-times.ts'
import { OPEN_GATE, type TimeGate } from './time-gate.ts'

const NONE: readonly Happened[] = []

/** A silence after the outcomes of one key. */
export function suppressionGate(
  policy: SuppressionPolicy,
  key: string,
  outcomes: readonly Happened[] = NONE,
  lifts: readonly Happened[] = NONE,
  { now, contactAt }: Moments,
): TimeGate {
  if (outcomes.length < policy.times) return OPEN_GATE
  const heard = { outcomes, lifts }
  const openFrom = (at: number) => {
    let moment = at
    for (;;) {
      const until = suppressedUntil(heard, moment, policy)
      if (until === null) return moment
      moment = until
    }
  }
  const until = suppressedUntil(heard, contactAt, policy)
  if (until === null) return { refusal: null, openFrom }
  const { id, outcome, times, within, without, suppressFor } = policy
  const refusal = reason('suppressed', {
    policy: id,
    outcome,
    times: times === 1 ? NOTHING_MORE : phrase('so_often', { times, within: within! }),
    without: without === undefined ? NOTHING_MORE : phrase('and_without', { without }),
    duration: suppressFor,
    counted: countedIn(policy, key),
    until,
    roughly: roughly(outcomes, now),
  })
  return { refusal, openFrom }
}
