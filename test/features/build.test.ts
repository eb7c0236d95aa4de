import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { EmmaError } from '../../src/domain/errors.ts'
import { featureManifestSchema } from '../../src/domain/feature-set.ts'
import { buildFeatures } from '../../src/features/build.ts'
import { literal, withDuck } from '../../src/features/duck.ts'
import { readFeatureManifest, readItems } from '../../src/features/feature-folder.ts'
import {
  AS_OF,
  COLUMNS,
  CUSTOMERS,
  featureRows,
  freshFolder,
  TRANSACTIONS,
  tinyData,
  tinyMapping,
} from './tiny-shop.ts'

async function build(dataFolder: string, mapping = tinyMapping(), asOf = [AS_OF]) {
  const lines: string[] = []
  const outFolder = await freshFolder()
  const built = await buildFeatures({
    mapping,
    dataFolder,
    asOf,
    outFolder,
    onProgress: (line) => lines.push(line),
  })
  return { built, lines, outFolder }
}

async function faultsOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EmmaError)
  return `${(error as EmmaError).code}\n${(error as EmmaError).message}`
}

describe('features of the tiny shop, computed by hand', () => {
  let rows: Map<string, Record<string, number>>
  let folder: string

  beforeAll(async () => {
    const { built } = await build(await tinyData())
    folder = built[0]!.folder
    rows = await featureRows(folder)
  })

  test('buyers before the day and customers of the file have a row, nobody else', () => {
    expect([...rows.keys()]).toEqual(['a', 'b', 'd'])
  })

  test('recency, frequency and value', () => {
    expect(rows.get('a')).toMatchObject({
      recency_days: 22,
      tenure_orders_days: 90,
      orders: 2,
      orders_30d: 1,
      orders_90d: 2,
      orders_365d: 2,
      spend: 32,
      spend_90d: 32,
      spend_365d: 32,
      avg_order_value: 16,
    })
    expect(rows.get('b')).toMatchObject({
      recency_days: 9,
      orders: 1,
      orders_30d: 1,
      spend: 40,
      spend_90d: 40,
    })
  })

  test('basket: prices 5 10 10 12 30, so up to 10 is cheap and above 12 is premium', () => {
    const a = rows.get('a')!
    expect(a).toMatchObject({ avg_lines_per_order: 1.5, avg_unit_price: 9, median_unit_price: 10 })
    expect(a).toMatchObject({ max_unit_price: 12, premium_share: 0, distinct_products: 2 })
    expect(a.cheap_share).toBeCloseTo(2 / 3, 6)
    expect(rows.get('b')).toMatchObject({ cheap_share: 0.5, premium_share: 0.5, median_unit_price: 20 })
  })

  test('rhythm and returns', () => {
    expect(rows.get('a')).toMatchObject({ mean_gap_days: 68, weekend_share: 0.5, returns_share: 0.25 })
    expect(rows.get('a')!.gap_ratio).toBeCloseTo(22 / 68, 6)
    expect(rows.get('b')).toMatchObject({ mean_gap_days: 365, weekend_share: 0, returns_share: 0 })
  })

  test('preferences', () => {
    const a = rows.get('a')!
    expect(a).toMatchObject({ product_lines_p1: 2, product_days_p1: 22, product_orders90_p1: 2 })
    expect(a).toMatchObject({ product_lines_p3: 0, product_days_p3: 9999, product_share_p3: 0 })
    expect(a.product_share_p1).toBeCloseTo(2 / 3, 6)
    expect(a).toMatchObject({ category_lines_home: 1, category_days_home: 90, category_orders90_home: 1 })
  })

  test('comparable customers: of the others who bought P1, which is b, all bought P1 and P3 and none P2', () => {
    expect(rows.get('a')).toMatchObject({ product_peers_p1: 1, product_peers_p2: 0, product_peers_p3: 1 })
    expect(rows.get('b')).toMatchObject({ product_peers_p1: 1, product_peers_p2: 1, product_peers_p3: 0 })
  })

  test('a customer without history has the defaults, and the customer file’s values', async () => {
    const manifest = await readFeatureManifest(folder)
    const expected = Object.fromEntries(manifest.features.map((feature) => [feature.name, feature.default]))
    expect(rows.get('d')).toEqual({ ...expected, tenure_days: 2 })
    expect(expected).toMatchObject({
      recency_days: 9999,
      orders: 0,
      product_peers_p1: 1,
      product_peers_p2: 0.5,
    })
    expect(rows.get('a')).toMatchObject({ late_parcel_days: 3, tenure_days: 120 })
  })

  test('items tell demand, price and the commonest description', async () => {
    const items = await readItems(folder)
    expect(items.map((item) => [item.dimension, item.value])).toEqual([
      ['product', 'P1'],
      ['product', 'P2'],
      ['product', 'P3'],
      ['category', 'home'],
      ['category', 'shoes'],
    ])
    expect(items[0]).toEqual({
      dimension: 'product',
      value: 'P1',
      slug: 'p1',
      label: 'Boot',
      orders: 3,
      orders_30d: 2,
      orders_90d: 3,
      customers: 2,
      customers_30d: 2,
      share_of_customers: 1,
      share_30d: 1,
      trend: 2,
      median_price: 10,
    })
    expect(items[3]!.label).toBe('home')
  })

  test('the manifest is valid, the folder complete, and nothing else is left', async () => {
    const text = await readFile(join(folder, 'manifest.json'), 'utf8')
    expect(featureManifestSchema.parse(JSON.parse(text))).toMatchObject({ asOf: AS_OF, rows: 3 })
    expect((await readdir(folder)).sort()).toEqual(['features.parquet', 'items.ndjson', 'manifest.json'])
    expect(await readdir(join(folder, '..'))).toEqual([AS_OF])
  })
})

