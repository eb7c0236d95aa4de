import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeLeases } from '../../../src/stores/redis/leases.ts'
import { type Link, openLink } from '../../../src/stores/redis/link.ts'
import { makePools } from '../../../src/stores/redis/pools.ts'
import { leasedKey, PROCESSES, periodToText, poolKey, unitsKey } from '../../../src/stores/redis/unit-keys.ts'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { allowance } from '../contract/decision-examples.ts'
import { PATIENT_MS } from './redis-home.ts'

const MAX = 64
const volume = allowance('v', MAX)
const DEAD = '0123456789ab'

let redis: RunningRedis
let db: Redis
let links: Link[]
const open = () => {
  const link = openLink({ url: redis.url, durability: 'async', timeoutMs: PATIENT_MS })
  links.push(link)
  return { link, pools: makePools(link, Date.now) }
}
beforeAll(async () => {
  redis = await startRedis()
  db = new Redis(redis.url)
})
beforeEach(async () => {
  links = []
  await db.flushall()
})
afterEach(async () => {
  for (const link of links) await link.close()
})
afterAll(async () => {
  await db.quit()
  await redis.stop()
})

/** As a commit does in its bucket. */
const spend = (lease: string, bucket: number) => db.hincrby(unitsKey(bucket, 'total'), `L${lease}`, 1)
/** How many units the pool takes for out or spent, and how many leases it takes for open. */
const poolSays = async () => {
  const all = await db.hgetall(poolKey(volume))
  return { out: Number(all.g), open: Object.keys(all).filter((field) => field.startsWith('l')).length }
}

describe('a lease with commits of which nobody knows what became', () => {
  it('goes back without what was spent, wherever that was, and nobody spends of it any more', async () => {
    const { link, pools } = open()
    const leases = makeLeases(link, pools, 60_000)
    const used = (await leases.reserve(volume, Date.now()))!
    for (const bucket of [3, 1_023]) {
      await leases.reserve(volume, Date.now())
      await spend(used.name, bucket)
      leases.settle(used, 'unknown')
    }
    // Known to be spent, and known not to be.
    await spend(used.name, 7)
    leases.settle(used, 'spent')
    leases.settle((await leases.reserve(volume, Date.now()))!, 'kept')
    // Unknown, and not spent.
    leases.settle((await leases.reserve(volume, Date.now()))!, 'unknown')
    expect((await poolSays()).open).toBe(1)
    await leases.close()
    expect(await poolSays()).toEqual({ out: 3, open: 0 })
    expect(await pools.account(volume)).toEqual({ used: 3, leased: 0 })
    for (const bucket of [0, 3, 512, 1_023])
      expect(await db.hexists(unitsKey(bucket, 'total'), `F${used.name}`)).toBe(1)
  })
})

describe('what a dead process had leased', () => {
  const named = [1, 2].map((number) => `v.${DEAD}.${number}`)
  beforeEach(async () => {
    const { pools } = open()
    for (const lease of named) {
      const request = { owner: DEAD, lease, allowed: MAX, processes: 1, waiting: 1, now: Date.now() }
      expect(await pools.lease(volume, request, { timeoutMs: PATIENT_MS })).toMatchObject({
        result: 'leased',
      })
      for (const bucket of [0, 700]) await spend(lease, bucket)
    }
  })

  const settle = async ({ pools }: ReturnType<typeof open>) => {
    for (const lease of await pools.bury(volume, DEAD))
      await pools.give(volume, lease, await pools.fence(volume, lease))
  }

  it('comes back once, though two take it at once', async () => {
    await Promise.all([settle(open()), settle(open())])
    expect(await poolSays()).toEqual({ out: 4, open: 0 })
  })

  it.each([
    ['after it was buried', async ({ pools }: ReturnType<typeof open>) => pools.bury(volume, DEAD)],
    [
      'when one lease was fenced, and not given',
      async ({ pools }: ReturnType<typeof open>) => pools.fence(volume, named[0]!),
    ],
    [
      'when one lease was given, and not the other',
      async ({ pools }: ReturnType<typeof open>) =>
        pools.give(volume, named[0]!, await pools.fence(volume, named[0]!)),
    ],
  ])('comes back whole by the next one when who takes it dies %s', async (_, begin) => {
    await begin(open())
    await settle(open())
    expect(await poolSays()).toEqual({ out: 4, open: 0 })
    const { pools } = open()
    const request = { owner: DEAD, lease: `v.${DEAD}.3`, allowed: MAX, processes: 1, waiting: 1, now: 0 }
    expect(await pools.lease(volume, request, {})).toEqual({ result: 'dead' })
  })

  it('is taken by one of two processes that find it', async () => {
    await db.zadd(PROCESSES, 1, DEAD)
    await db.sadd(leasedKey(DEAD), periodToText(volume))
    const others = [open(), open()].map(({ link, pools }) => makeLeases(link, pools, 60_000))
    const other = allowance('other', 8)
    for (const leases of others) leases.settle((await leases.reserve(other, Date.now()))!, 'kept')
    for (const leases of others) await leases.close()
    expect(await poolSays()).toEqual({ out: 4, open: 0 })
    expect(await db.exists(PROCESSES, leasedKey(DEAD))).toBe(0)
  })
})
