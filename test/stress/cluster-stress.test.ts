import { expect, it } from 'vitest'
import { startRedisCluster } from '../setup/redis-cluster.ts'
import { breaches, runStress } from './run-stress.ts'

it('sixteen processes grant what there is, and no more: a Redis cluster', async () => {
  const cluster = await startRedisCluster()
  try {
    const report = await runStress(cluster.url, 16, 10_000, 1)
    expect(breaches(report), JSON.stringify({ ...report, over: [], unlikeLedgers: [] })).toEqual([])
  } finally {
    await cluster.stop()
  }
}, 600_000)
