import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { versionOf } from '../../src/catalogue/version.ts'
import { build, GOOD, goodBut } from './good-document.ts'

const version = (text: string) => build(text).version
const written = parse(GOOD)

/** The same document with the keys of every map turned round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  )
}

describe('the version of a catalogue', () => {
  it('is sixteen hexadecimal digits, the same on every machine', () => {
    expect(version(GOOD)).toMatch(/^[0-9a-f]{16}$/)
    expect(version(GOOD)).toBe('0fca79c7d9058afe')
  })

  it.each<[string, string]>([
    ['written as JSON', JSON.stringify(written)],
    ['written as JSON with tabs', JSON.stringify(written, null, '\t')],
    ['written in blocks', stringify(written, { indent: 4 })],
    ['with comments and empty lines', `# our shop\n\n${GOOD.replaceAll('\n', ' # here\n\n')}`],
    ['with Windows line ends', GOOD.replaceAll('\n', '\r\n')],
    ['with its keys in another order', stringify(turned(written))],
    [
      'with its actions, placements and groups in another order',
      stringify({
        ...written,
        actions: [...written.actions].reverse(),
        placements: [...written.placements].reverse(),
        groups: [...written.groups].reverse(),
      }),
    ],
    ['with a number written otherwise', goodBut('value: 12.5', 'value: 1.25e1')],
  ])('is the same %s', (_, text) => {
    expect(version(text)).toBe(version(GOOD))
  })

  it.each([
    // Defaults are not part of it: a new Emma with more of them gives the same document the same name.
    ['- id: hat\n', '- id: hat\n    kind: offer\n'],
    ['currency: EUR', 'currency: CHF'],
    ['locale: de-DE', 'locale: de'],
    ['timeZone: Europe/Berlin', 'timeZone: Europe/Vienna'],
    ['age: number', 'age: string'],
    ['age: number', 'years: number'],
    ['default: false', 'default: true'],
    ['default: ""', 'default: " "'],
    ['direction: outbound', 'direction: inbound'],
    ['outcome: conversion', 'outcome: click'],
    ['within: 7d', 'within: 168h'],
    ['id: shop }', 'id: shop-2 }'],
    ['contentType: json', 'contentType: text'],
    ['order: 1', 'order: 2'],
    ['headline: New', 'headline: Old'],
    ['channel: email }', 'channel: web }'],
    ['{ id: hats }', '{ id: caps }'],
    ['id: boots\n', 'id: boot\n'],
    ['status: active', 'status: inactive'],
    ['kind: offer', 'kind: activity'],
    ['tier: marketing', 'tier: service'],
    ['group: shoes', 'group: hats'],
    ['value: 12.5', 'value: 12.51'],
    ['minPropensity: 0.01', 'minPropensity: 0.011'],
    ['from: 2026-11-01T00:00:00Z', 'from: 2026-11-01T00:00:01Z'],
    [', to: 2026-12-31T00:00:00Z', ''],
    ['price: 89.9', 'price: 89'],
    ['price: 89.9', 'price: "89.9"'],
    ['sale: true', 'sale: false'],
    ['id: boots-hero', 'id: boots-heroes'],
    ['for: [hero, mail-top]', 'for: [hero]'],
    ['Warme Füße', 'Warme Fuesse'],
    [', en: { text: Warm feet }', ''],
    ['text: Warm feet', 'line: Warm feet'],
  ])('is another one when %j becomes %j', (passage, replacement) => {
    expect(version(goodBut(passage, replacement))).not.toBe(version(GOOD))
  })

  it('is another one when an action’s treatments change their order, for the first that speaks is shown', () => {
    const one = '{ id: a, for: [hero], needs: [customer.age], content: { de: A } }'
    const other = '{ id: b, for: [hero], needs: [customer.vip], content: { de: B } }'
    const treatments = '[{ id: hat-hero, for: [hero], content: { de: Hut } }]'
    expect(version(goodBut(treatments, `[${one}, ${other}]`))).not.toBe(
      version(goodBut(treatments, `[${other}, ${one}]`)),
    )
  })

  it.each([
    ['actions', false],
    ['placements', false],
    ['groups', false],
    ['blocks', false],
    ['contactPolicies', false],
    ['volumes', false],
    ['somewhere', true],
  ])('minds the order of %s: %s', (section, minds) => {
    const there = versionOf({ [section]: [{ id: 'a', x: 1 }, { id: 'b' }] })
    const back = versionOf({ [section]: [{ id: 'b' }, { x: 1, id: 'a' }] })
    expect(there !== back).toBe(minds)
  })

  it('is that of the document alone', () => {
    expect(versionOf(written)).toBe(version(GOOD))
    expect(versionOf(null)).toMatch(/^[0-9a-f]{16}$/)
  })
})
