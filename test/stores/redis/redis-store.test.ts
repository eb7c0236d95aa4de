import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Hold } from '../../../src/domain/hold.ts'
import { SESSION_KEPT_MS, type Subject } from '../../../src/ports/customer-store.ts'
import { encodeHold } from '../../../src/stores/hold-codec.ts'
import {
  addressOf,
  holdsKey,
  personOf,
  profileKey,
  sessionKey,
  sessionOf,
  statementsKey,
  vectorKey,
} from '../../../src/stores/keys.ts'
import { openRedisStore, type RedisStore } from '../../../src/stores/redis/customer-store.ts'
import { META } from '../../../src/stores/redis/meta-keys.ts'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { contact, customer, DAY, facts, HORIZON, id, manifest, NOW, session } from '../contract/examples.ts'
import { SECRET } from './redis-home.ts'

const key = Buffer.from(SECRET)
const statement = {
  purpose: null,
  channel: 'email',
  address: 'findable@example.org',
  state: 'refused',
  at: null,
  toldAt: NOW,
} as const

let redis: RunningRedis
/** The same Redis, seen without the store’s door. */
let db: Redis
let stores: RedisStore[]
const open = async (clock: (() => number) | undefined = () => NOW, secret: string | undefined = SECRET) => {
  const store = await openRedisStore({ url: redis.url, secret, durability: 'async', timeoutMs: 2_000, clock })
  stores.push(store)
  return store
}
beforeAll(async () => {
  redis = await startRedis()
  db = new Redis(redis.url)
})
beforeEach(async () => {
  stores = []
  await db.flushall()
})
afterEach(async () => {
  for (const store of stores) await store.close()
})
afterAll(async () => {
  await db.quit()
  await redis.stop()
})

const meet = (store: RedisStore, subject: Subject, number = 1, action = 'boots') =>
  store.recordContacts([{ subject, contact: contact(number, { facts: facts({ action }) }) }], NOW, HORIZON)
const load = async (store: RedisStore, version: string, names?: string[]) => {
  await store.loader.put(manifest(version, names), [{ id: id('findable-customer'), values: [1, 2] }])
  await store.loader.activate(manifest(version, names))
}
/** One of everything. */
const fill = async (store: RedisStore) => {
  await load(store, 'a')
  await load(store, 'b')
  await store.upsert(
    id('findable-customer'),
    { attributes: { x: 1 }, features: new Map([[0, 9]]) },
    NOW,
    await store.featureSet(),
  )
  for (const subject of [customer('findable-customer'), session('findable-session')]) {
    await meet(store, subject)
    await store.recordConsents([{ subject, statement }])
  }
  await store.catalogues.publish({ a: 1 }, { version: 'v', at: 1, origin: 'publish', note: null }, null)
  const changes = (at: number) => Array.from({ length: 16 }, () => ({ at, action: 'a', live: { stock: 1 } }))
  await store.catalogues.changeRunTime(changes(0))
  await store.catalogues.changeRunTime(changes(10_000))
}

