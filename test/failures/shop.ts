/** At most so many contacts with the boots a day, for each customer. */
export const CAP = 3
/** At most so many contacts with the gloves, with all customers together. */
export const VOLUME = 400
/** How often each customer asks: more often than the cap allows. */
export const VISITS = 4

/** One action that nothing counts, one that a cap counts, one that a volume counts; and room for all three. */
export const CATALOGUE = `
schema: emma/v1
exploration: { method: greedy }
placements: [{ id: hero, channel: web }]
contactPolicies:
  - { id: boots-a-day, where: { action: boots }, per: customer, max: ${CAP}, window: 1d }
volumes:
  - { id: gloves-in-all, where: { action: gloves }, max: ${VOLUME}, per: total }
actions:
  - { id: parcel, tier: service, kind: activity, treatments: [{ id: parcel-any, for: [hero], content: { en: Parcel } }] }
  - { id: boots, treatments: [{ id: boots-any, for: [hero], content: { en: Boots } }] }
  - { id: gloves, treatments: [{ id: gloves-any, for: [hero], content: { en: Gloves } }] }
`

/** What a page asks of Emma for somebody. */
export function requestFor(customer: string): string {
  return JSON.stringify({
    channel: 'web',
    placements: [{ id: 'hero', limit: 3 }],
    customer: { id: customer },
  })
}
