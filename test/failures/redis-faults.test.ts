import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Served } from '../cli/run-emma.ts'
import { type RunningRedis, say, startRedis } from '../setup/redis-server.ts'
import { type SlowLine, startSlowLine } from '../stores/redis/slow-line.ts'
import { type Callers, startCallers } from './callers.ts'
import { residentBytes, serveOn } from './emma-on-redis.ts'
import { overfilled } from './grants.ts'
import { between, expectBackInTime, expectFilled, expectPromises, summaryOf, unsaid } from './verdict.ts'

/** How soon after a fault began Emma has noticed. */
const NOTICED_MS = 300
/** Much less than what a second of requests would take if they were kept, and more than a process breathes. */
const GROWTH_BYTES = 100_000_000

const folder = mkdtempSync(join(tmpdir(), 'emma-faults-'))
/** What Redis writes survives its end, as with `appendonly yes` in production. */
const KEPT = ['--appendonly', 'yes', '--dir', folder]
let redis: RunningRedis
let line: SlowLine
let direct: Served
let viaLine: Served
let callers: Callers | undefined
let round = 0

beforeAll(async () => {
  redis = await startRedis({}, { settings: KEPT })
  line = await startSlowLine(redis.port)
  ;[direct, viaLine] = await Promise.all([
    serveOn(redis.url, folder),
    serveOn(`redis://127.0.0.1:${line.port}/1`, folder),
  ])
})
afterEach(async () => {
  await callers?.stop()
  callers = undefined
  line.delayMs = 0
})
afterAll(async () => {
  await Promise.all([direct?.stop('SIGKILL'), viaLine?.stop('SIGKILL')])
  await line?.stop()
  await redis?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const callersOf = async (emma: Served): Promise<Callers> => {
  round += 1
  callers = startCallers(emma.url, { name: `round-${round}` })
  await callers.untilFull(20)
  return callers
}

interface Fault {
  readonly name: string
  /** Makes it fail; returns what ends that. */
  begin(): Promise<() => Promise<unknown>>
}

/** Lets the callers ask while Redis fails and until all is well, and holds what they saw against the promises. */
const endure = async (emma: Served, { name, begin }: Fault, lastsMs = 1_200) => {
  const asking = await callersOf(emma)
  const memory = residentBytes(emma.child.pid!)
  const began = performance.now()
  const end = await begin()
  await sleep(lastsMs)
  const lasted = performance.now()
  await end()
  const back = await asking.untilFull()
  await sleep(200)
  await asking.stop()
  process.stdout.write(`${summaryOf(name, between(asking.answers, began, lasted), back)}\n`)
  expectPromises(asking, began)
  expectFilled(asking.answers)
  expect(residentBytes(emma.child.pid!) - memory).toBeLessThan(GROWTH_BYTES)
  expectBackInTime(back, asking)
  return { asking, began, lasted }
}

describe('while Redis is away, decisions go on and say so, and what is counted is not shown', () => {
  const faults: Fault[] = [
    {
      name: 'killed, and started again with what it had written',
      begin: async () => {
        process.kill(redis.pid, 'SIGKILL')
        return async () => {
          redis = await startRedis({}, { port: redis.port, settings: KEPT })
        }
      },
    },
    {
      name: 'stopped (SIGSTOP)',
      begin: async () => {
        process.kill(redis.pid, 'SIGSTOP')
        return async () => process.kill(redis.pid, 'SIGCONT')
      },
    },
    {
      name: 'CLIENT PAUSE',
      begin: async () => {
        await say(redis.port, 'CLIENT PAUSE 1200')
        return async () => {}
      },
    },
  ]
  test.each(faults)('$name', async (fault) => {
    const { asking, began, lasted } = await endure(direct, fault)
    expect(unsaid(asking.answers, began + NOTICED_MS, lasted)).toEqual([])
  })
})

test('a Redis that loads its data is waited for', async () => {
  const fault: Fault = {
    name: 'killed, and started again with much to load',
    begin: async () => {
      process.kill(redis.pid, 'SIGKILL')
      const slow = [...KEPT, '--key-load-delay', '50']
      return async () => {
        redis = await startRedis({}, { port: redis.port, settings: slow })
      }
    },
  }
  await endure(direct, fault, 0)
  expect(direct.log()).toMatch(/loading its data/)
})

describe('a Redis that is read and takes no writes grants nothing', () => {
  const faults: Fault[] = [
    {
      name: 'full',
      begin: async () => {
        await say(redis.port, 'CONFIG SET maxmemory 1')
        return () => say(redis.port, 'CONFIG SET maxmemory 0')
      },
    },
    {
      name: 'a replica of a master that is away',
      begin: async () => {
        await say(redis.port, 'REPLICAOF 127.0.0.1 1')
        return () => say(redis.port, 'REPLICAOF NO ONE')
      },
    },
  ]
  test.each(faults)('$name', async (fault) => {
    const { asking, began, lasted } = await endure(direct, fault)
    expect(unsaid(asking.answers, began + NOTICED_MS, lasted)).toEqual([])
  })
})

describe('a slow line to Redis', () => {
  test.each([50, 200])('that takes %i ms is too slow for a decision', async (ms) => {
    const fault: Fault = {
      name: `${ms} ms slower`,
      begin: async () => {
        line.delayMs = ms
        return async () => {
          line.delayMs = 0
        }
      },
    }
    const { asking, began, lasted } = await endure(viaLine, fault)
    expect(unsaid(asking.answers, began + NOTICED_MS, lasted)).toEqual([])
  })

  test('that takes 20 ms grants what it can in time, and never too much', async () => {
    const fault: Fault = {
      name: '20 ms slower',
      begin: async () => {
        line.delayMs = 20
        return async () => {
          line.delayMs = 0
        }
      },
    }
    await endure(viaLine, fault)
  })

  test('that breaks again and again never lets a cap be overfilled', async () => {
    const fault: Fault = {
      name: 'broken every 50 ms',
      begin: async () => {
        const cutting = setInterval(line.cut, 50)
        return async () => clearInterval(cutting)
      },
    }
    await endure(viaLine, fault)
  })
})

test('the promises are broken where somebody breaks them', () => {
  const answer = {
    ...{ customer: 'c', sentAt: 0, took: 1, status: 200, said: '', decisionId: '', degraded: [] },
    shown: ['boots'],
  }
  expect(overfilled([answer, answer, answer])).toEqual({ boots: 0, gloves: 0 })
  expect(overfilled([answer, answer, answer, answer])).toEqual({ boots: 1, gloves: 0 })
})
