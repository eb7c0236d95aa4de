import type { ContactFacts } from '../domain/contact.ts'
import { fits, type Selection } from '../domain/contact-policy.ts'
import type { CatalogueDocument } from './document.ts'

/** `where`, as it is written for policies, weights, volumes and models: without it everything fits. */
export function toSelection(where: CatalogueDocument['contactPolicies'][number]['where'] = {}): Selection {
  return Object.fromEntries(
    Object.entries(where).map(([key, ids]) => [key, new Set<string>(typeof ids === 'string' ? [ids] : ids)]),
  )
}

/** Finds those of a list that count a contact. Equal finds are one list, for a catalogue has many plays and few policies. */
export function countersOf<Item extends { readonly id: string; readonly where: Selection }>(
  items: readonly Item[],
): (facts: ContactFacts) => readonly Item[] {
  const lists = new Map<string, readonly Item[]>()
  return (facts) => {
    const found = items.filter(({ where }) => fits(where, facts))
    const key = found.map(({ id }) => id).join('\n')
    const list = lists.get(key) ?? found
    lists.set(key, list)
    return list
  }
}