describe('whose store it is', () => {
  it('cannot be without a SECRET', async () => {
    const opening = openRedisStore({ url: redis.url, secret: undefined, durability: 'async' })
    await expect(opening).rejects.toMatchObject({ code: 'settings_invalid', faults: [{ place: 'SECRET' }] })
  })

  it('is agreed by the first who opens it: another SECRET or format is refused', async () => {
    await Promise.all([open(), open(), open()])
    const other = open(undefined, 'another secret than it')
    await expect(other).rejects.toMatchObject({ code: 'settings_invalid', faults: [{ place: 'SECRET' }] })
    await db.set(META.format, '3')
    await expect(open()).rejects.toThrow('the store has format 3, this version knows 2')
  })

  it('may be opened while Redis is away, and is used when it comes', async () => {
    const { url, port, stop } = await startRedis()
    await stop()
    const changes: boolean[] = []
    const onChange = (isUp: boolean) => changes.push(isUp)
    const store = await openRedisStore({
      url,
      secret: SECRET,
      durability: 'async',
      timeoutMs: 2_000,
      onChange,
    })
    stores.push(store)
    const unavailable = { code: 'store_unavailable' }
    await expect(store.gather(customer('a'))).rejects.toMatchObject(unavailable)
    await expect(meet(store, customer('a'))).rejects.toMatchObject(unavailable)
    await expect(store.catalogues.newestPublication()).rejects.toMatchObject(unavailable)
    const back = await startRedis({}, { port })
    await expect
      .poll(() => meet(store, customer('a')).catch(() => null), { timeout: 20_000 })
      .toEqual(['changed'])
    expect(changes.at(-1)).toBe(true)
    await back.stop()
  })

  it('is looked at as soon as Redis answers, and nothing is read or written before', async () => {
    const own = await startRedis()
    const settings = { url: own.url, durability: 'async', timeoutMs: 2_000 } as const
    stores.push(await openRedisStore({ ...settings, secret: SECRET }))
    const atOnce: Promise<string>[] = []
    process.kill(own.pid, 'SIGSTOP')
    const other = await openRedisStore({
      ...settings,
      secret: 'another secret than it',
      onChange(isUp) {
        if (isUp) atOnce.push(meet(other, customer('a')).then(String, ({ code }) => code))
      },
    })
    stores.push(other)
    process.kill(own.pid, 'SIGCONT')
    await expect.poll(() => atOnce.length, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await Promise.all(atOnce)).toEqual(atOnce.map(() => 'settings_invalid'))
    await expect(other.gather(customer('a'))).rejects.toMatchObject({ code: 'settings_invalid' })
    await own.stop()
  })

  it('is agreed anew when Redis comes back and has lost everything', async () => {
    const own = await startRedis()
    const store = await openRedisStore({
      url: own.url,
      secret: SECRET,
      durability: 'async',
      timeoutMs: 2_000,
    })
    await meet(store, customer('a'), 1, 'boots')
    await own.stop()
    const back = await startRedis({}, { port: own.port })
    const seen = new Redis(back.url)
    await expect.poll(() => seen.exists(META.secretCheck), { timeout: 10_000 }).toBe(1)
    // Numbers that this process gave before stand for the same ever after.
    expect(await meet(store, customer('b'), 2, 'scarf')).toEqual(['changed'])
    expect(await seen.lrange(META.facts, 0, -1)).toHaveLength(2)
    expect((await store.gather(customer('b'))).ledger.contacts[0]?.facts.action).toBe('scarf')
    await seen.quit()
    await store.close()
    await back.stop()
  })
})

