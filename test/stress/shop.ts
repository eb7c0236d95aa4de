import type { CustomerId } from '../../src/domain/ids.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'

/** Few enough that several of sixteen processes ask for the same customer at once, again and again. */
const AT_A_TIME = 60
/** Tries of each process for the same customers; then come others, so that no ledger grows without end. */
const TRIES_FOR_THESE = 2_500
/** Whom a process asks for in its nth try; `draw` gives a whole number below another. */
export const customerOf = (nth: number, draw: (below: number) => number): string =>
  `c-${Math.floor(nth / TRIES_FOR_THESE)}-${draw(AT_A_TIME)}`
/** Everybody whom a process asks for in so many tries. */
export const customersOf = (tries: number): readonly CustomerId[] =>
  Array.from(
    { length: Math.ceil(tries / TRIES_FOR_THESE) * AT_A_TIME },
    (_, i) => `c-${Math.floor(i / AT_A_TIME)}-${i % AT_A_TIME}` as CustomerId,
  )
/** Units of the volume that everybody wants: they are gone after some thousand tries. */
export const PAIRS = 200
/** Contacts that a customer may have in the placement `saturated`: full after some hundred tries of his. */
export const SATURATED = 6
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
