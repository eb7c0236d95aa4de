import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SESSION_KEPT_MS, type Subject } from '../../src/ports/customer-store.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { type Environment, openEnvironment } from '../../src/stores/embedded/environment.ts'
import {
  addressOf,
  factsKey,
  personOf,
  profileKey,
  sessionKey,
  sessionOf,
  statementsKey,
} from '../../src/stores/keys.ts'
import { contact, customer, facts, HORIZON, id, NOW, session } from './contract/examples.ts'

const SECRET = 'a secret that the tests know'
const key = Buffer.from(SECRET)

let folder: string
let now: number
let store: EmbeddedStore
/** The same store, seen without its door. */
let db: Environment
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-told-'))
  now = NOW
  store = await openEmbeddedStore(folder, SECRET, () => now)
  db = (await openEnvironment(folder, SECRET)).db
})
afterEach(async () => {
  await store.close()
  await db.close()
  await rm(folder, { recursive: true, force: true })
})

const meet = (subject: Subject, number = 1, action = 'boots') =>
  store.recordContacts([{ subject, contact: contact(number, { facts: facts({ action }) }) }], now, HORIZON)

describe('records of the release before', () => {
  const anna = profileKey(personOf(key, 'anna'))
  const old = Buffer.from('\u0001{"attributes":{"age":41},"updatedAt":7}')

  it('are read', async () => {
    await db.put(anna, old)
    expect(await store.gather(customer('anna'))).toMatchObject({
      profile: { attributes: { age: 41 }, preferences: {}, consents: [], updatedAt: 7 },
      ledger: { contacts: [], days: [] },
    })
    expect(await store.sample(1)).toMatchObject([{ profile: { attributes: { age: 41 } } }])
  })

  it('are changed, and lose nothing', async () => {
    await db.put(anna, old)
    await meet(customer('anna'))
    await store.upsert(id('anna'), { attributes: { name: 'Anna' } }, 8, null)
    expect(await store.gather(customer('anna'))).toMatchObject({
      profile: { attributes: { age: 41, name: 'Anna' }, updatedAt: 8 },
      ledger: { contacts: [contact(1)] },
    })
    expect(db.get(anna)?.[0]).toBe(3)
  })
})

describe('what is told of several persons in one call', () => {
  it('is recorded of all of them or of none', async () => {
    const telling = store.recordContacts(
      [
        { subject: customer('anna'), contact: contact(1) },
        { subject: customer('bert'), contact: contact(2, { ref: 'no 16 digits' }) },
      ],
      NOW,
      HORIZON,
    )
    await expect(telling).rejects.toMatchObject({ code: 'store_unavailable' })
    expect((await store.gather(customer('anna'))).ledger.contacts).toEqual([])
  })
})

describe('a damaged store', () => {
  it('says so, whatever record is damaged, and mends itself by nothing that it is told', async () => {
    const statement = {
      purpose: null,
      channel: 'email',
      address: 'anna@example.org',
      state: 'refused',
      at: null,
      toldAt: NOW,
    } as const
    await meet(customer('anna'))
    await meet(customer('anna'), 2, 'scarf')
    await store.recordConsents([{ subject: null, statement }])
    const read = () => store.gather(customer('anna'))
    const cases: [string, () => Promise<unknown>][] = [
      [profileKey(personOf(key, 'anna')), read],
      [profileKey(personOf(key, 'anna')), () => meet(customer('anna'), 3)],
      [profileKey(personOf(key, 'anna')), () => store.upsert(id('anna'), {}, NOW, null)],
      [profileKey(personOf(key, 'anna')), () => store.sample(5)],
      [statementsKey(addressOf(key, 'anna@example.org')), () => store.gather(null, 'anna@example.org')],
      [
        statementsKey(addressOf(key, 'anna@example.org')),
        () => store.recordConsents([{ subject: null, statement }]),
      ],
    ]
    for (const [at, use] of cases) {
      const sound = Buffer.from(db.get(at)!)
      const flipped = Buffer.from(sound)
      flipped[flipped.length - 5]! ^= 0x55
      for (const bytes of [flipped, sound.subarray(0, -1), Buffer.from('{'), Buffer.alloc(0)]) {
        await db.put(at, bytes)
        await expect(use(), `${at} of ${bytes.length} bytes`).rejects.toMatchObject({
          code: 'store_unavailable',
        })
        expect(Buffer.from(db.get(at)!).equals(bytes)).toBe(true)
      }
      await db.put(at, sound)
    }
    expect((await read()).ledger.contacts).toHaveLength(2)
  })

  it('gives no number of the dictionary to other facts when one is lost', async () => {
    await meet(customer('anna'), 1, 'boots')
    await meet(customer('anna'), 2, 'scarf')
    const [first, second] = [factsKey(0), factsKey(1)].map((at) => Buffer.from(db.get(at)!))
    for (const [at, bytes] of [
      [factsKey(0), undefined],
      [factsKey(0), Buffer.from('["web"]')],
      [factsKey(1), Buffer.from('')],
    ] as const) {
      await (bytes === undefined ? db.remove(at) : db.put(at, bytes))
      // By a store of its own: what it knows already would help it.
      const other = await openEmbeddedStore(folder, SECRET)
      await expect(other.gather(customer('anna'))).rejects.toMatchObject({ code: 'store_unavailable' })
      const coat = contact(3, { facts: facts({ action: 'coat' }) })
      const telling = other.recordContacts([{ subject: customer('bert'), contact: coat }], NOW, HORIZON)
      await expect(telling).rejects.toMatchObject({ code: 'store_unavailable' })
      await other.close()
      await db.put(factsKey(0), first!)
      await db.put(factsKey(1), second!)
    }
    await meet(customer('bert'), 3, 'coat')
    expect((await store.gather(customer('anna'))).ledger.contacts.map((one) => one.facts.action)).toEqual([
      ...['boots', 'scarf'],
    ])
  })
})

