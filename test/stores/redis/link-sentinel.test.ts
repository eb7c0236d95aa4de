import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openLink } from '../../../src/stores/redis/link.ts'
import { say, startRedis } from '../../setup/redis-server.ts'
import { startLoad, untilServed } from './load.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('sentinels are asked for the master, and for its successor when it is gone', async () => {
  const [master, replica] = await Promise.all([startRedis(), startRedis()])
  endings.push(
    () => master.stop(),
    () => replica.stop(),
  )
  await say(replica.port, `REPLICAOF 127.0.0.1 ${master.port}`)
  await expect.poll(() => say(replica.port, 'INFO replication'), { timeout: 20_000 }).toContain('status:up')
  const folder = await mkdtemp(join(tmpdir(), 'emma-sentinel-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'sentinel.conf')
  await writeFile(
    file,
    [
      `sentinel monitor shop 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds shop 1000',
      'sentinel failover-timeout shop 3000',
      '',
    ].join('\n'),
  )
  const sentinel = await startRedis({}, { file, settings: ['--sentinel'] })
  endings.push(() => sentinel.stop())
  await expect
    .poll(() => say(sentinel.port, 'SENTINEL replicas shop'), { timeout: 20_000 })
    .toContain('slave')

  const link = openLink({
    // The first of them is not there: the second is asked.
    url: `redis-sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/shop`,
    timeoutMs: 30,
    durability: 'async',
  })
  endings.push(() => link.close())
  const increment = () => link.send('n', [['INCR', 'n']])
  await untilServed(increment)
  const valueAt = async (port: number) => Number(/\$\d+\r\n(\d+)/.exec(await say(port, 'GET n'))?.[1])
  const before = await valueAt(master.port)
  expect(before).toBeGreaterThanOrEqual(30)
  const load = startLoad(increment)
  process.kill(master.pid, 'SIGKILL')
  await expect.poll(() => link.isUp(), { timeout: 1_000, interval: 5 }).toBe(false)
  await expect.poll(() => say(replica.port, 'ROLE'), { timeout: 20_000, interval: 20 }).toContain('master')
  expect(await untilServed(increment)).toBeLessThanOrEqual(2_000)
  await load.stop()
  const slowest = Math.max(...load.settled.map(({ took }) => took))
  expect(slowest).toBeLessThanOrEqual(50 + load.lateness())
  expect(await valueAt(replica.port)).toBeGreaterThan(before)
})
