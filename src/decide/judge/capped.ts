import type { CapPolicy } from '../../domain/contact-policy.ts'
import { NOTHING_MORE, type Phrase, phrase, reason } from '../../domain/reason.ts'
import { type Happened, mostInWindow } from '../../domain/window.ts'
import { isCapped, uncappedFrom } from './contact-times.ts'
import { OPEN_GATE, type TimeGate, timeGate } from './time-gate.ts'

/** A cap over the contacts of one key. Its `most` is what it would have to allow for one contact more. */
export interface CapGate extends TimeGate {
  readonly most: number
}

export function capGate(
  policy: CapPolicy,
  key: string,
  contacts: readonly Happened[],
  contactAt: number,
): CapGate | TimeGate {
  // Too few to fill it, whenever they were: it is open at any moment.
  if (contacts.length < policy.max) return OPEN_GATE
  const openFrom = (at: number) => uncappedFrom(contacts, at, policy)
  if (!isCapped(contacts, contactAt, policy)) return timeGate(null, openFrom)
  const most = mostInWindow(contacts, contactAt, policy.windowMs)
  const { id, max } = policy
  const refusal = reason('capped', {
    policy: id,
    allowed: allowedBy(policy),
    counted: countedIn(policy, key),
    already: max === 0 ? NOTHING_MORE : phrase('counted', { count: most - 1 }),
    roughly: roughly(contacts),
  })
  return { ...timeGate(refusal, openFrom), most }
}

/** What a cap allows, in words. */
export function allowedBy({ max, window }: Pick<CapPolicy, 'max' | 'window'>): Phrase {
  return max === 0 ? phrase('none_at_all') : phrase('at_most', { max, window })
}

/** What a policy counts together, in words. */
export function countedIn({ per }: Pick<CapPolicy, 'per'>, key: string): Phrase {
  return phrase(`per_${per}`, per === 'customer' || per === 'action' ? {} : { key })
}

/** That some of it is known by the day only, and since when all of it is known better. */
export function roughly(counted: readonly Happened[]): Phrase {
  const inexact = counted.filter(({ first, last }) => first !== last).map(({ last }) => last + 1)
  return inexact.length === 0 ? NOTHING_MORE : phrase('by_day', { since: Math.max(...inexact) })
}
