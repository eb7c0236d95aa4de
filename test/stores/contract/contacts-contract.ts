import { describe, expect, it } from 'vitest'
import { DAY_MS, EMPTY_LEDGER } from '../../../src/domain/contact.ts'
import { addContact, compactLedger, exactSince } from '../../../src/domain/ledger.ts'
import type { CustomerStore, Subject } from '../../../src/ports/customer-store.ts'
import { SESSION_KEPT_MS } from '../../../src/ports/customer-store.ts'
import type { useStores } from './customer-store-home.ts'
import { contact, customer, DAY, facts, HORIZON, HOUR, id, NOW, session } from './examples.ts'

/** What every customer store promises of contacts. */
export function describeContacts(open: ReturnType<typeof useStores>): void {
  const tell = (store: CustomerStore, subject: Subject, ...contacts: ReturnType<typeof contact>[]) =>
    store.recordContacts(
      contacts.map((one) => ({ subject, contact: one })),
      NOW,
      HORIZON,
    )
  const ledgerOf = async (store: CustomerStore, subject: Subject) => (await store.gather(subject)).ledger

  describe('contacts', () => {
    it('come back as they were told, in order of time, of customers and of visitors', async () => {
      const store = await open()
      const bare = facts({ placement: undefined, action: undefined, group: undefined })
      const first = contact(1, { at: NOW - 3 * HOUR, facts: bare })
      const second = contact(0xfedcba98, {
        at: NOW - 2 * HOUR,
        facts: facts({ channel: 'email', tier: 'service', kind: 'activity' }),
        outcomes: [
          { type: 'click', at: NOW - HOUR },
          { type: 'later', at: NOW, until: NOW + 30 * DAY },
        ],
      })
      const planned = contact(3, { at: NOW + 300 * DAY })
      for (const subject of [customer('a'), session('a')]) {
        expect(await tell(store, subject, planned, second, first)).toEqual(['changed', 'changed', 'changed'])
        expect(await store.gather(subject)).toMatchObject({
          profile: null,
          ledger: { contacts: [first, second, planned], days: [] },
        })
      }
      expect(await ledgerOf(store, customer('b'))).toEqual(EMPTY_LEDGER)
      expect(await store.recordContacts([], NOW, HORIZON)).toEqual([])
    })

    it('leave what else is known of the customer as it is, and are left by it', async () => {
      const store = await open()
      await store.upsert(id('a'), { attributes: { x: 1 } }, 7, null)
      await tell(store, customer('a'), contact(1))
      await store.upsert(id('a'), { preferences: { timeZone: 'UTC' } }, 8, null)
      expect(await store.gather(customer('a'))).toMatchObject({
        profile: { attributes: { x: 1 }, preferences: { timeZone: 'UTC' }, updatedAt: 8 },
        ledger: { contacts: [contact(1)] },
      })
    })

    it('count once however often they are told, and only gain what is new', async () => {
      const store = await open()
      const clicked = contact(1, { outcomes: [{ type: 'click', at: NOW }] })
      expect(await tell(store, customer('a'), contact(1))).toEqual(['changed'])
      expect(await tell(store, customer('a'), contact(1), clicked, clicked, contact(2))).toEqual([
        ...['known', 'changed', 'known', 'changed'],
      ])
      expect(await tell(store, customer('a'), contact(1), clicked)).toEqual(['known', 'known'])
      for (const other of [{ channel: 'email' }, { action: 'other' }]) {
        const elsewhere = contact(1, { at: NOW - DAY, facts: facts(other) })
        expect(await tell(store, customer('a'), elsewhere)).toEqual(['taken'])
      }
      expect((await ledgerOf(store, customer('a'))).contacts).toEqual([clicked, contact(2)])
    })

    it('of several persons are told in one call, each to his own', async () => {
      const store = await open()
      const persons = [customer('a'), customer('b'), session('a'), session('b')]
      const told = [0, 1, 2].flatMap((round) =>
        persons.map((subject, i) => ({ subject, contact: contact(10 * i + round) })),
      )
      expect(await store.recordContacts(told, NOW, HORIZON)).toEqual(told.map(() => 'changed'))
      for (const [i, subject] of persons.entries()) {
        const refs = (await ledgerOf(store, subject)).contacts.map(({ ref }) => ref)
        expect(refs).toEqual([0, 1, 2].map((round) => contact(10 * i + round).ref))
      }
    })

    it('become days when they are old, as the ledger says, and go at the horizon', async () => {
      const store = await open()
      const since = exactSince(NOW)
      const contacts = [
        contact(1, { at: since - 1 }),
        contact(2, { at: since - 2, outcomes: [{ type: 'dismiss', at: since - 1 }] }),
        contact(3, { at: since }),
        contact(4, { at: NOW - HORIZON - 2 * DAY }),
      ]
      await tell(store, customer('a'), ...contacts)
      const expected = compactLedger(
        contacts.reduce((ledger, one) => addContact(ledger, one), EMPTY_LEDGER),
        NOW,
        HORIZON,
      )
      expect(expected.days).toHaveLength(1)
      expect(await ledgerOf(store, customer('a'))).toEqual(expected)
      await store.recordContacts([{ subject: customer('a'), contact: contact(9) }], NOW + 100 * DAY, 50 * DAY)
      expect(await ledgerOf(store, customer('a'))).toEqual(
        compactLedger(addContact(expected, contact(9)), NOW + 100 * DAY, 50 * DAY),
      )
    })

    it('count once in one call though they are so old that only their day is kept', async () => {
      const store = await open()
      const old = contact(1, { at: NOW - 200 * DAY })
      expect(await tell(store, customer('a'), old, old)).toEqual(['changed', 'known'])
      expect((await ledgerOf(store, customer('a'))).days).toMatchObject([
        { day: Math.floor(old.at / DAY_MS), contacts: 1 },
      ])
    })

    it('of one person are none of them recorded when one of them cannot be', async () => {
      const store = await open()
      const wrong = contact(2, { ref: 'no 16 digits' })
      await expect(
        store.recordContacts(
          [
            { subject: customer('a'), contact: contact(1, { facts: facts({ action: 'new' }) }) },
            { subject: customer('a'), contact: wrong },
          ],
          NOW,
          HORIZON,
        ),
      ).rejects.toMatchObject({ code: 'store_unavailable' })
      expect(await ledgerOf(store, customer('a'))).toEqual(EMPTY_LEDGER)
      await tell(store, customer('a'), contact(3))
      expect((await ledgerOf(store, customer('a'))).contacts).toEqual([contact(3)])
    })

    it('are lost by none of many calls at once, about many things', async () => {
      const store = await open()
      const second = await open()
      const numbers = Array.from({ length: 60 }, (_, i) => i)
      const of = (i: number) => contact(i, { at: NOW + i, facts: facts({ action: `a${i % 20}` }) })
      await Promise.all(numbers.map((i) => tell(i % 2 === 0 ? store : second, customer('a'), of(i))))
      for (const one of [store, second, await open()])
        expect((await ledgerOf(one, customer('a'))).contacts).toEqual(numbers.map(of))
    })

    it('are known to every process at once, and over a restart', async () => {
      const store = await open()
      const second = await open()
      for (let i = 0; i < 10; i++) {
        const told = contact(i, { at: NOW + i, facts: facts({ action: `a${i}` }) })
        await tell(i % 2 === 0 ? store : second, customer('a'), told)
        const { contacts } = await ledgerOf(i % 2 === 0 ? second : store, customer('a'))
        expect(contacts.at(-1)).toEqual(told)
        expect(contacts.map(({ facts: { action } }) => action)).toEqual(
          Array.from({ length: i + 1 }, (_, j) => `a${j}`),
        )
      }
      const before = await ledgerOf(store, customer('a'))
      await store.close()
      expect(await ledgerOf(await open(), customer('a'))).toEqual(before)
    })
  })

  describe('a session', () => {
    it('is nobody else: no customer of the same name, no other session', async () => {
      const store = await open()
      await tell(store, session('a'), contact(1))
      expect(await ledgerOf(store, customer('a'))).toEqual(EMPTY_LEDGER)
      expect(await ledgerOf(store, session('A'))).toEqual(EMPTY_LEDGER)
    })

    it('is forgotten a day after the last that was told of it', async () => {
      let now = NOW
      const store = await open(() => now)
      await tell(store, session('a'), contact(1))
      now = NOW + SESSION_KEPT_MS - 1
      await store.recordContacts([{ subject: session('a'), contact: contact(2) }], now, HORIZON)
      now += SESSION_KEPT_MS - 1
      expect((await ledgerOf(store, session('a'))).contacts).toHaveLength(2)
      now += 1
      expect(await ledgerOf(store, session('a'))).toEqual(EMPTY_LEDGER)
    })

    it('begins anew when it comes again after that', async () => {
      let now = NOW
      const store = await open(() => now)
      await tell(store, session('a'), contact(1), contact(2))
      now += SESSION_KEPT_MS
      const again = [{ subject: session('a'), contact: contact(2, { at: now }) }]
      expect(await store.recordContacts(again, now, HORIZON)).toEqual(['changed'])
      expect((await ledgerOf(store, session('a'))).contacts).toEqual([contact(2, { at: now })])
    })

    it('that is forgotten takes no customer with it', async () => {
      let now = NOW
      const store = await open(() => now)
      await tell(store, customer('a'), contact(1))
      now += 300 * DAY
      expect((await ledgerOf(store, customer('a'))).contacts).toHaveLength(1)
    })
  })
}
