import { describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { readDocument } from '../../src/documents/read-parts.ts'
import type { ActionId, ChannelId, PlacementId } from '../../src/domain/ids.ts'
import { SHOP_FOLDER } from '../../src/sample/actions.ts'
import { BAD_DOCUMENTS } from './bad-documents.ts'
import { build, GOOD, goodBut, refusals } from './good-document.ts'

describe('a short document', () => {
  const short = build(`
schema: emma/v1
placements: [{ id: hero, channel: web }]
actions:
  - { id: boots, treatments: [{ id: plain, for: [hero], content: { de: Warme Füße } }] }
`)

  it('stays short: all the rest has a default', () => {
    expect(short).toMatchObject({
      currency: 'EUR',
      locale: 'en',
      timeZone: 'UTC',
      model: undefined,
      target: { outcome: 'conversion', within: '7d' },
      challenger: undefined,
      blocks: [],
      arbitration: {
        powers: { propensity: 1, context: 1, value: 1, lever: 1 },
        leverBound: 0.25,
      },
      // Every choice has some chance to be another, so that what is learned is learned of all.
      exploration: { method: 'epsilon', epsilon: 0.03 },
      experiments: { holdout: { share: 0 }, random: { share: 0 }, model: { share: 0 } },
      maxPerSlate: new Map(),
      notices: [],
    })
    expect([...short.channels.values()]).toEqual([
      { id: 'web', direction: 'inbound', confirmOn: 'impression', holdForMs: 1_800_000 },
    ])
    expect([...short.placements.values()]).toEqual([
      { id: 'hero', channel: 'web', contentType: 'json', order: 0, fallback: undefined, allowRepeats: false },
    ])
    expect(short.actions).toEqual([
      {
        id: 'boots',
        // The first 64 bits of `printf boots | sha256sum`.
        lot: { high: 0x40cafc18, low: 0xe93464f8 },
        active: true,
        kind: 'offer',
        tier: 'marketing',
        group: undefined,
        value: 1,
        valueRule: undefined,
        levers: [],
        minPropensity: 0,
        validFrom: Number.NEGATIVE_INFINITY,
        validTo: Number.POSITIVE_INFINITY,
        attributes: {},
        policy: [],
        purpose: undefined,
        treatments: [
          {
            id: 'plain',
            placements: ['hero'],
            content: new Map([['de', expect.objectContaining({ isStatic: true })]]),
            needs: [],
            otherwise: undefined,
          },
        ],
      },
    ])
  })

  it('may name only one of the defaults', () => {
    expect(
      build(goodBut('{ currency: EUR, locale: de-DE, timeZone: Europe/Berlin }', '{ locale: fr }')),
    ).toMatchObject({
      currency: 'EUR',
      locale: 'fr',
      timeZone: 'UTC',
    })
  })
})

describe('a full document', () => {
  const shop = build(GOOD)

  it('is accepted, and so is the sample shop', async () => {
    expect(refusals(GOOD)).toEqual([])
    const sample = buildCatalogue(await readDocument(SHOP_FOLDER, 'catalogue_invalid'))
    expect(sample.actions.length).toBeGreaterThan(0)
  })

  it('becomes a catalogue that says the same', () => {
    expect(shop).toMatchObject({ currency: 'EUR', locale: 'de-DE', timeZone: 'Europe/Berlin', model: 'shop' })
    expect(shop.channels.get('email' as ChannelId)!.direction).toBe('outbound')
    expect(shop.placements.get('hero' as PlacementId)).toMatchObject({
      order: 1,
      fallback: { headline: 'New' },
    })
    expect([...shop.customerTypes]).toEqual([
      ['age', { type: 'number' }],
      ['vip', { type: 'bool', default: false }],
    ])
    expect([...shop.contextTypes]).toEqual([['intent', { type: 'string', default: '' }]])
    expect(shop.actions[0]).toMatchObject({
      group: 'shoes',
      value: 12.5,
      minPropensity: 0.01,
      validFrom: Date.UTC(2026, 10, 1),
      validTo: Date.UTC(2026, 11, 31),
      attributes: { category: 'shoes', price: 89.9, sale: true },
    })
  })

  it('is indexed by placement and by id', () => {
    const plays = (placement: string) =>
      shop.plays
        .get(placement as PlacementId)!
        .map(({ position, asWritten: { speaks } }) => [
          position,
          [...speaks].map(([tag, { id }]) => `${tag}: ${id}`),
        ])
    expect(plays('hero')).toEqual([
      [0, ['de: boots-hero', 'en: boots-hero']],
      [1, ['de: hat-hero']],
    ])
    expect(plays('mail-top')).toEqual([[0, ['de: boots-hero', 'en: boots-hero']]])
    expect([shop.positionOf.get('boots' as ActionId), shop.positionOf.get('hat' as ActionId)]).toEqual([0, 1])
  })

  it('keeps language tags in lower case, so that they can be looked up', () => {
    const content = build(goodBut('content: { de: Hut }', 'content: { de-AT: Hut, EN-gb: Hat }')).actions[1]!
      .treatments[0]!.content
    expect([...content.keys()]).toEqual(['de-at', 'en-gb'])
  })

  it('may switch an action off', () => {
    expect(build(goodBut('status: active', 'status: inactive')).actions[0]!.active).toBe(false)
  })

  it('need not declare groups, or channels', () => {
    expect(refusals(goodBut('groups: [{ id: shoes }, { id: hats }]\n', ''))).toEqual([])
    expect(refusals(goodBut('channels: { web: {}, email: { direction: outbound } }\n', ''))).toEqual([])
  })
})

describe.each(Object.entries(BAD_DOCUMENTS))('a mistake in %s', (_, mistakes) => {
  it.each(mistakes)('is refused with its place: %j written as %j', (passage, written, sentences) => {
    expect(refusals(goodBut(passage, written))).toEqual(sentences)
  })
})

describe('mistakes', () => {
  it('are told all at once', () => {
    const text = goodBut('kind: offer', 'kind: gift')
      .replace('value: 12.5', 'value: -1')
      .replace('order: 1', 'ordr: 1')
    expect(refusals(text).map((sentence) => sentence.split(' ')[0])).toEqual([
      'shop.yaml:10:50',
      'shop.yaml:16:5',
      'shop.yaml:19:5',
    ])
  })

  it('are told of a document of five thousand actions too', () => {
    const actions = Array.from({ length: 5_000 }, (_, i) => `  - { id: a${i}, treatments: [] }\n`).join('')
    const sentences = refusals(
      `schema: emma/v1\nplacements: [{ id: hero, channel: web }]\nactions:\n${actions}`,
    )
    expect(sentences).toHaveLength(5_000)
    expect(sentences.at(-1)).toBe(
      'shop.yaml:5003:18 (actions.4999.treatments): this is empty; write at least one',
    )
  })

  it.each(['.nan', '-.inf', '{ list: [.nan] }'])('are numbers that JSON does not know: %s', (number) => {
    expect(refusals(goodBut('content: { de: Hut }', `content: { de: ${number} }`))).toHaveLength(1)
  })

  it('are names that no object can have, wherever a name is free', () => {
    for (const [passage, written] of [
      ['age: number', '__proto__: number'],
      ['price: 89.9', '__proto__: 89.9'],
      ['email: {', '__proto__: {'],
      ['de: Hut', '__proto__: Hut'],
      ['de: Hut', 'de: { __proto__: Hut }'],
      ['headline: New', '__proto__: New'],
      ['status: active', '__proto__: active'],
    ] as const) {
      expect(refusals(goodBut(passage, written)), written).toEqual([
        expect.stringMatching(/^shop\.yaml:\d+:\d+: this cannot be a name here; .*__proto__/),
      ])
    }
  })

  it('are not attributes that are called like a method of every object', () => {
    const { attributes } = build(goodBut('price: 89.9', 'constructor: 89.9')).actions[0]!
    expect(Object.entries(attributes)).toContainEqual(['constructor', 89.9])
  })
})
