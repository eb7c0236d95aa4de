import { beforeEach, describe, expect, it } from 'vitest'
import { compileFeatureSet, type FeatureManifest } from '../../../src/domain/feature-set.ts'
import { describeConsents } from './consents-contract.ts'
import { describeContacts } from './contacts-contract.ts'
import { type StoreHome, type StoreUnderTest, useStores } from './customer-store-home.ts'
import { contact, customer, HORIZON, id, manifest, NOW, session } from './examples.ts'

/** What every customer store promises; the twins run it alike. */
export function describeCustomerStore(name: string, makeHome: () => Promise<StoreHome>): void {
  describe(`${name} keeps the promises of a customer store`, () => {
    const open = useStores(makeHome)
    let store: StoreUnderTest
    beforeEach(async () => {
      store = await open()
    })

    const load = async (of: FeatureManifest, rows: [string, number[]][]) => {
      await store.loader.put(
        of,
        rows.map(([who, values]) => ({ id: id(who), values })),
      )
      await store.loader.activate(of)
    }

    it('knows nothing at first, and says so with nulls', async () => {
      expect(await store.featureSet()).toBeNull()
      const nothing = {
        profile: null,
        ledger: { contacts: [], days: [] },
        holds: [],
        addressConsents: [],
        featureSet: null,
        vector: null,
        vectorDamaged: false,
      }
      expect(await store.gather(customer('a'))).toMatchObject(nothing)
      expect(await store.gather(session('a'), 'anna@example.org')).toMatchObject(nothing)
      expect(await store.gather(null)).toMatchObject(nothing)
    })

    it('gives back the vectors it was loaded with', async () => {
      await load(manifest('a'), [
        ['a', [41, 7.5]],
        ['b', [1, 2]],
      ])
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([41, 7.5])
      expect([...(await store.gather(customer('b'))).vector!]).toEqual([1, 2])
      expect((await store.gather(customer('c'))).vector).toBeNull()
      expect((await store.gather(null)).featureSet?.manifest.version).toBe(manifest('a').version)
    })

    it('shows nothing of a set before it is activated, and all of it afterwards', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      await store.loader.put(manifest('b'), [{ id: id('a'), values: [2, 2] }])
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([1, 1])
      await store.loader.activate(manifest('b'))
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([2, 2])
    })

    it('is unharmed by the same load twice', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      await load(manifest('b'), [['a', [2, 2]]])
      await load(manifest('b'), [['a', [2, 2]]])
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([2, 2])
      await load(manifest('a'), [['a', [1, 1]]])
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([1, 1])
    })

    it('can switch back to the set before, whose vectors it kept', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      await load(manifest('b'), [['a', [2, 2]]])
      await store.loader.activate(manifest('a'))
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([1, 1])
    })

    it('removes the set before the one before', async () => {
      for (const version of ['a', 'b', 'c']) await load(manifest(version), [['a', [1, 1]]])
      await store.loader.activate(manifest('a'))
      expect((await store.gather(customer('a'))).vector).toBeNull()
    })

    it('notes how far a set has come, each by itself, until it is activated', async () => {
      await store.loader.noteLoaded(manifest('a'), 20_000)
      await store.loader.noteLoaded(manifest('b'), 7)
      await store.loader.noteLoaded(manifest('a'), 1_000_000)
      expect(await store.loader.loadedRows(manifest('a'))).toBe(1_000_000)
      expect(await store.loader.loadedRows(manifest('c'))).toBe(0)
      await load(manifest('a'), [['a', [1, 1]]])
      expect(await store.loader.loadedRows(manifest('a'))).toBe(0)
      expect(await store.loader.loadedRows(manifest('b'))).toBe(7)
    })

    it('merges attributes and stamps the change', async () => {
      await store.upsert(id('a'), { attributes: { x: 1, y: 'two' } }, 1000, null)
      await store.upsert(id('a'), { attributes: { y: 'three' } }, 2000, null)
      expect((await store.gather(customer('a'))).profile).toEqual({
        attributes: { x: 1, y: 'three' },
        preferences: {},
        consents: [],
        updatedAt: 2000,
      })
    })

    it('replaces every wish that is told, forgets what is null, and leaves the others', async () => {
      const wishes = {
        timeZone: 'Europe/Berlin',
        pace: [{ max: 1, window: '7d' }],
        refusedTopics: ['shoes'],
        pauses: [{ channel: 'email', until: 5 }, {}],
      }
      await store.upsert(id('a'), { preferences: wishes }, 1000, null)
      expect((await store.gather(customer('a'))).profile?.preferences).toEqual(wishes)
      await store.upsert(id('a'), { preferences: { pace: [], timeZone: null, pauses: null } }, 2000, null)
      await store.upsert(id('a'), { attributes: { x: 1 } }, 3000, null)
      expect((await store.gather(customer('a'))).profile).toEqual({
        attributes: { x: 1 },
        preferences: { pace: [], refusedTopics: ['shoes'] },
        consents: [],
        updatedAt: 3000,
      })
    })

    it('knows no features of a visitor', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      expect(await store.gather(session('a'))).toMatchObject({
        featureSet: { manifest: manifest('a') },
        vector: null,
        vectorDamaged: false,
      })
    })

    it('changes single features over the stored vector, and over the defaults of a stranger', async () => {
      await load(manifest('a'), [['a', [41, 7.5]]])
      const set = await store.featureSet()
      await store.upsert(id('a'), { features: new Map([[1, 8]]) }, 1, set)
      await store.upsert(id('new'), { features: new Map([[0, 30]]) }, 1, set)
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([41, 8])
      expect([...(await store.gather(customer('new'))).vector!]).toEqual([30, -1])
    })

    it('loses none of many changes made at once', async () => {
      const names = Array.from({ length: 20 }, (_, i) => `f${i}`)
      await load(manifest('a', names), [['a', names.map(() => 0)]])
      const set = await store.featureSet()
      await Promise.all(
        names.map((_, i) => store.upsert(id('a'), { features: new Map([[i, i + 1]]) }, 1, set)),
      )
      expect([...(await store.gather(customer('a'))).vector!]).toEqual(names.map((_, i) => i + 1))
    })

    it('refuses features that were checked against a set no longer in use, and changes nothing then', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      const checkedAgainst = await store.featureSet()
      await load(manifest('b'), [['a', [2, 2]]])
      const change = { attributes: { x: 1 }, features: new Map([[0, 9]]) }
      await expect(store.upsert(id('a'), change, 1, checkedAgainst)).rejects.toMatchObject({
        code: 'features_invalid',
      })
      expect(await store.gather(customer('a'))).toMatchObject({ profile: null })
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([2, 2])
    })

    it('says when a stored vector is not of the layout in use', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      // The same version name over another layout: what a damaged or hand-made store would hold.
      const other = manifest('a', ['age', 'spend', 'more'])
      await store.loader.put(other, [{ id: id('a'), values: [1, 2, 3] }])
      expect(await store.gather(customer('a'))).toMatchObject({ vector: null, vectorDamaged: true })
    })

    it('keys a person by an HMAC of the id, the same in every process, spread over 1,024 buckets', async () => {
      const second = await open()
      const buckets = new Set<number>()
      for (let i = 0; i < 2000; i++) {
        const person = store.person(id(`customer-${i}`))
        expect(person).toEqual(second.person(id(`customer-${i}`)))
        expect(person.key).not.toContain('customer')
        expect(person.bucket).toBeGreaterThanOrEqual(0)
        expect(person.bucket).toBeLessThan(1024)
        buckets.add(person.bucket)
      }
      expect(buckets.size).toBeGreaterThan(800)
    })

    it('shows every process what another has written and awaited', async () => {
      const second = await open()
      await second.upsert(id('a'), { attributes: { x: 5 } }, 1, null)
      expect((await store.gather(customer('a'))).profile?.attributes).toEqual({ x: 5 })
    })

    it('switches every process to another set, decisions soon and whoever asks for the set at once', async () => {
      const second = await open()
      for (const [version, value] of [
        ['a', 1],
        ['b', 2],
      ] as const) {
        await load(manifest(version), [['a', [value, value]]])
        expect((await second.featureSet())?.manifest).toEqual(manifest(version))
        const third = await open()
        expect([...(await third.gather(customer('a'))).vector!]).toEqual([value, value])
      }
      await load(manifest('c'), [['a', [3, 3]]])
      await expect
        .poll(async () => (await second.gather(customer('a'))).vector?.[0], { timeout: 2_000, interval: 10 })
        .toBe(3)
    })

    it('never shows a vector of one set under another, while sets are switched', async () => {
      const second = await open()
      for (let round = 1; round <= 8; round++) {
        await load(manifest(`${round % 4}`), [['a', [round % 4, round % 4]]])
        for (let i = 0; i < 5; i++) {
          const { featureSet, vector } = await second.gather(customer('a'))
          if (vector !== null) expect(featureSet?.manifest.version[0]).toBe(String(vector[0]))
        }
      }
    })

    it('keeps everything over a restart', async () => {
      await load(manifest('a'), [['a', [1, 1]]])
      await store.upsert(id('a'), { attributes: { x: 5 } }, 7, null)
      const person = store.person(id('a'))
      await store.close()
      store = await open()
      expect(await store.gather(customer('a'))).toMatchObject({
        profile: { attributes: { x: 5 }, updatedAt: 7 },
      })
      expect([...(await store.gather(customer('a'))).vector!]).toEqual([1, 1])
      expect(store.person(id('a'))).toEqual(person)
    })

    describe('a sample', () => {
      const ages = async (limit: number) =>
        (await store.sample(limit)).map(({ profile }) => profile?.attributes.age as number)

      it('is empty in an empty store, and when nobody is asked for', async () => {
        expect(await store.sample(10)).toEqual([])
        await store.upsert(id('a'), { attributes: { age: 1 } }, 1, null)
        expect(await store.sample(0)).toEqual([])
      })

      it('is everybody once, as gather knows them, where the limit allows', async () => {
        await load(manifest('a'), [
          ['both', [1, 2]],
          ['loaded', [3, 4]],
        ])
        await store.upsert(id('both'), { attributes: { age: 1 } }, 1, null)
        await store.upsert(id('told'), { attributes: { age: 2 } }, 2, null)
        const told = ['both', 'met'].map((who) => ({ subject: customer(who), contact: contact(1) }))
        await store.recordContacts(told, NOW, HORIZON)
        await store.recordContacts([{ subject: session('s'), contact: contact(1) }], NOW, HORIZON)
        const known = await Promise.all(
          ['both', 'loaded', 'told', 'met'].map(async (who) => {
            const { readAt: _, basis: __, ...stored } = await store.gather(customer(who))
            return stored
          }),
        )
        const sample = await store.sample(10)
        expect(sample).toHaveLength(4)
        expect(sample).toEqual(expect.arrayContaining(known))
      })

      it('is the same each time, of the size that is asked, and spread over all', async () => {
        for (let age = 0; age < 200; age++)
          await store.upsert(id(`c${age}`), { attributes: { age } }, 1, null)
        const some = await ages(50)
        expect(await ages(50)).toEqual(some)
        expect(new Set(some).size).toBe(50)
        expect((await ages(20)).every((age) => some.includes(age))).toBe(true)
        expect(Math.max(...some) - Math.min(...some)).toBeGreaterThan(100)
        expect(new Set(await ages(1000)).size).toBe(200)
      })

      it('knows only the set in use, and says when a vector is damaged', async () => {
        await load(manifest('a'), [['old', [1, 1]]])
        await load(manifest('b'), [['new', [2, 2]]])
        const other = manifest('b', ['age', 'spend', 'more'])
        await store.loader.put(other, [{ id: id('torn'), values: [1, 2, 3] }])
        const sample = await store.sample(10)
        expect(sample.map(({ vector }) => vector && [...vector])).toEqual(
          expect.arrayContaining([[2, 2], null]),
        )
        expect(sample.map(({ vectorDamaged }) => vectorDamaged).sort()).toEqual([false, true])
      })

      it('knows at once what another process has written', async () => {
        const second = await open()
        expect(await second.sample(10)).toEqual([])
        await store.upsert(id('a'), { attributes: { age: 7 } }, 1, null)
        expect(await second.sample(10)).toMatchObject([{ profile: { attributes: { age: 7 } } }])
        await load(manifest('a'), [['b', [1, 1]]])
        expect(await second.sample(10)).toHaveLength(2)
      })
    })

    it('takes any id that an API takes', async () => {
      await load(manifest('a'), [])
      const set = compileFeatureSet(manifest('a'))
      for (const strange of ['ä', '🙂'.repeat(64), 'a/b:c{d}', '__proto__', 'constructor', ' ', "'; DROP"]) {
        await store.upsert(id(strange), { attributes: { x: 1 }, features: new Map([[0, 3]]) }, 1, set)
        expect([...(await store.gather(customer(strange))).vector!]).toEqual([3, -1])
      }
    })

    describeContacts(open)
    describeConsents(open)
  })
}
