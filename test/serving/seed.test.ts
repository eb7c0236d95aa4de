import { beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../../src/domain/errors.ts'
import type { Publication } from '../../src/ports/catalogue-store.ts'
import { type SeedParts, seedCatalogue } from '../../src/serving/seed.ts'
import { stored } from '../../src/serving/stored-document.ts'
import { type FakeCatalogueStore, makeFakeCatalogueStore } from './fake-catalogue-store.ts'

let store: FakeCatalogueStore
let told: [string, string][]
beforeEach(() => {
  store = makeFakeCatalogueStore()
  told = []
})

/** Starts a process whose sample, or whose CATALOGUE `shop.yaml`, has a version. */
const start = (version: string, given: 'sample' | 'shop.yaml', more: Partial<SeedParts> = {}) =>
  seedCatalogue({
    store,
    given: given === 'sample' ? null : given,
    read: async () => stored({ is: version }, version),
    build: () => ({ version }) as ReturnType<SeedParts['build']>,
    clock: () => 42,
    onDifference: (serving, path) => told.push([serving.version, path]),
    ...more,
  })
const all = async () =>
  (await store.publications(100)).map(({ version, origin }) => `${origin} ${version}`).reverse()

describe('seeding', () => {
  it.each([
    ['an empty store with the sample', [], 'sample', 'new', ['sample new'], []],
    ['an empty store with CATALOGUE', [], 'shop.yaml', 'new', ['seed new'], []],
    ['an older sample with a newer one', ['sample old'], 'sample', 'new', ['sample old', 'sample new'], []],
    ['the same sample with nothing', ['sample same'], 'sample', 'same', ['sample same'], []],
    ['a sample with CATALOGUE', ['sample old'], 'shop.yaml', 'new', ['sample old', 'seed new'], []],
    ['what CATALOGUE seeded with nothing', ['seed old'], 'sample', 'new', ['seed old'], []],
    [
      'what CATALOGUE seeded not with another',
      ['seed old'],
      'shop.yaml',
      'new',
      ['seed old'],
      [['old', 'shop.yaml']],
    ],
    ['what was published not with the sample', ['publish old'], 'sample', 'new', ['publish old'], []],
    [
      'what was published not with CATALOGUE',
      ['publish old'],
      'shop.yaml',
      'new',
      ['publish old'],
      [['old', 'shop.yaml']],
    ],
    [
      'what was rolled back to not either',
      ['rollback old'],
      'shop.yaml',
      'new',
      ['rollback old'],
      [['old', 'shop.yaml']],
    ],
    ['what CATALOGUE holds too with nothing', ['publish same'], 'shop.yaml', 'same', ['publish same'], []],
  ] as const)('replaces %s', async (_, before, given, version, after, differences) => {
    for (const entry of before) {
      const [origin, old] = entry.split(' ') as [Publication['origin'], string]
      store.add(old, {}, origin)
    }
    await start(version, given)
    expect(await all()).toEqual(after)
    expect(told).toEqual(differences)
  })

  it('stores the document as it was written, with the moment and who it was', async () => {
    await start('new', 'sample')
    expect(await store.document('new')).toEqual({ is: 'new' })
    expect(await store.newestPublication()).toEqual({
      ...{ sequence: 1, version: 'new', at: 42, origin: 'sample' },
      note: 'the built-in sample shop',
    })
  })

  it('stores nothing of a document that cannot serve', async () => {
    const bad = failure('catalogue_invalid', 'shop.yaml', 'it is bad', 'mend it')
    const build = () => {
      throw bad
    }
    await expect(start('new', 'shop.yaml', { build })).rejects.toBe(bad)
    await expect(start('new', 'shop.yaml', { read: () => Promise.reject(bad) })).rejects.toBe(bad)
    expect(await all()).toEqual([])
  })

  it('does not read a sample that is not needed', async () => {
    store.add('mine')
    await start('new', 'sample', { read: () => Promise.reject(new Error('read')) })
    expect(await all()).toEqual(['publish mine'])
  })
})

describe('processes that start together', () => {
  /** Another process comes first, once. */
  const interrupt = (version: string, origin: Publication['origin']) => {
    store.beforePublish = async () => {
      store.beforePublish = async () => {}
      store.add(version, {}, origin)
    }
  }

  it('agree on one catalogue', async () => {
    await Promise.all(['a', 'a', 'a'].map((version) => start(version, 'shop.yaml')))
    expect(await all()).toEqual(['seed a'])
    expect(told).toEqual([])
  })

  it('tell of the difference when another CATALOGUE won', async () => {
    interrupt('theirs', 'seed')
    await start('mine', 'shop.yaml')
    expect(await all()).toEqual(['seed theirs'])
    expect(told).toEqual([['theirs', 'shop.yaml']])
  })

  it('let a CATALOGUE win over a sample, whoever comes first', async () => {
    interrupt('sample', 'sample')
    await start('mine', 'shop.yaml')
    expect(await all()).toEqual(['sample sample', 'seed mine'])
    store = makeFakeCatalogueStore()
    interrupt('theirs', 'seed')
    await start('sample', 'sample')
    expect(await all()).toEqual(['seed theirs'])
    expect(told).toEqual([])
  })
})
