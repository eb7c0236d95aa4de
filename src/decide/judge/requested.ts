import type { Action } from '../../domain/catalogue.ts'
import type { DecisionRequest, SlateRequest } from '../../domain/decision-request.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'

/** What the caller asks for: kinds per placement, and actions to include or exclude. Made once per request. */
export function makeRequested({ include, exclude }: DecisionRequest) {
  const included = include === undefined ? undefined : new Set(include)
  const excluded = new Set(exclude)
  return (action: Action, slate: SlateRequest): readonly Reason[] => {
    if (slate.kinds === undefined && included === undefined && excluded.size === 0) return NO_REASONS
    const reasons: Reason[] = []
    if (slate.kinds !== undefined && !slate.kinds.includes(action.kind)) {
      reasons.push(reason('kind_not_asked', { kind: action.kind }))
    }
    if (included !== undefined && !included.has(action.id)) reasons.push(reason('not_included_by_request'))
    if (excluded.has(action.id)) reasons.push(reason('excluded_by_request'))
    return reasons
  }
}
