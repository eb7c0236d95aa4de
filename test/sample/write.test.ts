import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { modelInputsSchema } from '../../src/domain/model.ts'
import { readSampleActions, SHOP_FOLDER } from '../../src/sample/actions.ts'
import { generateShop } from '../../src/sample/generate.ts'
import { customersCsv, responsesCsv, transactionsCsv } from '../../src/sample/tables.ts'
import { writeSampleShop } from '../../src/sample/write.ts'

interface Mapping {
  readonly transactions: { readonly columns: Readonly<Record<string, string | { readonly sql: string }>> }
  readonly customers: {
    readonly key: string
    readonly features: readonly { readonly name: string; readonly column?: string; readonly sql?: string }[]
  }
}

interface Dataset {
  readonly actions: { readonly catalogue: string }
  readonly label: { readonly responses: { readonly columns: Readonly<Record<string, string>> } }
  readonly inputs: unknown
}

const read = async (file: string) =>
  parse(await readFile(new URL(`../../src/sample/${file}`, import.meta.url), 'utf8'))
const mapping: Mapping = await read('mapping.yaml')
const dataset: Dataset = await read('dataset.yaml')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-sample-'))
  await writeSampleShop(join(folder, 'new', 'shop'))
})
afterAll(() => rm(folder, { recursive: true }))

const written = async (file: string) => {
  const bytes = await readFile(join(folder, 'new', 'shop', file))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}
const header = async (file: string) => (await written(file)).split('\n', 1)[0]!.split(',')

describe('the written sample', () => {
  it('is three files with what was generated', async () => {
    const shop = generateShop(await readSampleActions())
    expect((await readdir(join(folder, 'new', 'shop'))).sort()).toEqual([
      'customers.csv',
      'responses.csv.gz',
      'transactions.csv.gz',
    ])
    expect(await written('customers.csv')).toBe(customersCsv(shop))
    expect(await written('transactions.csv.gz')).toBe(transactionsCsv(shop))
    expect(await written('responses.csv.gz')).toBe(responsesCsv(shop))
  })

  it('has every column that the mapping and the data set name', async () => {
    const plain = Object.values(mapping.transactions.columns).filter((column) => typeof column === 'string')
    expect(await header('transactions.csv.gz')).toEqual(expect.arrayContaining(plain))
    expect(await header('customers.csv')).toEqual(
      expect.arrayContaining([
        mapping.customers.key,
        ...mapping.customers.features.flatMap((f) => f.column ?? []),
      ]),
    )
    expect(await header('responses.csv.gz')).toEqual(
      expect.arrayContaining(Object.values(dataset.label.responses.columns)),
    )
  })
})

describe('the inputs of the sample model', () => {
  const inputs = modelInputsSchema.parse(dataset.inputs)

  it('have names of their own', () => {
    const names = Object.values(inputs).flatMap((list) => list.map((input) => input.name))
    expect(new Set(names).size).toBe(names.length)
  })

  it('are those of the shop’s own catalogue', () => {
    expect(resolve(SHOP_FOLDER, '..', dataset.actions.catalogue)).toBe(SHOP_FOLDER)
  })

  it('switch on each action of the shop once, in its order', async () => {
    const switches = inputs.action.flatMap((input) =>
      input.source === 'action' && input.property === 'id' ? [input.equals] : [],
    )
    expect(switches).toEqual((await readSampleActions()).map(({ id }) => id))
  })

  it('read every state that an activity answers', () => {
    const features = inputs.customer.flatMap((input) => (input.source === 'customer' ? [input.feature] : []))
    const states = ['late_parcel_days', 'open_return', 'pickup_waiting', 'fit_returns', 'birthday_soon']
    expect(features).toEqual(
      expect.arrayContaining([...states, 'points_expiring', 'tenure_days', 'recency_days']),
    )
    expect(mapping.customers.features.map(({ name }) => name)).toEqual(expect.arrayContaining(states))
  })
})