describe('the version', () => {
  test('is the same for the same input, in another order, format and place, and after a second run', async () => {
    const [header, ...lines] = TRANSACTIONS.trim().split('\n')
    const reversed = [header, ...lines.reverse()].join('\n')
    const ndjson = lines
      .map((line) => {
        const cells = line.split(',')
        return JSON.stringify(Object.fromEntries(header!.split(',').map((name, i) => [name, cells[i]])))
      })
      .join('\n')
    const mapping = tinyMapping({ transactions: { files: ['transactions.*'], columns: COLUMNS } })
    const parquet = await freshFolder({ 'customers.csv': CUSTOMERS })
    await withDuck(async (duck) => {
      const csv = await freshFolder({ 't.csv': TRANSACTIONS })
      await duck.run(
        `COPY (SELECT * FROM read_csv(${literal(join(csv, 't.csv'))})) TO ${literal(join(parquet, 'transactions.parquet'))}`,
      )
    })
    const folders = [
      await tinyData(),
      await freshFolder({ 'transactions.csv.gz': gzipSync(reversed), 'customers.csv': CUSTOMERS }),
      await freshFolder({ 'transactions.ndjson': ndjson, 'customers.csv': CUSTOMERS }),
      await freshFolder({ 'transactions.ndjson.gz': gzipSync(ndjson), 'customers.csv': CUSTOMERS }),
      parquet,
    ]
    const versions = new Set<string>()
    for (const folder of folders) versions.add((await build(folder, mapping)).built[0]!.manifest.version)
    const { outFolder } = await build(folders[0]!, mapping)
    const [again] = await buildFeatures({ mapping, dataFolder: folders[0]!, asOf: [AS_OF], outFolder })
    versions.add(again!.manifest.version)
    expect([...versions]).toHaveLength(1)
    expect(await readdir(outFolder)).toEqual([AS_OF])
  })

  test('does not depend on the order in which the database keeps the rows', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, i) => `c${i},o${i},2026-02-01,P${i % 3},x,X,1,${1 + (i % 7)}\n`,
    )
    const header = TRANSACTIONS.split('\n')[0]
    const versions = new Set<string>()
    for (const rows of [lines, lines.toReversed()]) {
      const data = await freshFolder({ 'transactions.csv': `${header}\n${rows.join('')}` })
      versions.add((await build(data, tinyMapping({ customers: undefined }))).built[0]!.manifest.version)
    }
    expect([...versions]).toHaveLength(1)
  })

  test('differs when a value differs', async () => {
    const dear = await freshFolder({
      'transactions.csv': TRANSACTIONS.replace('30.00', '30.01'),
      'customers.csv': CUSTOMERS,
    })
    const [one, other] = [await build(await tinyData()), await build(dear)]
    expect(one.built[0]!.manifest.version).not.toBe(other.built[0]!.manifest.version)
  })

  test('does not depend on what happens on the day or after it', async () => {
    const { built } = await build(await tinyData())
    const later = fc.record({
      customer: fc.constantFrom('a', 'b', 'e'),
      day: fc.integer({ min: 1, max: 28 }),
      product: fc.constantFrom('P1', 'P2', 'P9'),
      quantity: fc.integer({ min: -3, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(later, { minLength: 1, maxLength: 6 }), async (rows) => {
        const added = rows.map(
          ({ customer, day, product, quantity }, i) =>
            `${customer},n${i},2026-03-${String(day).padStart(2, '0')}T00:00:00,${product},new,New,${quantity},99`,
        )
        const data = await freshFolder({
          'transactions.csv': `${TRANSACTIONS}${added.join('\n')}\n`,
          'customers.csv': CUSTOMERS,
        })
        expect((await build(data)).built[0]!.manifest).toEqual(built[0]!.manifest)
      }),
      { numRuns: 6 },
    )
  })
})

