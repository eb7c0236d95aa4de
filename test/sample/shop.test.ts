import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { readDocument } from '../../src/documents/read-parts.ts'
import { readSampleActions, SHOP_FOLDER } from '../../src/sample/actions.ts'
import { CATEGORY_INDEX } from '../../src/sample/assortment.ts'

type Content = Readonly<Record<string, string>>

interface Shop {
  readonly channels: Readonly<Record<string, { readonly direction: string }>>
  readonly placements: readonly {
    readonly id: string
    readonly channel: string
    readonly fallback?: Content
  }[]
  readonly groups: readonly { readonly id: string }[]
  readonly actions: readonly {
    readonly id: string
    readonly kind: string
    readonly tier: string
    readonly group: string
    readonly value?: number
    readonly minPropensity: number
    readonly validity?: { readonly from?: string; readonly to?: string }
    readonly attributes: Readonly<Record<string, string | number>>
    readonly treatments: readonly {
      readonly id: string
      readonly for: readonly string[]
      readonly needs?: readonly string[]
      readonly content: { readonly de: Content; readonly en: Content }
    }[]
  }[]
}

const shop = (await readDocument(SHOP_FOLDER, 'catalogue_invalid')).value as Shop
const parts = await Promise.all(
  (await readdir(SHOP_FOLDER)).map(
    async (name) => [name, await readFile(join(SHOP_FOLDER, name), 'utf8')] as const,
  ),
)
const offers = shop.actions.filter((action) => action.kind === 'offer')
const activities = shop.actions.filter((action) => action.kind === 'activity')
const treatments = shop.actions.flatMap((action) => action.treatments)

describe('the sample catalogue', () => {
  it('has sixty actions, ten of them activities, in eight groups', () => {
    expect([shop.actions.length, offers.length, activities.length, shop.groups.length]).toEqual([
      60, 50, 10, 8,
    ])
    expect(new Set(shop.actions.map((action) => action.group))).toEqual(
      new Set(shop.groups.map(({ id }) => id)),
    )
  })

  it('uses every id once', () => {
    for (const list of [shop.actions, treatments, shop.placements, shop.groups]) {
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
    }
  })

  it('is read by the generator as Emma reads it: the same actions in the same order', async () => {
    expect((await readSampleActions()).map(({ id }) => id)).toEqual(shop.actions.map(({ id }) => id))
  })

  it('has a part of actions for every group, in the order of the groups', () => {
    const named = parts.map(([name]) => name).filter((name) => name.startsWith('actions-'))
    expect(named.sort()).toEqual(shop.groups.map(({ id }, index) => `actions-${index + 1}-${id}.yaml`))
  })

  it.each(parts)('begins %s with what it is, and keeps to its group', (name, text) => {
    const { groups, actions } = parse(text) as Partial<Shop>
    const group = /^actions-\d-(.+)\.yaml$/.exec(name)?.[1]
    expect(text).toMatch(/^# [A-Z]/)
    expect(groups?.map(({ id }) => id)).toEqual(group && [group])
    expect(actions && [...new Set(actions.map((action) => action.group))]).toEqual(group && [group])
  })

  it.each(parts)('writes %s in plain YAML: no warnings, anchors, aliases or tags', (_name, text) => {
    const { errors, warnings } = parseDocument(text)
    expect([...errors, ...warnings]).toEqual([])
    expect(text).not.toMatch(/: [&*!]/)
  })

  it.each(shop.placements.map(({ id }) => id))('has at least twelve candidates for %s', (placement) => {
    const candidates = shop.actions.filter((action) =>
      action.treatments.some((t) => t.for.includes(placement)),
    )
    expect(candidates.length).toBeGreaterThanOrEqual(12)
  })

  it('names only placements that exist, and each at most once per action, but for what stands in for another', () => {
    const known = new Set(shop.placements.map(({ id }) => id))
    for (const action of shop.actions) {
      const sure = action.treatments.filter(({ needs = [] }) => needs.length === 0)
      const named = sure.flatMap((treatment) => treatment.for)
      expect(named.filter((id) => !known.has(id))).toEqual([])
      expect(new Set(named).size).toBe(named.length)
    }
  })

  it('has the same fields in German and English, none empty, none left untranslated', () => {
    for (const { id, content } of treatments) {
      expect(Object.keys(content), id).toEqual(['de', 'en'])
      expect(Object.keys(content.en), id).toEqual(Object.keys(content.de))
      for (const [field, german] of Object.entries(content.de)) {
        expect(german, id).toMatch(/\S/)
        expect(content.en[field], `${id} ${field}`).not.toBe(german)
      }
    }
  })

  it('falls back on something kind wherever a customer waits for an answer', () => {
    for (const { channel, fallback } of shop.placements) {
      expect(fallback !== undefined).toBe(shop.channels[channel]!.direction === 'inbound')
    }
  })

  it('ends nowhere and starts before the first contact', () => {
    for (const { validity } of shop.actions) {
      expect(validity?.to).toBeUndefined()
      expect((validity?.from ?? '') <= '2026-05-01').toBe(true)
    }
  })

  it('sells from known categories and gives every offer a margin below its price', () => {
    for (const { id, tier, value, attributes } of offers) {
      expect(tier).toBe('marketing')
      expect(CATEGORY_INDEX.has(String(attributes.category)), id).toBe(true)
      expect(value, id).toBeGreaterThan(0)
      expect(value, id).toBeLessThan(Number(attributes.price) / 2)
    }
  })

  it('lets an activity speak only where it is clearly wanted', () => {
    for (const { id, tier, value, minPropensity } of activities) {
      expect(['service', 'retention'], id).toContain(tier)
      expect(value, id).toBeUndefined()
      expect(minPropensity, id).toBeGreaterThanOrEqual(0.2)
    }
  })

  it('quotes the price it charges, and the usual one rightly', () => {
    for (const { attributes, treatments } of offers) {
      const price = Number(attributes.price)
      const usual = price / (1 - Number(attributes.discount))
      for (const { id, content } of treatments) {
        const [de, en] = [Object.values(content.de).join(' '), Object.values(content.en).join(' ')]
        expect(de, id).toContain(`${cents(price).replace('.', ',')}\u00a0€`)
        expect(en, id).toContain(`€${cents(price)}`)
        const german = /statt ([\d,]+)\u00a0€/.exec(de)?.[1]
        const english = /instead of €([\d.]+\d)/.exec(en)?.[1]
        if (german !== undefined) expect(Number(german.replace(',', '.')), id).toBeCloseTo(usual, 6)
        expect(english, id).toBe(german?.replace(',', '.'))
      }
    }
  })
})

/** 119 → `119`, 89.9 → `89.90` */
function cents(price: number): string {
  return Number.isInteger(price) ? String(price) : price.toFixed(2)
}
