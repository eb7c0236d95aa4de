import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RunningRedisCluster, startRedisCluster } from '../setup/redis-cluster.ts'
import { type RunningRedis, say, startRedis } from '../setup/redis-server.ts'
import { emma } from './run-emma.ts'

const folder = mkdtempSync(join(tmpdir(), 'emma-doctor-'))
let redis: RunningRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const doctor = (url: string, more: Record<string, string> = {}) =>
  emma(['doctor'], { STORE_URL: url, SECRET: 'sixteen letters and more', ...more }, folder)

describe('emma doctor on a Redis', () => {
  it('is content with one that keeps everything', async () => {
    await say(redis.port, 'CONFIG SET maxmemory 1gb', 'CONFIG SET appendonly yes')
    const { code, out, err } = await doctor(redis.url)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^ok +the store in redis:\/\/127\.0\.0\.1:\d+ opens; its format and SECRET fit$/m)
    expect(out).toMatch(/^ok +Redis has maxmemory-policy noeviction$/m)
    expect(out).not.toContain('WRONG')
  })

  it('refuses one that evicts, and says what to set', async () => {
    await say(redis.port, 'CONFIG SET maxmemory-policy allkeys-lru')
    const { code, out } = await doctor(redis.url)
    await say(redis.port, 'CONFIG SET maxmemory-policy noeviction')
    expect(code).toBe(1)
    expect(out).toMatch(/^WRONG +Redis has maxmemory-policy allkeys-lru: set maxmemory-policy noeviction/m)
  })

  it('refuses another SECRET than the store was made with, and keeps it to itself', async () => {
    const { code, out, err } = await doctor(redis.url, { SECRET: 'seventeen letters, another' })
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/SECRET: this is not the secret that the store in Redis was made with/)
    expect(err).not.toContain('seventeen')
  })

  it('says in one line that nobody answers, without a password', async () => {
    const gone = await startRedis()
    await gone.stop()
    const { code, out, err } = await doctor(`redis://user:geheim@127.0.0.1:${gone.port}`)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/store: Redis at 127\.0\.0\.1:\d+ .*ECONNREFUSED/)
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(2)
    expect(err).not.toMatch(/geheim|^\s+at /m)
  })
})

describe('emma doctor on a cluster', () => {
  let cluster: RunningRedisCluster | undefined
  afterEach(() => cluster?.stop())

  it('looks at every master, and advises against stopping all of them for one', async () => {
    cluster = await startRedisCluster()
    for (const { port } of cluster.nodes) await say(port, 'CONFIG SET cluster-require-full-coverage yes')
    const { code, out } = await doctor(cluster.url)
    expect(code).toBe(0)
    for (const i of [1, 2, 3]) {
      expect(out).toMatch(new RegExp(`^ok +master ${i} of 3 has maxmemory-policy noeviction$`, 'm'))
      expect(out).toMatch(
        new RegExp(`^advice +master ${i} of 3 has cluster-require-full-coverage yes: .*no`, 'm'),
      )
    }
  })
})