describe('several days in one run', () => {
  test('use the list of the last day, and each only its own history', async () => {
    const mapping = tinyMapping({ dimensions: [{ name: 'product', column: 'product', top: 2 }] })
    const { built } = await build(await tinyData(), mapping, ['2026-03-05', '2026-02-01', '2026-03-05'])
    expect(built.map(({ manifest }) => manifest.asOf)).toEqual(['2026-02-01', '2026-03-05'])
    expect(built.map(({ manifest }) => manifest.dimensions)).toEqual([
      [{ name: 'product', values: ['P1', 'P2'] }],
      [{ name: 'product', values: ['P1', 'P2'] }],
    ])
    expect((await featureRows(built[0]!.folder)).get('a')).toMatchObject({ orders: 1, product_lines_p1: 1 })
    expect((await readItems(built[0]!.folder))[0]).toMatchObject({ value: 'P1', customers: 1 })
  })
})

describe('what cannot be read', () => {
  test('is counted and told with its row and reason, and the rest is used', async () => {
    const data = await freshFolder({
      'transactions.csv': `${TRANSACTIONS}b,o7,yesterday,P1,shoes,Boot,1,10.00
b,o8,2026-02-21T09:00:00,P1,shoes,Boot,many,10.00
b,o9,2026-02-21T09:00:00,P1,shoes,Boot,1,free
b,o9,2026-02-21T09:00:00,,shoes,Boot,1,10.00
b,o9
`,
      'customers.csv': `id,member_since,late_parcel_days
a,soon,3
b,2026-01-01,lots
d,2026-02-27,300
${Array.from({ length: 10 }, (_, i) => `x${i},2026-01-01,0\n`).join('')}`,
    })
    const { built, lines } = await build(data)
    expect(lines).toEqual(
      expect.arrayContaining([
        'rows without a customer, which count for nobody: 1',
        'left out 1 row of transactions.csv: missing columns (line 14)',
        'left out 1 row of transactions.csv: the time is not a date and time (data row 9)',
        'left out 1 row of transactions.csv: the quantity is not a number (data row 10)',
        'left out 1 row of transactions.csv: the price is not a number (data row 11)',
        'left out 1 row of transactions.csv: the product is empty (data row 12)',
        'left out 2 rows of customers.csv: late_parcel_days is not a number that u8 holds, so its default stands (data row 2, 3)',
        'left out 1 row of customers.csv: column member_since is not a date (data row 1)',
      ]),
    )
    expect((await featureRows(built[0]!.folder)).get('b')).toMatchObject({ orders: 1, late_parcel_days: 0 })
  })

  test('names the first reason when nothing at all can be read, and counts what was left out', async () => {
    const data = await freshFolder({
      'transactions.csv':
        'customer,order,at,product,category,description,quantity,price\na,o1,01.02.2026,P1,shoes,Boot,1,10\n',
      'customers.csv': CUSTOMERS,
    })
    expect(await faultsOf(build(data))).toContain(
      'that can be read: left out 1 row of transactions.csv: the time is not a date and time (data row 1)',
    )
  })

  test('whoever only brought something back is left out, and that is told', async () => {
    const data = await freshFolder({
      'transactions.csv': `${TRANSACTIONS}ghost,o9,2026-02-21T09:00:00,P1,shoes,Boot,-1,10.00\n`,
      'customers.csv': CUSTOMERS,
    })
    const { built, lines } = await build(data)
    expect(lines).toContain('customers left out, for they bought nothing before 2026-03-01: 1')
    expect((await featureRows(built[0]!.folder)).has('ghost')).toBe(false)
  })

  test('an expression over a column that is mostly no date is refused, not guessed', async () => {
    const data = await freshFolder({
      'transactions.csv': TRANSACTIONS,
      'customers.csv': 'id,member_since,late_parcel_days\na,soon,3\nb,2026-01-01,1\n',
    })
    expect(await faultsOf(build(data))).toContain('customers.features.tenure_days: this SQL does not fit')
  })

  test('a broken NDJSON line is told', async () => {
    const line = (order: string) =>
      JSON.stringify({ customer: 'a', order, at: '2026-02-01', product: 'P1', quantity: 1, price: 2.5 })
    const data = await freshFolder({
      'transactions.ndjson': `${line('1')}\n{"customer":\n[1]\n${line('2')}\n`,
    })
    const { category: _, description: __, ...columns } = COLUMNS
    const mapping = tinyMapping({
      transactions: { files: ['*.ndjson'], columns },
      customers: undefined,
      dimensions: [{ name: 'product', column: 'product', values: 'all' }],
    })
    const { built, lines } = await build(data, mapping)
    expect(lines).toContain('left out 2 rows of transactions.ndjson: not a JSON object (line 2, 3)')
    expect((await featureRows(built[0]!.folder)).get('a')).toMatchObject({ orders: 2, spend: 5 })
  })

  test('an offset of a time counts: 00:30+01:00 on the day is the day before', async () => {
    const data = await freshFolder({
      'transactions.csv': TRANSACTIONS.replace('2026-03-01T00:00:00', '2026-03-01T00:30:00+01:00'),
      'customers.csv': CUSTOMERS,
    })
    const { built } = await build(data)
    expect((await featureRows(built[0]!.folder)).get('c')).toMatchObject({ orders: 1, recency_days: 1 })
  })
})

