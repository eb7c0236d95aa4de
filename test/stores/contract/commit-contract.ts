import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../../src/domain/consent.ts'
import type { Subject } from '../../../src/ports/customer-store.ts'
import type { Granted } from '../../../src/ports/decision-store.ts'
import {
  allowance,
  ask,
  cap,
  granted,
  grantOf,
  liveRefs,
  nameDecision,
  refsOf,
  SHORT,
  tell,
  unitOf,
  type Wanted,
} from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { contact, customer, DAY, HORIZON, HOUR, id, session } from './examples.ts'

const anna = customer('anna')

/** Somebody whose decisions are numbered apart from Anna’s. */
const elsewhere = (store: DecisionStoreUnderTest) =>
  Array.from({ length: 50 }, (_, i) => customer(`other-${i}`)).find(
    (one) => store.person(one.customer).bucket !== store.person(anna.customer).bucket,
  )!

/** A contact that was an hour ago by the store’s clock is told. */
async function meet(store: DecisionStoreUnderTest, subject: Subject): Promise<void> {
  const { readAt } = await store.gather(null)
  await store.recordContacts([{ subject, contact: contact(1, { at: readAt - HOUR }) }], readAt, HORIZON)
}

/** What every decision store promises of a commit: all of it or nothing, once for each request. */
export function describeCommits({ open, pass }: Decisions): void {
  describe('a commit', () => {
    it('that is granted is seen by every process, as it was asked for', async () => {
      const [store, second] = [await open(), await open()]
      for (const subject of [anna, session('visit')]) {
        const first = await granted(store, subject, {
          shown: [
            { facts: { placement: 'hero' }, session: '00112233445566aa', confirmOn: 'presented' },
            { facts: { placement: 'banner', group: undefined }, inMs: DAY },
          ],
        })
        for (const one of [store, second, await open()]) {
          const { holds } = await one.gather(subject)
          expect(holds).toHaveLength(2)
          expect(holds).toEqual(expect.arrayContaining([...first.holds]))
        }
        const more = await granted(second, subject)
        expect(await liveRefs(store, subject)).toEqual([...refsOf(first), ...refsOf(more)].sort())
      }
      expect(await liveRefs(store, customer('visit'))).toEqual([])
      expect(await liveRefs(store, session('anna'))).toEqual([])
    })

    it('changes what is founded on holds, and not what is founded on the record', async () => {
      const store = await open()
      const before = await store.gather(anna)
      await granted(store, anna)
      const after = await store.gather(anna)
      expect(after.basis.record).toBe(before.basis.record)
      expect(after.basis.holds).not.toBe(before.basis.holds)
      expect(after.readAt).toBeGreaterThanOrEqual(before.readAt)
    })

    it('is numbered in its bucket without gaps, whichever process makes it', async () => {
      const stores = [await open(), await open()]
      for (let i = 1; i <= 6; i++) {
        const { granted: result } = await ask(stores[i % 2]!, anna, i % 3 === 0 ? { shown: [] } : {})
        expect(result).toEqual({ result: 'granted', sequence: i })
      }
      expect((await ask(stores[0]!, elsewhere(stores[0]!))).granted).toMatchObject({ sequence: 1 })
      expect((await ask(stores[1]!, anna)).granted).toMatchObject({ sequence: 7 })
    })

    it('that is sent again is granted once, and hears what it heard, with and without a request', async () => {
      const [store, second] = [await open(), await open()]
      const volume = allowance('sent-again', 5)
      const policy = cap({ max: 1 })
      const wanted = { shown: [{ units: [unitOf(volume)] }], takes: [volume], caps: [policy] }
      for (const [subject, request] of [
        [anna, null],
        [session('visit'), { id: 'page-1', hash: 'h' }],
        [null, null],
      ] as const) {
        const grant = grantOf(store, subject, await store.gather(subject), { ...wanted, request })
        const first = await store.commit(grant)
        expect(first.result).toBe('granted')
        if (subject !== null) await granted(store, subject, { shown: [{ facts: { action: 'other' } }] })
        for (const one of [second, store]) expect(await one.commit(grant)).toEqual(first)
        if (subject === null) {
          expect(await tell(store, grant, 'impression')).toBe('confirmed')
          expect(await second.commit(grant)).toEqual(first)
        } else expect(await liveRefs(store, subject)).toHaveLength(2)
      }
      expect((await store.volumeAccount(volume)).used).toBe(3)
    })

    it('of nobody is granted, and held by its volumes alone', async () => {
      const store = await open()
      const volume = allowance('of-nobody', 1)
      const one: Wanted = { shown: [{ units: [unitOf(volume)] }], takes: [volume] }
      const first = await granted(store, null, one)
      expect((await ask(store, null, one)).granted).toEqual({ result: 'sold_out', volume: 'of-nobody' })
      expect(await tell(store, first, 'failed')).toBe('released')
    })
  })

  describe('a refused commit', () => {
    interface Refusal {
      readonly what: string
      readonly result: Granted['result']
      /** Makes the refusal due after somebody was gathered. */
      readonly meanwhile: (store: DecisionStoreUnderTest) => Promise<unknown>
      readonly wanted: Wanted
    }
    const rare = allowance('rare', 1)
    const ample = allowance('ample', 100)
    const takesBoth = { shown: [{ units: [unitOf(ample), unitOf(rare)] }], takes: [ample, rare] }
    const refusals: Refusal[] = [
      {
        what: 'for a cap',
        result: 'capped',
        meanwhile: (store) => granted(store, anna),
        wanted: { shown: [{ units: [unitOf(ample)] }], takes: [ample], caps: [cap()] },
      },
      {
        what: 'for what was told meanwhile',
        result: 'moved',
        meanwhile: (store) => store.upsert(id('anna'), { attributes: { x: 1 } }, 1, null),
        wanted: { shown: [{ units: [unitOf(ample)] }], takes: [ample] },
      },
      {
        what: 'for a hold to renew that never was',
        result: 'moved',
        meanwhile: async () => {},
        wanted: { shown: [{}, { renews: '00000000000000ff', facts: { placement: 'banner' } }] },
      },
      {
        what: 'for a volume, the last of several',
        result: 'sold_out',
        meanwhile: (store) =>
          granted(store, elsewhere(store), { shown: [{ units: [unitOf(rare)] }], takes: [rare] }),
        wanted: takesBoth,
      },
    ]

    it.each(refusals)('$what has written nothing', async ({ result, meanwhile, wanted }) => {
      const [store, second] = [await open(), await open()]
      const { granted: first } = await ask(store, anna, { shown: [] })
      expect(first).toEqual({ result: 'granted', sequence: 1 })
      const gathered = await store.gather(anna)
      await meanwhile(second)
      const before = await store.gather(anna)
      const used = async () =>
        [await second.volumeAccount(ample), await second.volumeAccount(rare)].map((one) => one.used)
      const usedBefore = await used()
      const request = { id: 'a request', hash: 'a hash' }
      const grant = grantOf(store, anna, gathered, { ...wanted, request })
      expect(await store.commit(grant)).toMatchObject({ result })
      expect(await store.gather(anna)).toMatchObject({
        ...{ holds: before.holds, ledger: before.ledger, basis: before.basis },
      })
      expect(await used()).toEqual(usedBefore)
      expect(await tell(store, grant, 'impression')).toBe('unknown')
      // Neither the name of the request nor a number is used up.
      const sequence = 2 + before.holds.length
      expect((await ask(store, anna, { shown: [], request })).granted).toEqual({
        result: 'granted',
        sequence,
      })
    })
  })

  describe('a request', () => {
    it('is answered once: asked again it gets the first answer, from every process', async () => {
      const [store, second] = [await open(), await open()]
      const volume = allowance('once', 5)
      const wanted = { shown: [{ units: [unitOf(volume)] }], takes: [volume] }
      const request = { id: 'page-17', hash: 'a'.repeat(64) }
      const first = await granted(store, anna, { ...wanted, request, record: 'the \u0000 first \u00ff' })
      for (const one of [store, second, store]) {
        const again = await ask(one, anna, { ...wanted, request: { ...request, hash: 'b'.repeat(64) } })
        expect(again.granted).toMatchObject({ result: 'answered', hash: request.hash })
        const { record } = again.granted as Granted & { readonly result: 'answered' }
        expect(Buffer.from(record).equals(first.record)).toBe(true)
      }
      expect(await liveRefs(second, anna)).toEqual(refsOf(first))
      expect((await second.volumeAccount(volume)).used).toBe(1)
      expect((await ask(second, anna)).granted).toEqual({ result: 'granted', sequence: 2 })
    })

    it('is answered also where the commit would be refused by now', async () => {
      const store = await open()
      const request = { id: 'r', hash: 'h' }
      const gathered = await store.gather(anna)
      const grant = grantOf(store, anna, gathered, { request, caps: [cap()] })
      expect((await store.commit(grant)).result).toBe('granted')
      await store.upsert(id('anna'), { attributes: { x: 1 } }, 1, null)
      const retry = grantOf(store, anna, gathered, { request, caps: [cap()] })
      expect((await store.commit(retry)).result).toBe('answered')
    })

    it('is somebody’s own: others have the same names', async () => {
      const store = await open()
      const request = { id: 'r', hash: 'h' }
      const subjects: (Subject | null)[] = [anna, customer('bert'), session('anna'), session('bert'), null]
      for (const subject of subjects)
        await granted(store, subject, { shown: [], request, record: JSON.stringify(subject) })
      for (const subject of subjects) {
        const { granted: result } = await ask(store, subject, { request })
        expect(result.result).toBe('answered')
        const { record } = result as Granted & { readonly result: 'answered' }
        expect(Buffer.from(record).toString()).toBe(JSON.stringify(subject))
      }
    })

    it('that is asked many times at once is granted once', async () => {
      const stores = [await open(), await open()]
      const request = { id: 'r', hash: 'h' }
      const asked = Array.from({ length: 20 }, (_, i) => ask(stores[i % 2]!, anna, { request }))
      const results = (await Promise.all(asked)).map((one) => one.granted.result)
      expect(results.filter((one) => one === 'granted')).toHaveLength(1)
      expect(results.filter((one) => one === 'answered')).toHaveLength(19)
      expect(await liveRefs(stores[0]!, anna)).toHaveLength(1)
    })
  })

  describe('what is told of somebody after he was gathered', () => {
    const refuse = async (store: DecisionStoreUnderTest, subject: Subject) => {
      const { readAt } = await store.gather(null)
      const statement: ConsentStatement = {
        ...{ purpose: 'advertising', channel: 'email', address: null },
        ...{ state: 'refused', at: null, toldAt: readAt },
      }
      await store.recordConsents([{ subject, statement }])
    }
    const tellings: [string, (store: DecisionStoreUnderTest, subject: Subject) => Promise<unknown>][] = [
      ['a contact', meet],
      ['a statement of consent', refuse],
    ]
    const subjects: [string, Subject][] = [
      ['a customer', anna],
      ['a visitor', session('anna')],
    ]
    for (const [who, subject] of subjects)
      it.each(tellings)(`makes the commit of ${who} begin anew: %s`, async (_what, telling) => {
        const [store, second] = [await open(), await open()]
        const gathered = await store.gather(subject)
        await telling(second, subject)
        expect(await store.commit(grantOf(store, subject, gathered))).toEqual({ result: 'moved' })
        expect((await ask(store, subject)).granted.result).toBe('granted')
      })

    it('makes it begin anew also where it is an attribute, a wish, or an outcome', async () => {
      const store = await open()
      const changes = [
        () => store.upsert(id('anna'), { attributes: { x: 1 } }, 1, null),
        () => store.upsert(id('anna'), { attributes: { x: 1 } }, 1, null),
        () => store.upsert(id('anna'), { preferences: { timeZone: 'UTC' } }, 1, null),
      ]
      for (const change of changes) {
        const gathered = await store.gather(anna)
        await change()
        expect((await store.commit(grantOf(store, anna, gathered))).result).toBe('moved')
      }
      const shown = await granted(store, anna)
      const gathered = await store.gather(anna)
      expect(await tell(store, shown, 'click')).toBe('confirmed')
      expect((await store.commit(grantOf(store, anna, gathered))).result).toBe('moved')
    })

    it('is no business of others', async () => {
      const store = await open()
      const gathered = await store.gather(anna)
      await store.upsert(id('bert'), { attributes: { x: 1 } }, 1, null)
      await meet(store, session('anna'))
      expect((await store.commit(grantOf(store, anna, gathered))).result).toBe('granted')
    })
  })

  describe('a hold that is renewed', () => {
    const VISIT = '00112233445566aa'

    it('stays one, under the name it was taken with, at its new time', async () => {
      const [store, second] = [await open(), await open()]
      const first = await granted(store, anna, { shown: [{ session: VISIT }] })
      const [ref] = refsOf(first)
      await pass(10)
      const again = await granted(second, anna, {
        shown: [{ session: VISIT, renews: ref!, inMs: HOUR, heldMs: 2 * HOUR }],
        caps: [cap()],
      })
      expect((await store.gather(anna)).holds).toEqual(again.holds)
      expect(again.holds[0]!.contact).toMatchObject({ ref, at: again.now + HOUR })
      // Both decisions speak of the same contact.
      const { readAt: at } = await store.gather(null)
      expect(await tell(store, again, 'impression', { at })).toBe('confirmed')
      expect(await tell(store, first, 'impression', { at })).toBe('known')
      expect((await store.gather(anna)).ledger.contacts).toHaveLength(1)
    })

    it('does not stand in its own way when others took holds meanwhile', async () => {
      const store = await open()
      const two = cap({ max: 2 })
      const [ref] = refsOf(await granted(store, anna, { caps: [two] }))
      const gathered = await store.gather(anna)
      await granted(store, anna, { caps: [two], shown: [{ facts: { placement: 'banner' } }] })
      const renewal = grantOf(store, anna, gathered, { caps: [two], shown: [{ renews: ref! }] })
      expect((await store.commit(renewal)).result).toBe('granted')
      expect(await liveRefs(store, anna)).toHaveLength(2)
    })

    it('must still be there', async () => {
      const store = await open()
      const short = await granted(store, anna, { shown: [{ heldMs: SHORT }] })
      const released = await granted(store, anna, { shown: [{ facts: { placement: 'banner' } }] })
      const gathered = await store.gather(anna)
      expect(await tell(store, released, 'notShown')).toBe('released')
      const renew = (ref: string) =>
        store.commit(grantOf(store, anna, gathered, { shown: [{ renews: ref }] }))
      expect((await renew(refsOf(released)[0]!)).result).toBe('moved')
      await pass(SHORT)
      expect((await renew(refsOf(short)[0]!)).result).toBe('moved')
      expect(await liveRefs(store, anna)).toEqual([])
    })

    it('must be as it was gathered: of two that renew it at once the second begins anew', async () => {
      const [store, second] = [await open(), await open()]
      const [today, tomorrow] = ['2026-11-01', '2026-11-02'].map((period) =>
        allowance('daily', 5, { period }),
      )
      const first = await granted(store, anna, { shown: [{ units: [unitOf(today!)] }], takes: [today!] })
      const gathered = await store.gather(anna)
      const renewal = (one: DecisionStoreUnderTest) =>
        grantOf(one, anna, gathered, {
          decision: nameDecision(one, anna),
          shown: [{ renews: refsOf(first)[0]!, inMs: DAY, units: [unitOf(tomorrow!)] }],
          ...{ takes: [tomorrow!], returns: [unitOf(today!)] },
        })
      expect((await second.commit(renewal(second))).result).toBe('granted')
      expect((await store.commit(renewal(store))).result).toBe('moved')
      expect((await store.volumeAccount(today!)).used).toBe(0)
      expect((await store.volumeAccount(tomorrow!)).used).toBe(1)
    })
  })
}
