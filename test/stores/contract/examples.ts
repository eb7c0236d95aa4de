import type { Contact, ContactFacts } from '../../../src/domain/contact.ts'
import type { FeatureManifest } from '../../../src/domain/feature-set.ts'
import type { CustomerId } from '../../../src/domain/ids.ts'

export const NOW = Date.UTC(2026, 10, 1, 12)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const HORIZON = 400 * DAY

export const id = (text: string) => text as CustomerId
export const customer = (text: string) => ({ customer: id(text) })
export const session = (text: string) => ({ session: text })

export function manifest(version: string, names: readonly string[] = ['age', 'spend']): FeatureManifest {
  return {
    format: 'emma-features/1',
    name: 'test',
    version: version.padEnd(16, '0'),
    asOf: '2026-11-01',
    source: 'by hand',
    rows: 2,
    data: 'features.csv',
    key: 'id',
    dimensions: [],
    features: names.map((name) => ({ name, storage: 'f32', unit: 'x', default: -1, meaning: name })),
  }
}

export const facts = (given: Partial<ContactFacts> = {}): ContactFacts => ({
  channel: 'web',
  placement: 'hero',
  action: 'boots',
  group: 'shoes',
  tier: 'marketing',
  kind: 'offer',
  ...given,
})

/** A contact by its number. */
export const contact = (number: number, given: Partial<Contact> = {}): Contact => ({
  facts: facts(),
  ref: number.toString(16).padStart(16, '0'),
  at: NOW - HOUR,
  heldUntil: null,
  outcomes: [],
  ...given,
})
