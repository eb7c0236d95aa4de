import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redisHealth } from '../../../src/stores/redis/health.ts'
import { type Link, openLink } from '../../../src/stores/redis/link.ts'
import { type RunningRedis, say, startRedis } from '../../setup/redis-server.ts'

let redis: RunningRedis
let link: Link
beforeAll(async () => {
  redis = await startRedis()
  link = openLink({ url: redis.url, durability: 'async' })
}, 60_000)
beforeEach(async () => {
  for (const [name, value] of [
    ['maxmemory-policy', 'noeviction'],
    ['maxmemory', '1gb'],
    ['appendonly', 'yes'],
  ] as const)
    await say(redis.port, `CONFIG SET ${name} ${value}`)
})
afterAll(async () => {
  await link?.close()
  await redis?.stop()
})

const states = async (durability: 'async' | 'replicated' = 'async') =>
  (await redisHealth(link, durability).findings()).map(({ state, what }) => `${state} ${what}`)

describe('the health of a Redis', () => {
  it('is right when it keeps everything', async () => {
    expect((await states()).map((line) => line.split(' ')[0])).toEqual(['right', 'right', 'right', 'right'])
  })

  it.each(['allkeys-lru', 'volatile-ttl'])('is wrong when it may evict: %s', async (policy) => {
    await say(redis.port, `CONFIG SET maxmemory-policy ${policy}`)
    expect(await states()).toContain(`wrong Redis has maxmemory-policy ${policy}`)
  })

  it('advises a bound of memory, room below it, and a file of what was written', async () => {
    await say(redis.port, 'CONFIG SET appendonly no')
    await say(redis.port, 'CONFIG SET maxmemory 0')
    expect((await states()).filter((line) => line.startsWith('advice'))).toHaveLength(2)
    await say(redis.port, 'CONFIG SET maxmemory 1mb')
    expect((await states())[2]).toMatch(/^advice Redis uses \d+ MB of 1 MB/)
  })

  it('is wrong without the replicas that STORE_DURABILITY=replicated waits for', async () => {
    expect(await states('replicated')).toContain('wrong Redis has 0 replicas')
  })
})
