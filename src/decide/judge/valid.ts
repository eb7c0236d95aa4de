import type { Action } from '../../domain/catalogue.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'

/** An action may play while it is active and inside its validity; `to` is the first moment it may not. */
export function valid(action: Action, now: number): readonly Reason[] {
  if (action.active && now >= action.validFrom && now < action.validTo) return NO_REASONS
  const reasons: Reason[] = []
  if (!action.active) reasons.push(reason('inactive'))
  if (now < action.validFrom)
    reasons.push(reason('not_yet_valid', { from: new Date(action.validFrom).toISOString() }))
  if (now >= action.validTo)
    reasons.push(reason('no_longer_valid', { to: new Date(action.validTo).toISOString() }))
  return reasons
}
