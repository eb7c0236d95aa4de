import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/domain/canonical-json.ts'
import type { CatalogueStore, Publication } from '../../../src/ports/catalogue-store.ts'
import { type CatalogueStoreHome, useHome } from './catalogue-store-home.ts'
import { describeRunTimeState } from './run-time-contract.ts'

const documentOf = (version: string): Json => ({ schema: 'emma/v1', note: `document of ${version}` })
const entry = (version: string, at = 1): Omit<Publication, 'sequence'> => ({
  version,
  at,
  origin: 'publish',
  note: null,
})
const sequences = (publications: readonly Publication[]) => publications.map(({ sequence }) => sequence)

/** What every catalogue store promises; the twins run it alike. */
export function describeCatalogueStore(name: string, makeHome: () => Promise<CatalogueStoreHome>): void {
  describe(`${name} keeps the promises of a catalogue store`, () => {
    const open = useHome(makeHome)
    const publish = (
      store: CatalogueStore,
      version: string,
      expected: string | null | undefined = undefined,
    ) => store.publish(documentOf(version), entry(version), expected)

    it('knows nothing at first, and says so', async () => {
      const store = await open()
      expect(await store.newestPublication()).toBeNull()
      expect(await store.publications(10)).toEqual([])
      expect(await store.document('a')).toBeNull()
    })

    it('gives back what was published: the entry, numbered, and the document as it was written', async () => {
      const store = await open()
      const document = JSON.parse('{"b": [1.5, null, {"__proto__": "ä🙂"}], "a": true, "10": 1}') as Json
      const given = { version: 'v', at: 1_790_000_000_000, origin: 'seed', note: 'Füße' } as const
      const expected = { ...given, sequence: 1 }
      expect(await store.publish(document, given, null)).toEqual({ published: true, newest: expected })
      expect(await store.newestPublication()).toEqual(expected)
      expect(await store.publications(10)).toEqual([expected])
      expect(JSON.stringify(await store.document('v'))).toBe(JSON.stringify(document))
    })

    it('keeps a document of some megabytes', async () => {
      const store = await open()
      const actions = Array.from({ length: 20_000 }, (_, i) => ({
        id: `a${i}`,
        mixed: Math.sin(i).toString(36),
      }))
      await store.publish({ actions }, entry('large'), undefined)
      expect(await store.document('large')).toEqual({ actions })
    })

    it.each<[string, string[], string | null | undefined, boolean]>([
      ['nothing serves and nothing is expected', [], null, true],
      ['nothing serves and something is expected', [], 'a', false],
      ['nothing serves and anything will do', [], undefined, true],
      ['what serves is expected', ['a'], 'a', true],
      ['what serves is expected, which served before too', ['a', 'b', 'a'], 'a', true],
      ['something else serves', ['a', 'b'], 'a', false],
      ['something serves and nothing is expected', ['a'], null, false],
      ['something serves and anything will do', ['a'], undefined, true],
    ])('when %s', async (_, before, expected, published) => {
      const store = await open()
      for (const version of before) await publish(store, version)
      const old = await store.newestPublication()
      const answer = await publish(store, 'new', expected)
      expect(answer.published).toBe(published)
      expect(answer.newest).toEqual(published ? { ...entry('new'), sequence: before.length + 1 } : old)
      expect(await store.newestPublication()).toEqual(answer.newest)
      expect((await store.publications(10)).length).toBe(before.length + (published ? 1 : 0))
      expect(await store.document('new')).toEqual(published ? documentOf('new') : null)
    })

    it('counts publishing what serves already as a publication, and writes a document once', async () => {
      const store = await open()
      await publish(store, 'a')
      await store.publish('another document of the same name', entry('a', 2), 'a')
      expect(sequences(await store.publications(10))).toEqual([2, 1])
      expect(await store.document('a')).toEqual(documentOf('a'))
    })

    it('lists publications newest first, page by page', async () => {
      const store = await open()
      for (const version of ['a', 'b', 'a', 'c', 'd']) await publish(store, version)
      const all = await store.publications(10)
      expect(all.map(({ version }) => version)).toEqual(['d', 'c', 'a', 'b', 'a'])
      expect(sequences(all)).toEqual([5, 4, 3, 2, 1])
      expect(await store.publications(2)).toEqual(all.slice(0, 2))
      expect(await store.publications(2, 4)).toEqual(all.slice(2, 4))
      expect(await store.publications(2, 2)).toEqual(all.slice(4))
      expect(await store.publications(2, 1)).toEqual([])
      expect(await store.publications(2, 1000)).toEqual(all.slice(0, 2))
      expect(await store.publications(0)).toEqual([])
    })

    it('keeps the last publications and the documents that they name, and no others', async () => {
      const store = await open({ publications: 3 })
      for (const version of ['old', 'back', 'c', 'back', 'e']) await publish(store, version)
      expect(sequences(await store.publications(10))).toEqual([5, 4, 3])
      expect(await store.document('old')).toBeNull()
      expect(await store.document('back'), 'publication 4 names it still').toEqual(documentOf('back'))
      await publish(store, 'f')
      expect(await store.document('c')).toBeNull()
      await publish(store, 'g')
      expect(await store.document('back')).toBeNull()
      await publish(store, 'old')
      expect(await store.document('old'), 'it came back').toEqual(documentOf('old'))
      expect(sequences(await store.publications(10))).toEqual([8, 7, 6])
    })

    it('does not remove the document that the same publication names anew', async () => {
      const store = await open({ publications: 1 })
      await publish(store, 'a')
      await publish(store, 'a')
      expect(await store.document('a')).toEqual(documentOf('a'))
    })

    it('shows every process what another has published and awaited', async () => {
      const [one, two] = [await open(), await open()]
      for (let round = 1; round <= 20; round++) {
        const [writer, reader] = round % 2 === 0 ? [one, two] : [two, one]
        // The reader has looked just now, so an old view of its own would show.
        await reader.newestPublication()
        await publish(writer, `v${round}`)
        expect((await reader.newestPublication())?.sequence).toBe(round)
        expect(await reader.document(`v${round}`)).toEqual(documentOf(`v${round}`))
        expect((await reader.publications(1))[0]?.sequence).toBe(round)
      }
    })

    it('lets exactly one of those win who expect the same', async () => {
      const stores = [await open(), await open()]
      await publish(stores[0]!, 'start')
      for (let round = 1; round <= 10; round++) {
        const expected = (await stores[0]!.newestPublication())!.version
        const tries = [0, 1, 0, 1].map((who, i) => publish(stores[who]!, `r${round}-${i}`, expected))
        const answers = await Promise.all(tries)
        expect(answers.filter(({ published }) => published)).toHaveLength(1)
        // Who lost is told who won.
        const newest = await stores[1]!.newestPublication()
        expect(answers.map((answer) => answer.newest)).toEqual(answers.map(() => newest))
        expect(newest?.sequence).toBe(round + 1)
      }
    })

    it('keeps everything over a restart', async () => {
      const store = await open()
      await publish(store, 'a')
      await publish(store, 'b')
      const again = await open()
      await store.close()
      expect((await again.newestPublication())?.version).toBe('b')
      expect(sequences(await again.publications(10))).toEqual([2, 1])
      expect(await again.document('a')).toEqual(documentOf('a'))
    })
  })

  describeRunTimeState(name, makeHome)
}
