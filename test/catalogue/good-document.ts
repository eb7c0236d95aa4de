import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EmmaError } from '../../src/domain/errors.ts'

/** Everything that this version understands, at least once. */
export const GOOD = `schema: emma/v1
defaults: { currency: EUR, locale: de-DE, timeZone: Europe/Berlin }
types:
  customer: { age: number, vip: { type: bool, default: false } }
  context: { intent: { type: string, default: "" } }
channels: { web: {}, email: { direction: outbound } }
target: { outcome: conversion, within: 7d }
models: [{ id: shop }]
placements:
  - { id: hero, channel: web, contentType: json, order: 1, fallback: { headline: New } }
  - { id: mail-top, channel: email }
groups: [{ id: shoes }, { id: hats }]
actions:
  - id: boots
    status: active
    kind: offer
    tier: marketing
    group: shoes
    value: 12.5
    minPropensity: 0.01
    validity: { from: 2026-11-01T00:00:00Z, to: 2026-12-31T00:00:00Z }
    attributes: { category: shoes, price: 89.9, sale: true }
    treatments:
      - { id: boots-hero, for: [hero, mail-top], content: { de: Warme Füße, en: { text: Warm feet } } }
  - id: hat
    treatments: [{ id: hat-hero, for: [hero], content: { de: Hut } }]
`

/** The good document with one passage replaced by another. */
export function goodBut(passage: string, replacement: string): string {
  if (GOOD.split(passage).length !== 2) throw new Error(`"${passage}" must stand in the document once`)
  return GOOD.replace(passage, () => replacement)
}

export function build(text: string): Catalogue {
  return buildCatalogue(parseWritten(text, 'shop.yaml', 'catalogue_invalid'))
}

/** The sentences that refuse a document; none for one that is accepted. Any other failure is thrown. */
export function refusals(text: string): string[] {
  try {
    build(text)
  } catch (error) {
    if (error instanceof EmmaError && error.code === 'catalogue_invalid') return error.message.split('\n')
    throw error
  }
  return []
}
