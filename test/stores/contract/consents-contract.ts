import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../../src/domain/consent.ts'
import type { CustomerStore, Subject } from '../../../src/ports/customer-store.ts'
import { SESSION_KEPT_MS } from '../../../src/ports/customer-store.ts'
import type { useStores } from './customer-store-home.ts'
import { contact, customer, HORIZON, id, NOW, session } from './examples.ts'

const ADDRESS = 'Anna.Ärger@Example.org'

const statement = (given: Partial<ConsentStatement> = {}): ConsentStatement => ({
  purpose: 'advertising',
  channel: 'email',
  address: null,
  state: 'refused',
  at: NOW - 1000,
  toldAt: NOW,
  ...given,
})

/** What every customer store promises of consent, and of the addresses it is about. */
export function describeConsents(open: ReturnType<typeof useStores>): void {
  const tell = (store: CustomerStore, subject: Subject | null, ...statements: ConsentStatement[]) =>
    store.recordConsents(statements.map((one) => ({ subject, statement: one })))
  const consentsOf = async (store: CustomerStore, subject: Subject) =>
    (await store.gather(subject)).profile?.consents

  describe('consent', () => {
    it('comes back as it was told, of customers and of visitors', async () => {
      const store = await open()
      const statements = [
        statement(),
        statement({ purpose: null, channel: null, state: 'granted', at: null }),
        statement({ state: 'granted' }),
      ]
      for (const subject of [customer('a'), session('a')]) {
        expect(await tell(store, subject, ...statements)).toEqual([true, true, true])
        expect(await consentsOf(store, subject)).toEqual(statements)
      }
      expect(await store.gather(customer('b'))).toMatchObject({ profile: null, addressConsents: [] })
      expect(await store.recordConsents([])).toEqual([])
    })

    it('is a change of the customer, beside the others', async () => {
      const store = await open()
      await store.upsert(id('a'), { attributes: { x: 1 } }, NOW - 5, null)
      await store.recordContacts([{ subject: customer('a'), contact: contact(1) }], NOW, HORIZON)
      await tell(store, customer('a'), statement({ toldAt: NOW + 5 }))
      await store.upsert(id('a'), { attributes: { y: 2 } }, NOW + 6, null)
      expect(await store.gather(customer('a'))).toMatchObject({
        profile: {
          attributes: { x: 1, y: 2 },
          consents: [statement({ toldAt: NOW + 5 })],
          updatedAt: NOW + 6,
        },
        ledger: { contacts: [contact(1)] },
      })
    })

    it('is nothing new when the same is told again, or what is older', async () => {
      const store = await open()
      const older = statement({ at: NOW - 2000 })
      const newer = statement({ at: NOW })
      expect(await tell(store, customer('a'), statement(), statement(), older)).toEqual([true, false, false])
      expect(await tell(store, customer('a'), statement({ toldAt: NOW + 9 }), newer)).toEqual([false, true])
      expect(await consentsOf(store, customer('a'))).toEqual([newer])
    })

    it('that nobody knows the date of stays beside what has one', async () => {
      const store = await open()
      const undated = statement({ at: null })
      expect(await tell(store, customer('a'), statement(), undated, undated)).toEqual([true, true, false])
      expect(await consentsOf(store, customer('a'))).toEqual([statement(), undated])
    })

    it('is told at once of many, and lost of none', async () => {
      const store = await open()
      const second = await open()
      const channels = Array.from({ length: 30 }, (_, i) => `channel-${i}`)
      await Promise.all(
        channels.map((channel, i) =>
          tell(i % 2 === 0 ? store : second, customer('a'), statement({ channel, address: ADDRESS })),
        ),
      )
      const found = (statements: readonly ConsentStatement[] = []) => statements.map(({ channel }) => channel)
      const { profile, addressConsents } = await (await open()).gather(customer('a'), ADDRESS)
      expect(found(profile?.consents).sort()).toEqual([...channels].sort())
      expect(found(addressConsents).sort()).toEqual([...channels].sort())
    })

    it('of a visitor is forgotten with his session', async () => {
      let now = NOW
      const store = await open(() => now)
      await tell(store, session('a'), statement())
      now += SESSION_KEPT_MS - 1
      expect(await consentsOf(store, session('a'))).toHaveLength(1)
      now += 1
      expect(await consentsOf(store, session('a'))).toBeUndefined()
    })
  })

  describe('consent for an address', () => {
    it('is the person’s and the address’s, and comes along when the address is named', async () => {
      const store = await open()
      const kept = statement({ address: store.addressKey(ADDRESS) })
      expect(await tell(store, customer('a'), statement({ address: ADDRESS }))).toEqual([true])
      expect(await store.gather(customer('a'), ADDRESS)).toMatchObject({
        profile: { consents: [kept] },
        addressConsents: [kept],
      })
      expect((await store.gather(customer('a'))).addressConsents).toEqual([])
      for (const subject of [customer('b'), session('b'), null])
        expect((await store.gather(subject, ADDRESS)).addressConsents).toEqual([kept])
      expect((await store.gather(null, 'other@example.org')).addressConsents).toEqual([])
    })

    it('needs no person', async () => {
      const store = await open()
      expect(await tell(store, null, statement({ address: ADDRESS }))).toEqual([true])
      expect(await tell(store, null, statement({ address: ADDRESS }))).toEqual([false])
      expect((await store.gather(null, ADDRESS)).addressConsents).toHaveLength(1)
    })

    it('is new as long as one of both does not know it', async () => {
      const store = await open()
      await tell(store, null, statement({ address: ADDRESS }))
      expect(await tell(store, customer('a'), statement({ address: ADDRESS }))).toEqual([true])
      expect(await tell(store, customer('a'), statement({ address: ADDRESS }))).toEqual([false])
      expect(await tell(store, customer('b'), statement({ address: ADDRESS }))).toEqual([true])
      expect((await store.gather(null, ADDRESS)).addressConsents).toHaveLength(1)
    })

    it('survives the session in which it was given', async () => {
      let now = NOW
      const store = await open(() => now)
      await tell(store, session('a'), statement({ address: ADDRESS }))
      now += SESSION_KEPT_MS
      expect(await store.gather(session('a'), ADDRESS)).toMatchObject({
        profile: null,
        addressConsents: [{ state: 'refused' }],
      })
    })

    it('is kept under a key that does not tell the address, the same in every process', async () => {
      const store = await open()
      const second = await open()
      expect(store.addressKey(ADDRESS)).toBe(second.addressKey(ADDRESS))
      expect(store.addressKey(ADDRESS)).toMatch(/^[A-Za-z0-9_-]{21}$/)
      expect(store.addressKey(ADDRESS)).not.toBe(store.person(id(ADDRESS)).key)
      await store.close()
      expect((await open()).addressKey(ADDRESS)).toBe(second.addressKey(ADDRESS))
    })

    it.each([
      ['blanks', ' Anna.Ärger @Example.org\n'],
      ['what cannot be seen', '\u202aAnna.Ärger\u200b@Example.org\u202c'],
      ['capitals', 'ANNA.ÄRGER@EXAMPLE.ORG'],
      ['how letters are put together', 'Anna.A\u0308rger@Example.org'],
      ['the face of letters', '𝐀nna.Ärger@Example.org'],
      ['the width of letters', 'Ａnna.Ärger＠Example.org'],
    ])('is the same whatever the %s', async (_, written) => {
      const store = await open()
      expect(store.addressKey(written)).toBe(store.addressKey(ADDRESS))
      await tell(store, null, statement({ address: written }))
      expect((await store.gather(null, ADDRESS)).addressConsents).toHaveLength(1)
    })

    it('is another for another address', async () => {
      const store = await open()
      const keys = ['anna@example.org', 'anna@example.com', 'anna+x@example.org', '+49 170 1', '+49 170 2']
      expect(new Set(keys.map(store.addressKey)).size).toBe(keys.length)
    })
  })
}
