import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type Serving, startServing } from '../cli/run-emma.ts'
import { type RunningRedis, startRedis } from '../setup/redis-server.ts'
import { type Callers, startCallers } from './callers.ts'
import { settingsFor } from './emma-on-redis.ts'
import { expectBackInTime, expectFilled, expectPromises } from './verdict.ts'

/** From the start of the process until it answers: so long, or as long as with Redis on a machine that is busy. */
const READY_MS = 3_000
const BUSY_MS = 1_000

const folder = mkdtempSync(join(tmpdir(), 'emma-start-'))
const KEPT = ['--appendonly', 'yes', '--dir', folder]
let redis: RunningRedis
let emma: Serving | undefined
let callers: Callers | undefined
afterEach(async () => {
  await callers?.stop()
  await emma?.stop('SIGKILL')
  await redis?.stop()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readiness = async (url: string): Promise<unknown> => {
  const reply = await fetch(`${url}/readyz`)
  return { status: reply.status, ...((await reply.json()) as object) }
}
const startIn = async (settings: Readonly<Record<string, string>>): Promise<{ url: string; ms: number }> => {
  const start = performance.now()
  emma = startServing(settings, folder)
  return { url: await emma.ready, ms: performance.now() - start }
}

test('with CATALOGUE Emma serves it without Redis, says so, and grants as soon as Redis is there', async () => {
  redis = await startRedis()
  const usual = await startIn(settingsFor(redis.url, folder))
  await emma!.stop()
  await redis.stop()

  const { url, ms } = await startIn(settingsFor(redis.url, folder))
  process.stdout.write(
    `ready ${ms.toFixed(0)} ms after the start without Redis, ${usual.ms.toFixed(0)} with it\n`,
  )
  expect(ms).toBeLessThan(Math.max(READY_MS, 1.5 * usual.ms + BUSY_MS))
  expect(await readiness(url)).toMatchObject({ status: 'degraded', degraded: ['store_unavailable'] })
  callers = startCallers(url)
  await expect.poll(() => callers!.answers.length, { timeout: 15_000 }).toBeGreaterThan(50)
  const without = [...callers.answers]
  expect(without.filter(({ degraded }) => !degraded.includes('store_unavailable'))).toEqual([])

  const warm = performance.now()
  redis = await startRedis({}, { port: redis.port, settings: KEPT })
  const back = await callers.untilFull()
  await sleep(500)
  await callers.stop()
  process.stdout.write(`full mode ${back.toFixed(0)} ms after Redis was there\n`)
  expectBackInTime(back, callers)
  expectPromises(callers, warm)
  expectFilled(callers.answers)
  expect(await readiness(url)).toMatchObject({ status: 'ready', degraded: [] })
})

test('without CATALOGUE Emma waits for Redis in words, and serves what is there when it comes', async () => {
  const { CATALOGUE: _, ...settings } = settingsFor(redis.url, folder)
  const start = performance.now()
  emma = startServing(settings, folder)
  await expect.poll(() => emma!.log(), { timeout: 20_000 }).toMatch(/waiting for the store.*ECONNREFUSED/)
  // It goes on waiting.
  await sleep(1_500)
  expect(emma.child.exitCode).toBe(null)
  expect(emma.log()).not.toContain('Emma is ready')

  redis = await startRedis({}, { port: redis.port, settings: KEPT })
  const there = performance.now()
  const url = await emma.ready
  const ms = performance.now() - there
  process.stdout.write(
    `waited ${(there - start).toFixed(0)} ms, ready ${ms.toFixed(0)} ms after Redis was there\n`,
  )
  callers = startCallers(url, { name: 'later' })
  await callers.untilFull(20)
  const warm = performance.now()
  await callers.untilFull(20)
  await callers.stop()
  expectBackInTime(ms, callers)
  expectPromises(callers, warm)
  expectFilled(callers.answers)
})
