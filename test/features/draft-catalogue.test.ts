import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { registerCatalogueDraft } from '../../src/cli/commands/catalogue-draft.ts'
import { buildFeatures } from '../../src/features/build.ts'
import { draftCatalogue, itemAttributes } from '../../src/features/draft-catalogue.ts'
import type { Item } from '../../src/features/feature-folder.ts'
import { AS_OF, freshFolder, tinyData, tinyMapping } from './tiny-shop.ts'

const OPTIONS = {
  dimension: 'product',
  channel: 'web',
  placement: 'home',
  model: 'shop',
  currency: 'GBP',
  within: '30d',
  timeZone: 'Europe/London',
  asOf: AS_OF,
}

function item(value: string, label = 'A mug'): Item {
  return {
    dimension: 'product',
    value,
    slug: value.toLowerCase(),
    label,
    orders: 9,
    orders_30d: 3,
    orders_90d: 6,
    customers: 8,
    customers_30d: 2,
    share_of_customers: 0.4,
    share_30d: 0.1,
    trend: 1.5,
    median_price: 12.75,
  }
}

test('one offer for every value of the dimension, and none of others', () => {
  const text = draftCatalogue([item('85123A'), { ...item('home'), dimension: 'category' }], OPTIONS)
  expect(parse(text)).toEqual({
    schema: 'emma/v1',
    defaults: { currency: 'GBP', locale: 'en-GB', timeZone: 'Europe/London' },
    channels: { web: { direction: 'inbound' } },
    target: { outcome: 'conversion', within: '30d' },
    models: [{ id: 'shop' }],
    placements: [
      {
        id: 'home',
        channel: 'web',
        contentType: 'json',
        order: 1,
        fallback: { headline: 'Our best sellers' },
      },
    ],
    groups: [{ id: 'best-sellers' }],
    actions: [
      {
        id: '85123A',
        kind: 'offer',
        tier: 'marketing',
        group: 'best-sellers',
        value: 3.83,
        attributes: itemAttributes(item('85123A')),
        treatments: [
          {
            id: '85123A-home',
            for: ['home'],
            content: { en: { headline: 'A mug', product: '85123A', price: 12.75 } },
          },
        ],
      },
    ],
  })
  expect(text).toContain('value: 3.83 # placeholder')
})

test.each(['22423', '1e5', 'no', '0x1F', '- x: &y', 'null', '"', '# 5'])('%s stays text', (value) => {
  const { actions } = parse(draftCatalogue([item(value, value)], OPTIONS))
  expect(actions[0]).toMatchObject({ id: value, attributes: { product: value, label: value } })
})

test('an unknown dimension is refused, naming the known', () => {
  expect(() => draftCatalogue([item('a')], { ...OPTIONS, dimension: 'brand' })).toThrow(
    '--dimension: the feature set has no dimension "brand"; use one of its dimensions: product',
  )
})

test('a dimension named like what every action has is refused', () => {
  const group = { ...item('a'), dimension: 'group' }
  expect(() => draftCatalogue([group], { ...OPTIONS, dimension: 'group' })).toThrow(
    '--dimension: an action has a group of its own, so no attribute can be called so; give the dimension another name in the mapping, and build the features again',
  )
})

test('the command writes the file once, and again only with --force', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const folder = await freshFolder()
  await buildFeatures({
    mapping: tinyMapping(),
    dataFolder: await tinyData(),
    asOf: [AS_OF],
    outFolder: folder,
  })
  const out = join(folder, 'shop.yaml')
  const flags = ['--features', join(folder, AS_OF), '--dimension', 'product', '--channel', 'web']
  const run = async (...more: string[]) => {
    const program = new Command('emma')
    registerCatalogueDraft(program)
    const rest = ['--placement', 'home', '--currency', 'EUR', '--out', out, ...more]
    await program.parseAsync(['catalogue', 'draft', ...flags, ...rest], { from: 'user' })
  }
  await run()
  expect(parse(await readFile(out, 'utf8')).actions).toHaveLength(3)
  await expect(run()).rejects.toThrow('this file exists already')
  await run('--force')
})
