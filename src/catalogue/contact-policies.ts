import type { ContactPolicy } from '../domain/contact-policy.ts'
import { durationMs } from '../domain/duration.ts'
import type { CatalogueDocument } from './document.ts'
import { toSelection } from './selection.ts'

type Written = CatalogueDocument['contactPolicies'][number]

/** By id, so that reasons come in the same order wherever a policy is written. */
export function toContactPolicies({ contactPolicies }: CatalogueDocument): ContactPolicy[] {
  return contactPolicies.map(toPolicy).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Its form was checked: it is a cap or a silence, and whole. */
function toPolicy({ id, where, per, max, window, after, suppressFor }: Written): ContactPolicy {
  const said = { id, where: toSelection(where), per }
  if (max !== undefined) return { ...said, max, window: window!, windowMs: durationMs(window!) }
  const { outcome, times, within, without } = after!
  return {
    ...said,
    outcome,
    times,
    within,
    withinMs: within === undefined ? Number.POSITIVE_INFINITY : durationMs(within),
    without,
    suppressFor: suppressFor!,
    suppressForMs: durationMs(suppressFor!),
  }
}
