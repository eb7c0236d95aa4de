import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Served } from '../cli/run-emma.ts'
import { type RunningRedisCluster, startRedisCluster } from '../setup/redis-cluster.ts'
import { isFull, startCallers } from './callers.ts'
import { serveOn } from './emma-on-redis.ts'
import { between, expectBackInTime, expectFilled, expectPromises, summaryOf } from './verdict.ts'

/** As in test/setup/redis-cluster.ts. */
const NODE_TIMEOUT_MS = 1_000
/** From the kill until everything is there again. */
const FAILOVER_MS = NODE_TIMEOUT_MS + 2_000
const BUSY_MS = 1_500

const folder = mkdtempSync(join(tmpdir(), 'emma-failover-'))
let cluster: RunningRedisCluster
let emma: Served

beforeAll(async () => {
  cluster = await startRedisCluster()
  emma = await serveOn(cluster.url, folder)
})
afterAll(async () => {
  await emma?.stop('SIGKILL')
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('while a master of three fails over, every call is answered, two thirds as ever, and soon all again', async () => {
  const callers = startCallers(emma.url)
  try {
    await callers.untilFull(20)
    const master = cluster.nodes[1]!
    const killed = performance.now()
    process.kill(master.pid, 'SIGKILL')
    await cluster.successorOf(master)
    const back = await callers.untilFull(20)
    const full = performance.now()
    await sleep(300)
    await callers.stop()
    const during = between(callers.answers, killed, full)
    process.stdout.write(
      `${summaryOf('master killed', during, back)}; ${(full - killed).toFixed(0)} ms in all\n`,
    )
    expectPromises(callers, killed)
    expectFilled(callers.answers)
    expect(during.filter(isFull).length).toBeGreaterThan(0)
    expect(during.filter((answer) => !isFull(answer)).length).toBeGreaterThan(0)
    expectBackInTime(back, callers)
    const lastPoor = during.filter((answer) => !isFull(answer)).at(-1)!.sentAt
    expect(lastPoor - killed).toBeLessThan(FAILOVER_MS + BUSY_MS + callers.lateness())
  } finally {
    await callers.stop()
  }
})
