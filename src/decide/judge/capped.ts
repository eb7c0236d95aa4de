import type { CapPolicy } from '../../domain/contact-policy.ts'
import { exactSince } from '../../domain/ledger.ts'
import { NOTHING_MORE, type Phrase, phrase, reason } from '../../domain/reason.ts'
import { type Happened, isCapped, mostInWindow, uncappedFrom } from './contact-times.ts'
import { OPEN_GATE, type TimeGate } from './time-gate.ts'

/** A cap over the contacts of one key. Its `most` is what it would have to allow for one contact more. */
export interface CapGate extends TimeGate {
  readonly most: number
}

/** The moments that judging is about: when it is decided, and when the contact is to be. */
export interface Moments {
  readonly now: number
  readonly contactAt: number
}

export function capGate(
  policy: CapPolicy,
  key: string,
  contacts: readonly Happened[],
  { now, contactAt }: Moments,
): CapGate | TimeGate {
  if (policy.max > 0 && contacts.length === 0) return OPEN_GATE
  const openFrom = (at: number) => uncappedFrom(contacts, at, policy)
  if (!isCapped(contacts, contactAt, policy)) return { refusal: null, openFrom }
  const most = mostInWindow(contacts, contactAt, policy.windowMs)
  const { id, max, window, windowMs } = policy
  const counted = contacts.filter(
    ({ first, last }) => last > contactAt - windowMs && first < contactAt + windowMs,
  )
  const refusal = reason('capped', {
    policy: id,
    allowed: max === 0 ? phrase('none_at_all') : phrase('at_most', { max, window }),
    counted: countedIn(policy, key),
    already: max === 0 ? NOTHING_MORE : phrase('so_far', { count: most - 1 }),
    roughly: roughly(counted, now),
  })
  return { refusal, openFrom, most }
}

/** What a policy counts together, in words. */
export function countedIn({ per }: Pick<CapPolicy, 'per'>, key: string): Phrase {
  return phrase(`per_${per}`, per === 'customer' || per === 'action' ? {} : { key })
}

/** That some of it is known by the day only, and since when it is known better. */
export function roughly(counted: readonly Happened[], now: number): Phrase {
  const isExact = counted.every(({ first, last }) => first === last)
  return isExact ? NOTHING_MORE : phrase('by_day', { since: exactSince(now) })
}
