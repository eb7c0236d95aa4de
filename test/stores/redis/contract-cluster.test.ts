import { afterAll, beforeAll } from 'vitest'
import { type RunningRedisCluster, startRedisCluster } from '../../setup/redis-cluster.ts'
import { describeCatalogueStore } from '../contract/catalogue-store-contract.ts'
import { describeCustomerStore } from '../contract/customer-store-contract.ts'
import { catalogueHome, customerHome } from './redis-home.ts'

let cluster: RunningRedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster.stop())

describeCustomerStore('the store in a Redis Cluster', () => customerHome(cluster.url))
describeCatalogueStore('the store in a Redis Cluster', () => catalogueHome(cluster.url))
