import { afterAll, beforeAll } from 'vitest'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { describeCatalogueStore } from '../contract/catalogue-store-contract.ts'
import { describeCustomerStore } from '../contract/customer-store-contract.ts'
import { catalogueHome, customerHome } from './redis-home.ts'

let redis: RunningRedis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

describeCustomerStore('the store in Redis', () => customerHome(redis.url))
describeCatalogueStore('the store in Redis', () => catalogueHome(redis.url))