describe('a decision', () => {
  const countCalls = async (work: () => Promise<unknown>) => {
    await db.config('RESETSTAT')
    await work()
    const stats = await db.info('commandstats')
    return Object.fromEntries(
      [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
        .filter(([, name]) => !['info', 'config|resetstat', 'ping'].includes(name!))
        .map(([, name, calls]) => [name!, Number(calls)]),
    )
  }

  it('asks for record, holds and vector, and for nothing of the store itself', async () => {
    const store = await open()
    await fill(store)
    const hundred = () =>
      Promise.all(Array.from({ length: 100 }, () => store.gather(customer('findable-customer'))))
    await hundred()
    const started = performance.now()
    const calls = await countCalls(hundred)
    expect(calls.hgetall).toBe(100)
    // The name of the feature set is read in the background, ten times a second.
    const beside = calls.get! - 200
    expect(beside).toBeGreaterThanOrEqual(0)
    expect(beside).toBeLessThan(3 + (performance.now() - started) / 100)
    // The clock once for all that travels together.
    expect(calls.time).toBeLessThan(10)
    expect(Object.keys(calls).sort()).toEqual(['get', 'hgetall', 'time'])
  })

  it('is made for the moment of the node, and never for one before what is newest of the person', async () => {
    const store = await openRedisStore({
      url: redis.url,
      secret: SECRET,
      durability: 'async',
      timeoutMs: 2_000,
    })
    stores.push(store)
    const [seconds] = (await db.time()).map(Number)
    for (const subject of [customer('a'), session('a'), null]) {
      const { readAt } = await store.gather(subject)
      expect(Math.abs(readAt - seconds! * 1000)).toBeLessThan(5_000)
    }
    const ahead = Date.now() + DAY
    await store.upsert(id('a'), { attributes: { x: 1 } }, ahead, null)
    expect((await store.gather(customer('a'))).readAt).toBe(ahead)
    await db.hset(holdsKey({ of: 'customer', person: store.person(id('a')) }), '', String(ahead + 5))
    expect((await store.gather(customer('a'))).readAt).toBe(ahead + 5)
  })

  it('sees what is held, and what it is founded on', async () => {
    const store = await open()
    const hold: Hold = {
      contact: { ...contact(7), heldUntil: NOW + DAY },
      session: null,
      confirmOn: 'click',
      units: [{ volume: 'v', period: 'p' }],
    }
    expect(await store.gather(customer('a'))).toMatchObject({ holds: [], basis: { record: '', holds: '' } })
    for (const [of, subject, person] of [
      ['customer', customer('a'), personOf(key, 'a')],
      ['session', session('a'), sessionOf(key, 'a')],
    ] as const) {
      await db.hset(holdsKey({ of, person }), { '': '12', [hold.contact.ref]: encodeHold(hold) })
      const gathered = await store.gather(subject)
      expect(gathered).toMatchObject({ holds: [hold], basis: { record: '', holds: '12' } })
      await meet(store, subject)
      const told = await store.gather(subject)
      await meet(store, subject, 2)
      const again = await store.gather(subject)
      expect(new Set([gathered, told, again].map(({ basis }) => basis.record)).size).toBe(3)
      expect(again.basis.holds).toBe('12')
    }
  })
})

describe('what is stored', () => {
  it('holds no id and no address, neither as key nor as value', async () => {
    await fill(await open())
    const found: string[] = []
    for (const at of await db.keys('*')) found.push(at, (await db.dump(at)) ?? '')
    expect(found.join('\n')).toContain('boots')
    expect(found.join('\n')).not.toMatch(/findable/)
  })

  it('is all of it in the documents, key by key', async () => {
    await fill(await open())
    const documents = await readFile(new URL('../../../docs/stores.md', import.meta.url), 'utf8')
    const documented = [...documents.matchAll(/^\| `(emma:[^`]+)` +\|[^|]+\| (\w+) +\| \S/gm)].map(
      ([, at, type]) => ({
        type,
        pattern: new RegExp(`^${at!.replace('{b…}', '{b\\d{4}}').replaceAll(/<\w+>/g, '[\\w-]+')}$`),
      }),
    )
    const types = await Promise.all((await db.keys('*')).map(async (at) => [at, await db.type(at)] as const))
    for (const [at, type] of types)
      expect(
        documented.filter(({ pattern }) => pattern.test(at)),
        at,
      ).toMatchObject([{ type }])
  })

  it('goes by itself when it is a visitor’s, a day after the last that was told of him', async () => {
    const store = await open()
    await fill(store)
    await meet(store, session('findable-session'), 5)
    const at = sessionKey(sessionOf(key, 'findable-session'))
    expect(await db.pttl(at)).toBeGreaterThan(SESSION_KEPT_MS - 5_000)
    expect(await db.pttl(at)).toBeLessThanOrEqual(SESSION_KEPT_MS)
    const timed = await Promise.all(
      (await db.keys('*')).map(async (one) => [one, await db.pttl(one)] as const),
    )
    expect(timed.filter(([, ttl]) => ttl >= 0).map(([one]) => one)).toEqual([at])
  })

  it('says that it is damaged, whatever record is, and mends itself by nothing that it is told', async () => {
    const store = await open()
    await fill(store)
    const anna = customer('findable-customer')
    const person = personOf(key, 'findable-customer')
    const read = () => store.gather(anna)
    const other = async (use: (store: RedisStore) => Promise<unknown>) => use(await open())
    const cases: [string, () => Promise<unknown>][] = [
      [profileKey(person), read],
      [profileKey(person), () => meet(store, anna, 3)],
      [profileKey(person), () => store.upsert(id('findable-customer'), {}, NOW, null)],
      [profileKey(person), () => store.sample(5)],
      [statementsKey(addressOf(key, statement.address)), () => store.gather(null, statement.address)],
      [
        statementsKey(addressOf(key, statement.address)),
        () => store.recordConsents([{ subject: null, statement }]),
      ],
      [META.newestPublication, () => store.catalogues.newestPublication()],
      [META.runTime, () => store.catalogues.runTimeState()],
      [META.runTime, () => store.catalogues.changeRunTime([{ at: 1, action: 'a', live: null }])],
      [META.featureSet, () => other((one) => one.featureSet())],
    ]
    for (const [at, use] of cases) {
      const sound = (await db.getBuffer(at))!
      const flipped = Buffer.from(sound)
      flipped[flipped.length - 5]! ^= 0x55
      for (const bytes of [flipped, sound.subarray(0, -1), Buffer.from('{')]) {
        if (bytes === flipped && at.includes('{meta}')) continue
        await db.set(at, bytes)
        await expect(use(), at).rejects.toMatchObject({ code: 'store_unavailable' })
        expect((await db.getBuffer(at))!.equals(bytes)).toBe(true)
      }
      await db.set(at, sound)
    }
    expect((await read()).ledger.contacts).toHaveLength(1)
  })
})

describe('the dictionary of contacts', () => {
  it('holds everything once, whoever met it first', async () => {
    const two = [await open(), await open()]
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => meet(two[i % 2]!, customer(`c${i}`), i, `a${i % 4}`)),
    )
    expect(await db.llen(META.facts)).toBe(4)
  })

  it('becomes again what it was when a failover has lost the end of it', async () => {
    const store = await open()
    for (const [i, action] of ['boots', 'scarf', 'coat'].entries())
      await meet(store, customer('a'), i, action)
    await db.ltrim(META.facts, 0, 0)
    await meet(store, customer('a'), 9, 'hat')
    const { ledger } = await (await open()).gather(customer('a'))
    expect(ledger.contacts.map((one) => one.facts.action).sort()).toEqual(['boots', 'coat', 'hat', 'scarf'])
  })

  it('gives no number to other facts: where it was changed, nothing is read or written by it', async () => {
    const store = await open()
    await meet(store, customer('a'), 1, 'boots')
    await meet(store, customer('a'), 2, 'scarf')
    const scarf = (await db.lindex(META.facts, 1))!
    for (const wrong of [scarf.replace('scarf', 'coat'), '["web"]', '']) {
      await db.lset(META.facts, 1, wrong)
      await expect(meet(store, customer('b'), 3, 'hat')).rejects.toMatchObject({ code: 'store_unavailable' })
    }
    await db.ltrim(META.facts, 0, 0)
    await expect((await open()).gather(customer('a'))).rejects.toMatchObject({ code: 'store_unavailable' })
    await db.rpush(META.facts, scarf)
    expect(await meet(store, customer('b'), 3, 'hat')).toEqual(['changed'])
  })
})

describe('feature sets', () => {
  const vectorsOf = (version: string) =>
    db.exists(vectorKey(manifest(version).version, personOf(key, 'findable-customer')))

  it('that were left behind go with the next activation, and those being loaded stay', async () => {
    const store = await open()
    for (const version of ['a', 'b']) await load(store, version)
    await store.loader.put(manifest('c'), [{ id: id('findable-customer'), values: [3, 3] }])
    await store.loader.put(manifest('d'), [{ id: id('findable-customer'), values: [4, 4] }])
    // The last rows of c came two days ago; of another activation, an older set was left behind.
    await db.hset(META.featureVersions, manifest('c').version, Date.now() - 2 * DAY)
    await db.set(vectorKey(manifest('f').version, personOf(key, 'findable-customer')), 'x')
    await db.hset(META.featureVersions, manifest('f').version, 0)
    await load(store, 'e')
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(vectorsOf))).toEqual([0, 1, 0, 1, 1, 0])
    const versions = ['b', 'e'].map((version) => manifest(version).version)
    expect((await db.hkeys(META.manifests)).sort()).toEqual(versions)
  })

  it('are found by a process that slept through two switches', async () => {
    const [one, two] = [await open(), await open()]
    await load(one, 'a')
    await two.featureSet()
    await load(one, 'b')
    await load(one, 'c')
    await expect
      .poll(async () => (await two.gather(customer('findable-customer'))).featureSet?.manifest.version, {
        timeout: 2_000,
        interval: 10,
      })
      .toBe(manifest('c').version)
  })
})

it('loses nothing of what four processes write at the same time', { timeout: 60_000 }, async () => {
  const [processes, each] = [4, 60]
  const codes = await Promise.all(
    Array.from({ length: processes }, (_, worker) => {
      const script = new URL('./redis-writer.ts', import.meta.url)
      const args = [redis.url, String(worker), String(each)]
      const writer = fork(script, args, { execArgv: ['--import', 'tsx'] })
      return new Promise((resolve) => writer.once('exit', resolve))
    }),
  )
  expect(codes).toEqual(codes.map(() => 0))
  const store = await open()
  const persons = await Promise.all(
    Array.from({ length: 5 }, (_, i) => store.gather(customer(`shared-${i}`))),
  )
  for (let i = 0; i < each; i++)
    for (let worker = 0; worker < processes; worker++) {
      const { profile, ledger } = persons[i % 5]!
      expect(profile?.attributes[`w${worker}_${i}`]).toBe(i)
      const { ref } = contact(worker * 1_000_000 + i)
      expect(ledger.contacts.find((one) => one.ref === ref)?.facts.action).toBe(`a${i}`)
    }
  // What the contacts were about, and what the attributes are called: each once.
  const numbered = await db.lrange(META.facts, 0, -1)
  expect(numbered).toHaveLength(each + processes * each)
  expect(new Set(numbered).size).toBe(numbered.length)
})
