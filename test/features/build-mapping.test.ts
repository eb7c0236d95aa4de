import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EmmaError } from '../../src/domain/errors.ts'
import { readMapping } from '../../src/features/mapping.ts'
import { freshFolder } from './tiny-shop.ts'

const GOOD = `schema: emma/mapping-v1
name: shop
transactions:
  files: ["*.csv"]
  columns: { customer: c, order: o, at: t, product: p, quantity: q, unitPrice: { sql: "try_cast(u AS DOUBLE) / 100" } }
dimensions:
  - { name: product, column: product, top: 5 }
`

async function read(text: string) {
  const folder = await freshFolder({ 'mapping.yaml': text })
  try {
    return await readMapping(join(folder, 'mapping.yaml'))
  } catch (error) {
    expect(error).toBeInstanceOf(EmmaError)
    return (error as EmmaError).message.replaceAll(folder, '')
  }
}

test('a good mapping is read', async () => {
  expect(await read(GOOD)).toMatchObject({ name: 'shop', dimensions: [{ top: 5 }] })
})

test.each([
  [
    'a missing key',
    GOOD.replace('customer: c, ', ''),
    '/mapping.yaml:5:3 (transactions.columns.customer): this is missing; write a column’s name',
  ],
  [
    'an unknown key',
    GOOD.replace('name: shop', 'name: shop\nfile: x'),
    '/mapping.yaml:3:1 (file): unknown key "file"',
  ],
  [
    'a wrong column',
    GOOD.replace('order: o', 'order: 7'),
    '/mapping.yaml:5:27 (transactions.columns.order): write a column’s name',
  ],
  [
    'no values',
    GOOD.replace('top: 5', 'orderedBy: orders'),
    '/mapping.yaml:7:5 (dimensions.0): say either values: all or top: N',
  ],
  ['both values', GOOD.replace('top: 5', 'top: 5, values: all'), 'say either values: all or top: N'],
  [
    'a category that is not mapped',
    GOOD.replace('column: product', 'column: category'),
    'does not say which column',
  ],
  ['a name that is taken', GOOD.replace('name: product', 'name: label'), 'this name is taken'],
  ['an alias', GOOD.replace('name: shop', 'name: *shop'), '/mapping.yaml:2:7'],
  ['a tag', GOOD.replace('name: shop', 'name: !shop x'), '/mapping.yaml:2:7'],
  ['no YAML', '{', '/mapping.yaml:1:2: flow map must end with a }'],
])('%s is refused with its place', async (_, text, sentence) => {
  expect(await read(text)).toContain(sentence)
})

test('all faults come together', async () => {
  const text = GOOD.replace('order: o', 'order: 7')
    .replace('top: 5', 'top: 0')
    .replace('name: shop', 'name: ""')
  expect(String(await read(text)).split('\n')).toHaveLength(3)
})

test('a file that is not there', async () => {
  await expect(readMapping('/nowhere/mapping.yaml')).rejects.toThrow('the file cannot be read (ENOENT)')
})
