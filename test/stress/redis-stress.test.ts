import { expect, it } from 'vitest'
import { startRedis } from '../setup/redis-server.ts'
import { breaches, runStress } from './run-stress.ts'

it('sixteen processes grant what there is, and no more: Redis', async () => {
  const redis = await startRedis()
  try {
    const report = await runStress(redis.url, 16, 10_000, 1)
    expect(breaches(report), JSON.stringify({ ...report, over: [], unlikeLedgers: [] })).toEqual([])
  } finally {
    await redis.stop()
  }
}, 600_000)
