import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { makeCustomers } from '../../src/customers/change-customer.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { FeatureManifest } from '../../src/domain/feature-set.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { contact, DAY, HORIZON, NOW } from '../stores/contract/examples.ts'

const CATALOGUE = `
schema: emma/v1
types: { customer: { age: number } }
placements: [{ id: hero, channel: web }]
actions: [{ id: a, treatments: [{ id: t, for: [hero], content: { en: A } }] }]
`
const catalogue = buildCatalogue(parseWritten(CATALOGUE, 'shop.yaml', 'catalogue_invalid'))
const anna = 'anna' as CustomerId

const manifest = (version: string, ...names: string[]): FeatureManifest => ({
  format: 'emma-features/1',
  name: 'shop',
  version: version.repeat(16),
  asOf: '2026-11-01',
  source: 'by hand',
  rows: 0,
  data: 'features.csv',
  key: 'customer',
  dimensions: [],
  features: names.map((name) => ({ name, storage: 'u8', unit: '', default: 0, meaning: '' })),
})

let folder: string
let store: EmbeddedStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-customers-'))
  store = await openEmbeddedStore(folder, undefined)
  await store.loader.activate(manifest('a', 'visits', 'orders'))
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

describe('makeCustomers', () => {
  it('refuses features that were checked against a set which another process has switched meanwhile', async () => {
    const slow = {
      ...store,
      async upsert(...change: Parameters<EmbeddedStore['upsert']>) {
        await store.loader.activate(manifest('b', 'orders', 'visits'))
        await store.upsert(...change)
      },
    }
    const customers = makeCustomers(slow, () => catalogue, Date.now)
    const change = customers.change(anna, { attributes: { age: 3 }, features: { values: { visits: 7 } } })
    await expect(change).rejects.toMatchObject({ code: 'features_invalid' })
    await expect(customers.read(anna)).rejects.toMatchObject({ code: 'unknown_customer' })
  })

  it('keeps attributes over a switch, and starts features anew from the set in use', async () => {
    const customers = makeCustomers(
      store,
      () => catalogue,
      () => 1_793_534_400_000,
    )
    await customers.change(anna, { attributes: { age: 3 }, features: { values: { visits: 7, orders: 1 } } })
    await store.loader.activate(manifest('b', 'orders', 'visits'))
    expect(await customers.read(anna)).toMatchObject({
      profile: { attributes: { age: 3 }, updatedAt: 1_793_534_400_000 },
      vector: null,
      vectorDamaged: false,
    })
    const changed = await customers.change(anna, { features: { values: { visits: 9 } } })
    expect([...changed.vector!]).toEqual([0, 9])
  })

  it('tells faults of attributes, preferences and features together, and changes nothing', async () => {
    const customers = makeCustomers(store, () => catalogue, Date.now)
    const wrong = {
      attributes: { age: 'x' },
      preferences: { refusedTopics: ['boats'], timeZone: 'UTC' },
      features: { values: { visits: -1 } },
    }
    await expect(customers.change(anna, wrong)).rejects.toMatchObject({
      code: 'invalid_request',
      faults: [
        { place: '/attributes/age' },
        { place: '/preferences/refusedTopics/0' },
        { place: '/features/values/visits' },
      ],
    })
    await expect(customers.change(anna, { ...wrong, attributes: {} })).rejects.toMatchObject({
      code: 'unknown_group',
    })
    await expect(customers.read(anna)).rejects.toMatchObject({ code: 'unknown_customer' })
  })

  it('keeps wishes as they were checked', async () => {
    const customers = makeCustomers(store, () => catalogue, Date.now)
    const changed = await customers.change(anna, { preferences: { timeZone: 'europe/berlin', pauses: [{}] } })
    expect(changed.profile?.preferences).toEqual({ timeZone: 'Europe/Berlin', pauses: [{}] })
    const forgotten = await customers.change(anna, { preferences: { pauses: null } })
    expect(forgotten.profile?.preferences).toEqual({ timeZone: 'Europe/Berlin' })
  })

  it('knows a customer of whom nothing but contacts or consent is told', async () => {
    const customers = makeCustomers(store, () => catalogue, Date.now)
    await expect(customers.read(anna)).rejects.toMatchObject({ code: 'unknown_customer' })
    await store.recordContacts([{ subject: { customer: anna }, contact: contact(1) }], NOW, HORIZON)
    expect((await customers.read(anna)).ledger.contacts).toHaveLength(1)
    const bert = 'bert' as CustomerId
    const old = contact(1, { at: NOW - 200 * DAY })
    await store.recordContacts([{ subject: { customer: bert }, contact: old }], NOW, HORIZON)
    expect((await customers.read(bert)).ledger.days).toHaveLength(1)
  })
})
