import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRedisStore, type RedisStore } from '../../../src/stores/redis/customer-store.ts'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { allowance, ask, granted, liveRefs, SHORT, unitOf } from '../contract/decision-examples.ts'
import { customer } from '../contract/examples.ts'
import { emptied, PATIENT_MS, SECRET } from './redis-home.ts'

/** Longer than a process may be silent. */
const PAUSED_MS = 8_000
const PATIENCE_MS = 60_000

interface Worker {
  readonly child: ChildProcess
  granted: number
  readonly ended: Promise<unknown>
}

describe('several processes on one Redis', () => {
  let redis: RunningRedis
  let store: RedisStore
  let workers: Worker[] = []
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    await emptied(redis.url)
    store = await openRedisStore({
      url: redis.url,
      secret: SECRET,
      durability: 'async',
      timeoutMs: PATIENT_MS,
    })
  })
  afterEach(async () => {
    for (const { child } of workers) child.kill('SIGKILL')
    workers = []
    await store.close()
  })

  function startWorker(task: string, name: string, max: number): Worker {
    const script = new URL('./spending-worker.ts', import.meta.url)
    const child = fork(script, [redis.url, task, name, String(max)], { execArgv: ['--import', 'tsx'] })
    const worker: Worker = { child, granted: 0, ended: once(child, 'exit') }
    child.on('message', (count) => {
      worker.granted = Number(count)
    })
    workers.push(worker)
    return worker
  }
  const start = (count: number, task: string, max: number) =>
    Array.from({ length: count }, (_, i) => startWorker(task, `w${i}`, max))
  const told = () => workers.reduce((sum, { granted: count }) => sum + count, 0)
  async function until(is: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    while (!(await is())) {
      if (Date.now() > deadline) throw new Error(`${what} did not come`)
      await sleep(50)
    }
  }

  it('never fill a cap beyond its limit, and fill it', async () => {
    const max = 100
    await Promise.all(start(4, 'fill', max).map(({ ended }) => ended))
    expect(told()).toBe(max)
    expect(await liveRefs(store, customer('one'))).toHaveLength(max)
  })

  it('give out a volume to the last unit and never beyond, though one dies and one halts too long', async () => {
    const volume = allowance('v', 1_000)
    const law = async () => {
      const { used, leased } = await store.volumeAccount(volume)
      expect(used + leased).toBeLessThanOrEqual(volume.max)
      return used
    }
    const [dying, halting] = start(4, 'spend', volume.max)
    await until(() => workers.every((worker) => worker.granted > 20), 'work of all')
    dying!.child.kill('SIGKILL')
    halting!.child.kill('SIGSTOP')
    const halted = halting!.granted
    const wakes = Date.now() + PAUSED_MS
    await until(async () => {
      await law()
      return Date.now() > wakes
    }, 'the end of the pause')
    halting!.child.kill('SIGCONT')
    await until(async () => (await law()) >= volume.max, 'the last unit')
    await sleep(2_000)
    expect(await store.volumeAccount(volume)).toEqual({ used: volume.max, leased: 0 })
    expect(halting!.granted).toBeGreaterThanOrEqual(halted)
    // What the dying one was granted last it may not have told.
    expect(told()).toBeLessThanOrEqual(volume.max)
    expect(told()).toBeGreaterThanOrEqual(volume.max - 2)
  })

  it('do not keep from each other what they do not spend', async () => {
    const volume = allowance('v', 40)
    startWorker('hold', 'idle', volume.max)
    await until(() => told() === 1, 'its unit')
    const begun = Date.now()
    for (let i = 0; i < 39; ) {
      const { granted: result } = await ask(store, customer(`c${i}`), {
        takes: [volume],
        shown: [{ units: [unitOf(volume)] }],
      })
      if (result.result === 'granted') i++
      else await sleep(10)
      expect(Date.now() - begun).toBeLessThan(4_000)
    }
    expect(await store.volumeAccount(volume)).toEqual({ used: 40, leased: 0 })
  })

  it('give out again what ran out, in the period that it was taken in', async () => {
    const { readAt } = await store.gather(null)
    const day = (period: string) => allowance('v', 1, { period, endsAt: readAt + 86_400_000 })
    const [today, tomorrow] = [day('2026-11-29'), day('2026-11-30')]
    const shown = (unit: typeof today, heldMs: number) => ({
      takes: [unit],
      shown: [{ heldMs, units: [unitOf(unit)] }],
    })
    await granted(store, customer('a'), shown(today, SHORT))
    await granted(store, customer('b'), shown(tomorrow, 3_600_000))
    await sleep(SHORT)
    await until(async () => {
      await store.sweep((await store.gather(null)).readAt)
      return (await ask(store, customer('c'), shown(today, 3_600_000))).granted.result === 'granted'
    }, 'the unit')
    expect((await ask(store, customer('d'), shown(tomorrow, 1))).granted.result).toBe('sold_out')
  })
})
