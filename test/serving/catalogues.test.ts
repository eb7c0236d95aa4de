import { beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import type { Json } from '../../src/domain/canonical-json.ts'
import { failure } from '../../src/domain/errors.ts'
import { type Catalogues, makeCatalogues } from '../../src/serving/catalogues.ts'
import { type FakeCatalogueStore, makeFakeCatalogueStore } from './fake-catalogue-store.ts'

let store: FakeCatalogueStore
let catalogues: Catalogues
let refreshed: number
let refuse: unknown
beforeEach(() => {
  store = makeFakeCatalogueStore()
  refreshed = 0
  refuse = null
  catalogues = makeCatalogues({
    store,
    prove: async (written) => {
      if (refuse !== null) throw refuse
      return buildCatalogue(written)
    },
    clock: () => 7,
    onPublished: async () => {
      refreshed++
    },
  })
})

/** A catalogue of one action with a value. */
const valued = (value: number): Json => ({
  schema: 'emma/v1',
  placements: [{ id: 'hero', channel: 'web' }],
  actions: [{ id: 'boots', value, treatments: [{ id: 't', for: ['hero'], content: { de: 'Stiefel' } }] }],
})
const ANY = { expected: undefined, note: null }
const publish = (value: number, options = {}) =>
  catalogues.publish(JSON.stringify(valued(value)), { ...ANY, ...options })
const versionOf = async (value: number) =>
  (await catalogues.check(JSON.stringify(valued(value)))).catalogue.version
/** Somebody else publishes between the look and the write, once. */
async function interrupt(value: number) {
  const version = await versionOf(value)
  store.beforePublish = async () => {
    store.beforePublish = async () => {}
    store.add(version, valued(value))
  }
}

describe('publishing', () => {
  it('into an empty store needs no other version, and changes nothing', async () => {
    const { publication, changes } = await publish(1, { note: 'first' })
    expect(publication).toMatchObject({ sequence: 1, at: 7, origin: 'publish', note: 'first' })
    expect(changes).toEqual([])
    expect(refreshed).toBe(1)
    await expect(publish(2, { expected: [] })).rejects.toMatchObject({ code: 'catalogue_changed' })
  })

  it('tells what changed against the version it really replaced, when somebody publishes in between', async () => {
    await publish(1)
    await interrupt(2)
    const { publication, changes } = await publish(3)
    expect(publication.sequence).toBe(3)
    expect(changes).toMatchObject([{ path: ['value'], from: 2, to: 3 }])
  })

  it('is refused when somebody publishes in between and a version was expected', async () => {
    const { publication } = await publish(1)
    await interrupt(2)
    await expect(publish(3, { expected: [publication.version] })).rejects.toMatchObject({
      code: 'catalogue_changed',
      faults: [{ what: expect.stringContaining(`version ${await versionOf(2)} serves now`) }],
    })
    expect(await store.publications(9)).toHaveLength(2)
  })

  it('finds that somebody published the same in between', async () => {
    await publish(1)
    await interrupt(2)
    const { publication, changes } = await publish(2)
    expect([publication.sequence, changes]).toEqual([2, []])
    expect(await store.publications(9)).toHaveLength(2)
  })

  it('makes the sample somebody’s own, so that no newer sample replaces it', async () => {
    store.add(await versionOf(1), valued(1), 'sample')
    const { publication, changes } = await publish(1, { note: 'we like it' })
    expect(publication).toMatchObject({ sequence: 2, origin: 'publish', note: 'we like it' })
    expect(changes).toEqual([])
    expect((await publish(1)).publication.sequence).toBe(2)
  })

  it('takes one of several versions that are expected', async () => {
    await publish(1)
    const expected = [await versionOf(9), await versionOf(1)]
    expect((await publish(2, { expected })).publication.sequence).toBe(2)
  })

  it('stores nothing that is refused', async () => {
    await publish(1)
    refuse = failure('model_invalid', 'model', 'it is bad', 'mend it')
    await expect(publish(2)).rejects.toBe(refuse)
    await expect(catalogues.rollback({ ...ANY, to: await versionOfServing() })).rejects.toBe(refuse)
    expect([await store.publications(9), refreshed]).toEqual([[expect.anything()], 1])
  })

  it('asks who serves before it works on the document', async () => {
    await publish(1)
    refuse = new Error('built')
    await expect(publish(2, { expected: ['other'] })).rejects.toMatchObject({ code: 'catalogue_changed' })
  })
})

const versionOfServing = async () => (await catalogues.current()).publication.version

describe('rolling back', () => {
  it('tells what changed, and keeps its note', async () => {
    await publish(1)
    await publish(2)
    const { publication, changes } = await catalogues.rollback({ expected: undefined, note: 'a slip' })
    expect(publication).toMatchObject({
      sequence: 3,
      version: await versionOf(1),
      origin: 'rollback',
      note: 'a slip',
    })
    expect(changes).toMatchObject([{ from: 2, to: 1 }])
    expect(await store.newestPublication()).toEqual(publication)
  })

  it('of two at once that mean the same leads back once', async () => {
    await publish(1)
    await publish(2)
    const both = await Promise.all([catalogues.rollback(ANY), catalogues.rollback(ANY)])
    expect(both.map(({ publication }) => publication.sequence)).toEqual([3, 3])
  })

  it('finds what served before behind many publications of the same', async () => {
    await publish(1)
    const [two, three] = [await versionOf(2), await versionOf(3)]
    for (let i = 0; i < 150; i++) store.add(two, valued(2))
    expect((await catalogues.compare({})).from).toBe(await versionOf(1))
    store.add(three, valued(3))
    expect((await catalogues.compare({})).from).toBe(two)
    expect((await catalogues.compare({ to: two })).from).toBe(await versionOf(1))
  })

  it('says that nothing was published at all', async () => {
    for (const call of [() => catalogues.rollback(ANY), () => catalogues.compare({ to: '0000000000000000' })])
      await expect(call()).rejects.toMatchObject({ code: 'unknown_version' })
    for (const call of [() => catalogues.compare({}), () => catalogues.current()])
      await expect(call()).rejects.toMatchObject({ code: 'not_ready' })
  })
})
