import { afterAll, beforeAll } from 'vitest'
import { type RunningRedisCluster, startRedisCluster } from '../../setup/redis-cluster.ts'
import { describeDecisionStore } from '../contract/decision-store-contract.ts'
import { decisionHome } from './redis-home.ts'

let cluster: RunningRedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster.stop())

describeDecisionStore('the store in a Redis cluster', () => decisionHome(cluster.url))