describe('refused with a sentence', () => {
  test('missing files and columns, all together', async () => {
    const mapping = tinyMapping({
      transactions: {
        files: ['*.csv', '*.parquet'],
        columns: { ...COLUMNS, order: 'bon', product: { sql: 'upper(sku)' } },
      },
    })
    const data = await freshFolder({ 'transactions.csv': TRANSACTIONS })
    const message = await faultsOf(build(data, mapping))
    expect(message).toContain('mapping_invalid\ntransactions.files: no file in ')
    expect(message).toContain('fits "*.parquet"')
    expect(message).toContain(
      'transactions.columns.order: transactions.csv has no column "bon"; use one of its columns: ',
    )
    expect(message).toContain('transactions.columns.product: this SQL does not fit transactions.csv')
  })

  test('values that give the same feature name', async () => {
    const data = await freshFolder({
      'transactions.csv': TRANSACTIONS.replaceAll('P2', 'P-3').replaceAll('P3', 'p 3'),
      'customers.csv': CUSTOMERS,
    })
    const message = await faultsOf(build(data))
    expect(message).toContain('the values "P-3" and "p 3" give the same feature name (p_3)')
  })

  test('a feature name of the starter set', async () => {
    const feature = { name: 'orders', column: 'id', storage: 'f32', unit: 'x', default: 0, meaning: 'x' }
    const mapping = tinyMapping({ customers: { files: ['customers.csv'], key: 'id', features: [feature] } })
    expect(await faultsOf(build(await tinyData(), mapping))).toContain(
      'the feature name orders is used twice',
    )
  })

  test('a customer with two rows', async () => {
    const data = await freshFolder({
      'transactions.csv': TRANSACTIONS,
      'customers.csv': `${CUSTOMERS}a,2026-01-01,1\n`,
    })
    expect(await faultsOf(build(data))).toContain(
      'customers.csv: row 3: the customer of this row has a row already',
    )
  })

  test('a day that is none, a day before any purchase; and the folder stays as it was', async () => {
    expect(await faultsOf(build(await tinyData(), tinyMapping(), ['2026-02-30']))).toContain(
      'usage_invalid\n--as-of: "2026-02-30" is not a day',
    )
    const outFolder = await freshFolder()
    const work = buildFeatures({
      mapping: tinyMapping({ dimensions: [] }),
      dataFolder: await tinyData(),
      asOf: ['2025-01-01'],
      outFolder,
    })
    expect(await faultsOf(work)).toContain('there is no purchase before this day')
    expect(await readdir(outFolder)).toEqual([])
  })
})
