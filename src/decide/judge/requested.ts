import type { Action } from '../../domain/catalogue.ts'
import type { DecisionRequest, SlateRequest } from '../../domain/decision-request.ts'
import { type Reason, reason } from '../../domain/reason.ts'

/** What the caller asks for: kinds per placement, and actions to include or exclude. */
export function requested(action: Action, slate: SlateRequest, request: DecisionRequest): Reason[] {
  const reasons: Reason[] = []
  if (slate.kinds !== undefined && !slate.kinds.includes(action.kind)) {
    reasons.push(reason('kind_not_asked', { kind: action.kind }))
  }
  if (request.include !== undefined && !request.include.includes(action.id)) {
    reasons.push(reason('not_included_by_request'))
  }
  if (request.exclude.includes(action.id)) reasons.push(reason('excluded_by_request'))
  return reasons
}
