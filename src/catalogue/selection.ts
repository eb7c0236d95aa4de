import type { Selection } from '../domain/contact-policy.ts'
import type { CatalogueDocument } from './document.ts'

/** `where`, as it is written for policies, weights, volumes and models: without it everything fits. */
export function toSelection(where: CatalogueDocument['contactPolicies'][number]['where'] = {}): Selection {
  return Object.fromEntries(
    Object.entries(where).map(([key, ids]) => [key, new Set<string>(typeof ids === 'string' ? [ids] : ids)]),
  )
}