describe('the dictionary of contacts', () => {
  const size = () => [...db.getKeys()].filter((at) => at.includes(':meta:facts:')).length

  it('holds everything once, whoever met it first', async () => {
    const second = await openEmbeddedStore(folder, SECRET)
    for (let i = 0; i < 12; i++) {
      const told = contact(i, { at: NOW + i, facts: facts({ action: `a${i % 4}` }) })
      await (i % 2 === 0 ? store : second).recordContacts(
        [{ subject: customer(`c${i}`), contact: told }],
        NOW,
        HORIZON,
      )
    }
    expect(size()).toBe(4)
    await second.close()
  })

  it('gets nothing from a call that fails', async () => {
    const told = [contact(1), contact(2, { ref: 'no 16 digits' })]
    const telling = store.recordContacts(
      told.map((one) => ({ subject: customer('anna'), contact: one })),
      NOW,
      HORIZON,
    )
    await expect(telling).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(size()).toBe(0)
  })
})

describe('keys', () => {
  it('do not tell that a session, a customer or an address have the same name', () => {
    const keys = [personOf(key, 'a'), sessionOf(key, 'a'), addressOf(key, 'a')]
    expect(new Set(keys.map((one) => one.key)).size).toBe(3)
  })
})

describe('sessions that have expired', () => {
  const entries = () => [...db.getKeys()].filter((at) => at.includes(':session-expiry:')).length
  const sessions = () => [...db.getKeys()].filter((at) => at.includes('}:s:')).length

  it('leave the store while others write, a bounded number at a time', async () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ subject: session(`s${i}`), contact: contact(1) }))
    await store.recordContacts(many, now, HORIZON)
    expect([sessions(), entries()]).toEqual([100, 100])
    now += SESSION_KEPT_MS - 1
    await meet(customer('anna'))
    expect([sessions(), entries()]).toEqual([100, 100])
    now += 1
    await meet(customer('anna'), 2)
    expect([sessions(), entries()]).toEqual([84, 84])
    await store.upsert(id('anna'), { attributes: { x: 1 } }, now, null)
    expect([sessions(), entries()]).toEqual([68, 68])
    // More go than come, also where many come at once.
    await store.recordContacts(
      Array.from({ length: 30 }, (_, i) => ({ subject: session(`new${i}`), contact: contact(1) })),
      now,
      HORIZON,
    )
    expect([sessions(), entries()]).toEqual([30, 30])
    expect((await store.gather(session('new7'))).ledger.contacts).toHaveLength(1)
  })

  it('have one entry however often they are told of, and stay as long as they go on', async () => {
    for (let i = 0; i < 50; i++) {
      await meet(session('a'), i)
      now += SESSION_KEPT_MS / 4
    }
    expect([sessions(), entries()]).toEqual([1, 1])
    expect((await store.gather(session('a'))).ledger.contacts).toHaveLength(50)
    now += SESSION_KEPT_MS
    await meet(session('a'), 99)
    expect([sessions(), entries()]).toEqual([1, 1])
    expect((await store.gather(session('a'))).ledger.contacts).toEqual([contact(99)])
    now += SESSION_KEPT_MS
    await meet(customer('anna'))
    expect([sessions(), entries()]).toEqual([0, 0])
  })

  it('do not stand in the way when they are damaged', async () => {
    await meet(session('a'))
    await db.put(sessionKey(sessionOf(key, 'a')), Buffer.from([2, 9, 9]))
    await expect(store.gather(session('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    now += SESSION_KEPT_MS
    expect(await meet(customer('anna'))).toEqual(['changed'])
    expect([sessions(), entries()]).toEqual([0, 0])
  })
})
