import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DatasetManifest, exportDataset } from '../../src/dataset/export.ts'
import { splitOf } from '../../src/dataset/split.ts'
import { compileRowPlan, type ModelAction } from '../../src/decide/model-rows.ts'
import { EmmaError } from '../../src/domain/errors.ts'
import { compileFeatureSet, packVector, unpackVector } from '../../src/domain/feature-set.ts'
import { buildFeatures } from '../../src/features/build.ts'
import { itemAttributes } from '../../src/features/draft-catalogue.ts'
import { readFeatureManifest, readItems } from '../../src/features/feature-folder.ts'
import { CUSTOMERS, featureRows, freshFolder, TRANSACTIONS } from '../features/tiny-shop.ts'

const MAPPING = `schema: emma/mapping-v1
name: tiny
transactions:
  files: [transactions.csv]
  columns: { customer: customer, order: order, at: at, product: product, category: category, description: description,
    quantity: quantity, unitPrice: price }
customers: { files: [customers.csv], key: id, features: [] }
dimensions:
  - { name: product, column: product, top: 3 }
  - { name: category, column: category, values: all }
`

const INPUTS = `inputs:
  customer:
    - { name: recency, source: customer, feature: recency_days }
    - { name: web, source: context, property: channel, equals: web }
  action:
    - { name: price, source: action, attribute: price }
  pair:
    - { name: days, source: pair, feature: "product_days_{product}", missing: 9999 }
    - { name: share, source: pair, feature: "product_share_{product}" }
`

const PURCHASES = `schema: emma/dataset-v1
mapping: mapping.yaml
actions: { dimension: product }
label: { purchaseWithin: 30d }
context: { channel: web }
split: { salt: "tiny:", heldOut: [0, 19], dev: [20, 35] }
${INPUTS}`

/** `late` are purchases after the as-of day; the last makes the window covered. */
const DATA = `${TRANSACTIONS}a,o10,2026-03-30T23:59:59,P3,home,Lamp,1,30
b,o11,2026-03-10T10:00:00,P1,shoes,Boot,-1,10
b,o12,2026-03-31T00:00:00,P2,home,Mug,1,5
`

let shop: string
beforeAll(async () => {
  shop = await freshFolder({
    'transactions.csv': DATA,
    'customers.csv': CUSTOMERS,
    'mapping.yaml': MAPPING,
    'spec.yaml': PURCHASES,
  })
  await buildFeatures({
    mapping: join(shop, 'mapping.yaml'),
    dataFolder: shop,
    asOf: ['2026-02-01', '2026-03-01', '2026-03-20'],
    outFolder: join(shop, 'features'),
  })
})

interface Loaded {
  manifest: DatasetManifest
  rows: number[][]
  labels: number[]
  customers: string[]
  actions: string[]
  asOf: string[]
  split: number[]
}

