import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SESSION_KEPT_MS } from '../../src/ports/customer-store.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { type Environment, openEnvironment } from '../../src/stores/embedded/environment.ts'
import {
  allowance,
  ask,
  cap,
  decideFor,
  granted,
  refsOf,
  SHORT,
  tell,
  unitOf,
} from './contract/decision-examples.ts'
import { describeDecisionStore } from './contract/decision-store-contract.ts'
import { customer, DAY, HOUR, id, NOW, session } from './contract/examples.ts'

describeDecisionStore('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-decisions-'))
  let now = NOW
  return {
    open: () => openEmbeddedStore(folder, undefined, () => now),
    async pass(ms) {
      now += ms
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})

describe('the embedded store', () => {
  let folder: string
  let now: number
  let store: EmbeddedStore
  /** The same store, seen without its door. */
  let db: Environment
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-decisions-'))
    now = NOW
    store = await openEmbeddedStore(folder, undefined, () => now)
    db = (await openEnvironment(folder, undefined)).db
  })
  afterEach(async () => {
    await store.close()
    await db.close()
    await rm(folder, { recursive: true, force: true })
  })
  /** Without the entries that tell when something is due, unless it is for them. */
  const keysWith = (part: string) => {
    // Else it may read what it saw a moment ago.
    db.resetReadTxn()
    return [...db.getKeys()].filter(
      (key) => key.includes(part) && !(key.includes(':due:') && !part.startsWith(':due:')),
    ).length
  }

  it('sweeps a bounded number of holds at a time', async () => {
    const volume = allowance('v', 1000)
    for (let i = 0; i < 300; i++)
      await granted(store, customer(`c${i % 3}`), {
        shown: [{ heldMs: SHORT + i, units: [unitOf(volume)], facts: { placement: `p${i}` } }],
        takes: [volume],
      })
    expect(await store.sweep(NOW + SHORT - 1)).toEqual({ expired: 0 })
    expect(await store.sweep(NOW + SHORT)).toEqual({ expired: 1 })
    now += HOUR
    expect(await store.sweep(now)).toEqual({ expired: 256 })
    expect((await store.volumeAccount(volume)).used).toBe(43)
    expect(await store.sweep(now)).toEqual({ expired: 43 })
    expect(await store.sweep(now)).toEqual({ expired: 0 })
    expect((await store.volumeAccount(volume)).used).toBe(0)
    expect(keysWith(':due:hold:')).toBe(0)
  })

  it('keeps one entry for a hold however often it is renewed', async () => {
    const first = await granted(store, customer('a'))
    for (let i = 1; i < 5; i++)
      await granted(store, customer('a'), { shown: [{ renews: refsOf(first)[0]!, heldMs: i * HOUR }] })
    expect(keysWith(':due:hold:')).toBe(1)
    expect(await tell(store, first, 'impression')).toBe('confirmed')
    expect(keysWith(':due:hold:')).toBe(0)
  })

  it('forgets decisions and requests when they are kept no longer, and counters a week after their period', async () => {
    const endsAt = NOW + DAY
    const volume = allowance('v', 5, { period: '2026-11-01', endsAt })
    const request = { id: 'r', hash: 'h' }
    const wanted = { shown: [{ units: [unitOf(volume)], heldMs: 40 * DAY }], takes: [volume], request }
    const grant = await granted(store, customer('a'), wanted)
    await granted(store, null, { shown: [{ units: [unitOf(volume)] }], takes: [volume], request })
    const kept = () => ['}:d:', '}:r:', '}:hd:', 'meta:unit:'].map(keysWith)
    expect(kept()).toEqual([2, 2, 1, 1])
    now = endsAt + 7 * DAY - 1
    await store.sweep(now)
    expect(kept()).toEqual([2, 2, 0, 1])
    await store.sweep(++now)
    expect(kept()).toEqual([2, 2, 0, 0])
    now = grant.keptUntil - 1
    await store.sweep(now)
    expect(kept()).toEqual([2, 2, 0, 0])
    await store.sweep(++now)
    expect(kept()).toEqual([0, 0, 0, 0])
    expect(await tell(store, grant, 'impression')).toBe('unknown')
    expect((await ask(store, customer('a'), wanted)).granted.result).toBe('granted')
  })

  it('does not grant into the past when its clock steps back', async () => {
    const policy = cap({ windowMs: HOUR })
    await granted(store, customer('a'), { caps: [policy] })
    now -= 3 * HOUR
    expect((await store.gather(customer('a'))).readAt).toBe(NOW)
    expect((await store.gather(customer('b'))).readAt).toBe(now)
    expect(await decideFor(store, customer('a'), policy, {})).toBe(false)
    await store.upsert(id('b'), { attributes: { x: 1 } }, NOW, null)
    expect((await store.gather(customer('b'))).readAt).toBe(NOW)
  })

  it('forgets what a visit holds with the visit, a day later at the latest', async () => {
    await granted(store, session('visit'), { shown: [{ heldMs: 30 * DAY }] })
    const { holds } = await store.gather(session('visit'))
    expect(holds[0]!.contact.heldUntil).toBe(NOW + SESSION_KEPT_MS)
    now += SESSION_KEPT_MS
    expect(await store.sweep(now)).toEqual({ expired: 1 })
    expect(keysWith('}:hs:')).toBe(0)
  })

  it('holds no id of a person, a visit or a request in its file', async () => {
    const request = { id: 'findable-request', hash: 'h' }
    const subjects = [customer('findable-customer'), session('findable-session')]
    for (const subject of subjects) {
      const grant = await granted(store, subject, { request })
      await tell(store, grant, 'impression')
    }
    await store.close()
    const bytes = (await readFile(join(folder, 'store.mdb'))).toString('latin1')
    expect(bytes).toContain('boots')
    expect(bytes).not.toMatch(/findable-(customer|session|request)/)
    store = await openEmbeddedStore(folder, undefined, () => now)
  })

  it('says so when what it holds is damaged, and sweeps on', async () => {
    await granted(store, customer('a'), { shown: [{ heldMs: SHORT }] })
    await granted(store, customer('b'), { shown: [{ heldMs: SHORT }] })
    const key = [...db.getKeys()].find((one) => one.endsWith(`}:h:${store.person(id('a')).key}`))!
    const bytes = Buffer.from(db.get(key)!)
    bytes[bytes.length - 3]! ^= 0x55
    await db.put(key, bytes)
    await expect(store.gather(customer('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    now += SHORT
    expect(await store.sweep(now)).toEqual({ expired: 1 })
  })
})
