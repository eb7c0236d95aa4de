import type { Action } from '../../domain/catalogue.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'
import type { TimeGate } from './time-gate.ts'

/** An action may play while it is active and inside its validity; `to` is the first moment it may not. */
export function valid(action: Action, at: number): readonly Reason[] {
  if (action.active && at >= action.validFrom && at < action.validTo) return NO_REASONS
  const reasons: Reason[] = []
  if (!action.active) reasons.push(reason('inactive'))
  const refusal = untimely(action, at)
  if (refusal !== null) reasons.push(refusal)
  return reasons
}

/** The validity alone. */
export function validityGate(action: Action, at: number): TimeGate {
  const { validFrom, validTo } = action
  return {
    refusal: untimely(action, at),
    openFrom: (moment) => {
      const from = Math.max(moment, validFrom)
      return from < validTo ? from : null
    },
  }
}

function untimely({ validFrom, validTo }: Action, at: number): Reason | null {
  if (at < validFrom) return reason('not_yet_valid', { from: validFrom })
  return at >= validTo ? reason('no_longer_valid', { to: validTo }) : null
}
