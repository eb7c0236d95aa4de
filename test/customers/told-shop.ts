import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { CustomerId } from '../../src/domain/ids.ts'

const WRITTEN = `
schema: emma/v1
defaults: { historyHorizon: 100d }
purposes: { advertising: { basis: consent, default: deny } }
groups: [{ id: shoes }]
channels: { web: { direction: inbound }, email: { direction: outbound } }
placements:
  - { id: hero, channel: web }
  - { id: mail, channel: email }
actions:
  - { id: boots, group: shoes, treatments: [{ id: b, for: [hero], content: { en: A } }] }
  - { id: parcel, tier: service, kind: activity, treatments: [{ id: p, for: [hero], content: { en: A } }] }
`

export const catalogue = buildCatalogue(parseWritten(WRITTEN, 'shop.yaml', 'catalogue_invalid'))

export const NOW = Date.UTC(2026, 10, 1, 12)
export const MINUTE = 60_000
export const DAY = 86_400_000
export const anna = { customer: 'anna' as CustomerId }
