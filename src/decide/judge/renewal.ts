import type { Channel } from '../../domain/catalogue.ts'
import type { ContactFacts } from '../../domain/contact.ts'
import type { Hold } from '../../domain/hold.ts'
import type { Situation, Standing } from '../../domain/situation.ts'

/** The hold that a contact would renew instead of taking another. */
export type RenewalOf = (facts: Pick<ContactFacts, 'placement' | 'action'>) => Hold | undefined

/**
 * Holds that what is shown now may renew: those of the visit. Of messages only those that are planned for the very same
 * moment, for two messages are two.
 */
export function renewableHolds(
  { session, holds }: Pick<Standing, 'session' | 'holds'>,
  direction: Channel['direction'],
  contactAt: number,
): readonly Hold[] {
  if (session === null) return []
  return holds.filter(
    (hold) => hold.session === session && (direction === 'inbound' || hold.contact.at === contactAt),
  )
}

/** A visit has one hold for an action in a placement, however often it asks. Without a session each call is its own. */
export function makeRenewal({ standing, catalogue, request, contactAt }: Situation): RenewalOf {
  const own = renewableHolds(standing, catalogue.channels.get(request.channel)!.direction, contactAt)
  if (own.length === 0) return () => undefined
  // By what most candidates are not.
  const byAction = new Map<string | undefined, Map<string | undefined, Hold>>()
  for (const hold of own) {
    const { placement, action } = hold.contact.facts
    const byPlacement = byAction.get(action) ?? new Map<string | undefined, Hold>()
    byAction.set(action, byPlacement.set(placement, hold))
  }
  return ({ placement, action }) => byAction.get(action)?.get(placement)
}
