import { afterAll, beforeAll } from 'vitest'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { describeDecisionStore } from '../contract/decision-store-contract.ts'
import { decisionHome } from './redis-home.ts'

let redis: RunningRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describeDecisionStore('the store in Redis', () => decisionHome(redis.url))