async function load(specFile: string): Promise<Loaded> {
  const out = join(await freshFolder(), 'dataset')
  const manifest = await exportDataset({
    specFile,
    dataFolder: shop,
    featuresFolder: join(shop, 'features'),
    outFolder: out,
  })
  const file = async (name: string) => {
    const bytes = await readFile(join(out, name))
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  }
  const names = async (name: string) => (await readFile(join(out, name), 'utf8')).trim().split('\n')
  const { customer, action, pair } = manifest.widths
  const width = customer + action + pair
  const floats = [...new Float32Array(await file('rows.f32'))]
  const customers = await names('customers.txt')
  const actions = await names('actions.txt')
  expect(JSON.parse(await readFile(join(out, 'dataset.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(manifest)),
  )
  expect(actions).toEqual(manifest.actions)
  expect(floats).toHaveLength(manifest.rows * width)
  return {
    manifest,
    rows: Array.from({ length: manifest.rows }, (_, i) => floats.slice(i * width, (i + 1) * width)),
    labels: [...new Uint8Array(await file('labels.u8'))],
    customers: [...new Uint32Array(await file('customer.u32'))].map((index) => customers[index]!),
    actions: [...new Uint16Array(await file('action.u16'))].map((index) => actions[index]!),
    asOf: [...new Uint8Array(await file('asof.u8'))].map((index) => manifest.asOf[index]!),
    split: [...new Uint8Array(await file('split.u8'))],
  }
}

/** What serving would compute for one customer and action: the folder's vector, packed, through the row plan. */
async function served(asOf: string, customer: string, position: number, actions: readonly ModelAction[]) {
  const folder = join(shop, 'features', asOf)
  const set = compileFeatureSet(await readFeatureManifest(folder))
  const row = (await featureRows(folder)).get(customer)
  const values = row === undefined ? set.defaults : set.manifest.features.map((feature) => row[feature.name]!)
  const vector = unpackVector(set, packVector(set, values)) as Float32Array
  const { inputs } = (await load(join(shop, 'spec.yaml'))).manifest
  const rows = compileRowPlan(inputs, actions, set).rows(
    vector,
    { channel: 'web', hour: 0, weekday: 0, fields: {} },
    [position],
  )
  return [...rows.customer, ...rows.action, ...rows.pair]
}

async function itemActions(asOf: string): Promise<ModelAction[]> {
  const items = (await readItems(join(shop, 'features', asOf))).filter((item) => item.dimension === 'product')
  return items.map((item) => ({
    id: item.value,
    kind: 'offer',
    tier: 'marketing',
    group: 'best-sellers',
    attributes: itemAttributes(item),
  }))
}

describe('purchases within a window', () => {
  test('every buyer × every action, with what was bought in [day, day + 30) as label', async () => {
    const { manifest, labels, customers, actions, asOf } = await load(join(shop, 'spec.yaml'))
    const rows = labels.map((label, i) => `${asOf[i]} ${customers[i]} ${actions[i]} ${label}`)
    expect(rows).toEqual([
      // The list is that of the last day: P1 and P2 in 3 and 2 orders, P3 in 1.
      '2026-02-01 a P1 1',
      '2026-02-01 a P2 0',
      '2026-02-01 a P3 0',
      '2026-03-01 a P1 0',
      '2026-03-01 a P2 0',
      '2026-03-01 a P3 1',
      '2026-03-01 b P1 0',
      '2026-03-01 b P2 0',
      '2026-03-01 b P3 0',
    ])
    expect(manifest).toMatchObject({ rows: 9, baseRate: 2 / 9, widths: { customer: 2, action: 1, pair: 2 } })
    expect(manifest.skipped.days).toEqual(['2026-03-20'])
  })

  test('rows are what serving computes, and f16 is rounded', async () => {
    const { rows } = await load(join(shop, 'spec.yaml'))
    const actions = await itemActions('2026-03-01')
    expect(rows[3]).toEqual(await served('2026-03-01', 'a', 0, actions))
    expect(rows[8]).toEqual(await served('2026-03-01', 'b', 2, actions))
    // recency, web, price of P1, days since, share 2/3 in 11 bits
    expect(rows[3]).toEqual([22, 1, 10, 22, 0.66650390625])
    expect(rows[5]!.slice(3)).toEqual([10000, 0])
  })

  test('the split is by the hash of salt and customer', async () => {
    const { split, customers } = await load(join(shop, 'spec.yaml'))
    const spec = { salt: 'tiny:', heldOut: [0, 19] as [number, number], dev: [20, 35] as [number, number] }
    expect(split).toEqual(customers.map((id) => splitOf(id, spec)))
    const buckets = Array.from({ length: 2000 }, (_, i) => splitOf(`c${i}`, spec))
    expect(buckets.filter((part) => part === 2).length / 2000).toBeCloseTo(0.2, 1)
    expect(buckets.filter((part) => part === 1).length / 2000).toBeCloseTo(0.16, 1)
  })
})

describe('responses', () => {
  const RESPONSES = `customer,action,channel,at,converted
a,boots,web,2026-01-15T10:00:00,1
b,boots,email,2026-03-02T17:30:00,true
a,mug,web,2026-02-28T23:30:00,0
z,boots,app,2026-03-25T08:00:00,0
a,hat,web,2026-03-02T10:00:00,1
a,boots,web,2026-03-02T10:00:00,maybe
`
  const CATALOGUE = `schema: emma/v1
actions:
  - { id: boots, tier: marketing, group: shoes, attributes: { product: P1, price: 89.9 } }
  - { id: mug, attributes: { product: P2, price: 5 } }
`
  const SPEC = `schema: emma/dataset-v1
mapping: mapping.yaml
actions: { catalogue: shop.yaml }
label:
  responses:
    files: [responses.csv]
    columns: { customer: customer, action: action, channel: channel, at: at, converted: converted }
timeZone: Europe/Berlin
split: { salt: "tiny:", heldOut: [0, 19], dev: [20, 35] }
${INPUTS.replace(
  '  action:\n',
  `    - { name: hour, source: context, property: hour }
    - { name: weekday, source: context, property: weekday }
  action:
    - { name: shoes, source: action, property: group, equals: shoes }
`,
)}`

  test('one row each, with the newest features before it and the time of the place', async () => {
    const data = await freshFolder({
      'responses.csv': RESPONSES,
      'shop.yaml': CATALOGUE,
      'mapping.yaml': MAPPING,
      'spec.yaml': SPEC,
    })
    const out = join(data, 'dataset')
    const told: string[] = []
    const manifest = await exportDataset({
      specFile: join(data, 'spec.yaml'),
      dataFolder: data,
      featuresFolder: join(shop, 'features'),
      outFolder: out,
      onProgress: (line) => told.push(line),
    })
    expect(manifest.skipped).toEqual({ days: [], unreadable: 1, beforeFirstFeatures: 1, unknownAction: 1 })
    expect(told[0]).toBe('left out 1 row of responses.csv: converted is not 0, 1, true or false (data row 6)')
    expect(await readFile(join(out, 'customers.txt'), 'utf8')).toBe('a\nb\nz\n')
    const bytes = await readFile(join(out, 'rows.f32'))
    const floats = [
      ...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    ]
    const rows = Array.from({ length: 3 }, (_, i) => floats.slice(i * 8, i * 8 + 8))
    expect(rows.map((row) => row.map((value) => Math.round(value * 100) / 100))).toEqual([
      // recency, web, hour and weekday in Berlin, shoes, price, days, share
      [62, 1, 0, 0, 0, 5, 62, 0.5],
      [9, 0, 18, 1, 1, 89.9, 9, 0.5],
      // Nobody knows z: the defaults, as serving takes them.
      [9999, 0, 9, 3, 1, 89.9, 10000, 0],
    ])
    expect([...(await readFile(join(out, 'labels.u8')))]).toEqual([0, 1, 0])
    expect([...(await readFile(join(out, 'asof.u8')))]).toEqual([0, 1, 2])
  })
})

describe('refused with a sentence', () => {
  test.each([
    ['no label', PURCHASES.replace('purchaseWithin: 30d', ''), 'say either purchaseWithin or responses'],
    [
      'no dimension',
      PURCHASES.replace('dimension: product', 'catalogue: x.yaml'),
      'purchaseWithin needs the dimension',
    ],
    ['overlapping splits', PURCHASES.replace('[20, 35]', '[10, 35]'), 'heldOut and dev must not overlap'],
    [
      'an hour nobody knows',
      PURCHASES.replace('channel, equals: web', 'hour'),
      'purchaseWithin has no hour or weekday',
    ],
    ['a channel nobody says', PURCHASES.replace('context: { channel: web }\n', ''), 'say which channel'],
    [
      'another dimension',
      PURCHASES.replace('dimension: product', 'dimension: brand'),
      'no dimension "brand"',
    ],
    ['an unknown feature', PURCHASES.replace('recency_days', 'mood'), 'the model reads mood'],
  ])('%s', async (_, spec, sentence) => {
    const folder = await freshFolder({ 'spec.yaml': spec, 'mapping.yaml': MAPPING })
    const work = exportDataset({
      specFile: join(folder, 'spec.yaml'),
      dataFolder: shop,
      featuresFolder: join(shop, 'features'),
      outFolder: join(folder, 'out'),
    })
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(EmmaError)
    expect((error as Error).message).toContain(sentence)
  })

  test('a folder without features', async () => {
    const work = exportDataset({
      specFile: join(shop, 'spec.yaml'),
      dataFolder: shop,
      featuresFolder: join(shop, 'nothing'),
      outFolder: join(shop, 'out'),
    })
    await expect(work).rejects.toThrow('there is no feature folder')
  })
})
