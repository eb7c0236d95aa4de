import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedisCluster } from '../setup/redis-cluster.ts'
import { startRedis } from '../setup/redis-server.ts'
import { breaches, runStress } from './run-stress.ts'
import { startWorkers, type Workers } from './workers.ts'

describe('sixteen processes grant what there is, and no more', { timeout: 900_000 }, () => {
  let workers: Workers
  beforeAll(async () => {
    workers = await startWorkers(16)
  })
  afterAll(() => workers.stop())

  const isKept = async (url: string) => {
    const report = await runStress(url, workers, 2_500, 1)
    expect(breaches(report), JSON.stringify({ ...report, over: [], unlikeLedgers: [] })).toEqual([])
  }

  it('on the embedded store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emma-stress-store-'))
    try {
      await isKept(`embedded:${folder}`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('on Redis', async () => {
    const redis = await startRedis()
    try {
      await isKept(redis.url)
    } finally {
      await redis.stop()
    }
  })

  it('on a Redis Cluster', async () => {
    const cluster = await startRedisCluster()
    try {
      await isKept(cluster.url)
    } finally {
      await cluster.stop()
    }
  })
})
