import { action, makeCatalogue } from '../decide/make-catalogue.ts'

/** Few enough that several of sixteen processes ask for the same customer at once, again and again. */
export const CUSTOMERS = 60
/** Units of the volume that everybody wants: they are gone after some thousand tries. */
export const PAIRS = 60
/** Contacts that a customer may have in the placement `saturated`: full after some hundred tries of his. */
export const SATURATED = 4
export const SESSIONS = 3
export const HOLD_MS = 1_000

export const PLACEMENTS = ['hero', 'row', 'footer', 'saturated'] as const

/** Small caps in short windows, so that room comes back all the time; one cap and one volume that fill up for good. */
export const SHOP = makeCatalogue(
  [
    action('boots', { in: ['hero', 'row'], group: 'shoes' }),
    action('sandals', { in: ['hero', 'row', 'footer'], group: 'shoes' }),
    action('scarf', { in: ['hero', 'footer'] }),
    action('gloves', { in: ['row', 'footer'] }),
    action('service', { in: ['hero', 'row'], tier: 'service' }),
    action('last', { in: ['saturated'] }),
    action('least', { in: ['saturated'] }),
  ],
  {
    channels: { web: { holdFor: '1s' } },
    placements: PLACEMENTS.map((id) => ({ id, channel: 'web' })),
    contactPolicies: [
      { id: 'action', where: { placement: ['hero', 'row', 'footer'] }, per: 'action', max: 3, window: '2s' },
      { id: 'group', per: 'group', max: 4, window: '3s' },
      {
        id: 'customer',
        where: { placement: ['hero', 'row', 'footer'] },
        per: 'customer',
        max: 8,
        window: '3s',
      },
      { id: 'placement', where: { placement: 'hero' }, per: 'placement', max: 5, window: '2s' },
      { id: 'ever', where: { placement: 'saturated' }, per: 'customer', max: SATURATED, window: '30d' },
    ],
    volumes: [
      { id: 'pairs', where: { action: 'boots' }, max: PAIRS, per: 'total' },
      { id: 'a-day', where: { group: 'shoes' }, max: 1_000_000, per: 'day' },
    ],
  },
)
