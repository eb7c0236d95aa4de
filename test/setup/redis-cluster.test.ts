import { expect, test } from 'vitest'
import { startRedisCluster } from './redis-cluster.ts'
import { say } from './redis-server.ts'

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('startRedisCluster gives three masters with a replica each, finds who follows a master, and ends them all', async () => {
  const cluster = await startRedisCluster()
  try {
    expect(cluster.nodes.map(({ role }) => role)).toEqual([
      ...['master', 'master', 'master'],
      ...['replica', 'replica', 'replica'],
    ])
    expect(cluster.nodes.slice(0, 3).map(({ slots }) => slots)).toEqual([
      [0, 5461],
      [5462, 10922],
      [10923, 16383],
    ])
    expect(cluster.url).toBe(
      `redis-cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    )
    for (const { port, role } of cluster.nodes) {
      expect(port + 10_000).toBeLessThan(65_536)
      expect(await say(port, 'CLUSTER INFO')).toContain('cluster_state:ok')
      expect(await say(port, 'ROLE')).toContain(role === 'master' ? 'master' : 'connected')
    }
    process.kill(cluster.nodes[1]!.pid, 'SIGKILL')
    expect(await cluster.successorOf(cluster.nodes[1]!)).toBe(cluster.nodes[4])
  } finally {
    await cluster.stop()
  }
  expect(cluster.nodes.some(({ pid }) => isAlive(pid))).toBe(false)
})
