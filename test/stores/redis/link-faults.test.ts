import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { EmmaError } from '../../../src/domain/errors.ts'
import { type CallOptions, type Link, type LinkSettings, openLink } from '../../../src/stores/redis/link.ts'
import { type RedisWanted, type RunningRedis, say, startRedis } from '../../setup/redis-server.ts'
import { type Load, startLoad, untilServed } from './load.ts'
import { startSlowLine } from './slow-line.ts'

const TIMEOUT_MS = 30
/** How late a call may settle after its time-out, and how soon there is full service again. */
const LATE_MS = 20
const BACK_MS = 2_000

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
const redisFor = async (wanted?: RedisWanted): Promise<RunningRedis> => {
  const redis = await startRedis({}, wanted)
  endings.push(() => redis.stop())
  return redis
}
const linkTo = (url: string, more: Partial<LinkSettings> = {}): Link => {
  const link = openLink({ url, timeoutMs: TIMEOUT_MS, durability: 'async', ...more })
  endings.push(() => link.close())
  return link
}

const increment = (link: Link) => () => link.send('n', [['INCR', 'n']])
/** Counts from nothing: on a busy machine some calls before were given up and done all the same. */
const upAndUsed = async (link: Link): Promise<void> => {
  await untilServed(increment(link))
  await link.send('n', [['SET', 'n', 0]], { timeoutMs: 1_000 })
}

const expectSettledInTime = (load: Load): void => {
  expect(load.pending()).toBe(0)
  const slowest = Math.max(...load.settled.map(({ took }) => took))
  expect(slowest).toBeLessThanOrEqual(TIMEOUT_MS + LATE_MS + load.lateness())
}

/** Of the calls made in a span, which are the rejected ones, and how long did they take. */
const rejectedBetween = (load: Load, from: number, to: number) =>
  load.settled.filter(({ at, error }) => at >= from && at < to && error !== undefined)

describe('while Redis does not answer, calls settle in time, and soon at once; then there is full service again', () => {
  const cases: readonly [string, (redis: RunningRedis) => Promise<(() => Promise<void>) | undefined>][] = [
    [
      'stopped (SIGSTOP) for 2.5 s',
      async ({ pid }) => {
        process.kill(pid, 'SIGSTOP')
        await sleep(2_500)
        process.kill(pid, 'SIGCONT')
        return undefined
      },
    ],
    [
      'CLIENT PAUSE 1500',
      async ({ port }) => {
        await say(port, 'CLIENT PAUSE 1500')
        await sleep(1_500)
        return undefined
      },
    ],
    [
      'DEBUG SLEEP 1.5',
      async ({ port }) => {
        await Promise.all([say(port, 'DEBUG SLEEP 1.5'), sleep(1_500)])
        return undefined
      },
    ],
    [
      'killed and started again',
      async ({ port, pid }) => {
        process.kill(pid, 'SIGKILL')
        await sleep(1_000)
        await redisFor({ port })
        return undefined
      },
    ],
  ]
  test.each(cases)('%s', async (_name, fault) => {
    const redis = await redisFor({ settings: ['--enable-debug-command', 'local'] })
    const changes: boolean[] = []
    const link = linkTo(redis.url, { onChange: (isUp) => changes.push(isUp) })
    await upAndUsed(link)
    const load = startLoad(increment(link))
    const isHeldOff = expect.poll(() => link.isUp(), { timeout: 1_000, interval: 5 }).toBe(false)
    const ended = fault(redis)
    await isHeldOff
    const held = performance.now()
    await ended
    const end = performance.now()
    const back = await untilServed(increment(link))
    await load.stop()
    expect(back).toBeLessThanOrEqual(BACK_MS)
    expectSettledInTime(load)
    // Held off, a call costs nothing: it is rejected in the turn in which it was made.
    const rejected = rejectedBetween(load, held + 100, end - 300)
    expect(rejected.length).toBeGreaterThan(100)
    expect(rejected.filter(({ took }) => took > 2).length).toBeLessThanOrEqual(rejected.length / 50)
    expect(changes).toEqual([true, false, true])
    expect(link.isUp()).toBe(true)
  })
})

describe('a Redis that refuses writes', () => {
  test('because it is full is still read, and takes them again when it has room', async () => {
    const redis = await redisFor()
    const link = linkTo(redis.url)
    await upAndUsed(link)
    await say(redis.port, 'CONFIG SET maxmemory 1')
    const refusal = await link.send('n', [['SET', 'n', 1]]).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(EmmaError)
    expect((refusal as EmmaError).message).toMatch(/full .*OOM.*maxmemory/)
    expect(await link.send('n', [['GET', 'n']])).toEqual([Buffer.from('0')])
    expect(link.isUp()).toBe(true)
    await say(redis.port, 'CONFIG SET maxmemory 0')
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
  })

  test('because it cannot save says so', async () => {
    const redis = await redisFor({ settings: ['--enable-debug-command', 'local', '--save', '3600 100000'] })
    const link = linkTo(redis.url)
    await upAndUsed(link)
    await say(redis.port, 'CONFIG SET dbfilename nosuch.rdb', 'CONFIG SET rdb-key-save-delay 10000000')
    await say(redis.port, 'BGSAVE')
    const child = /rdb_bgsave_in_progress:1/
    await expect.poll(() => say(redis.port, 'INFO persistence'), { timeout: 5_000 }).toMatch(child)
    await promisify(execFile)('pkill', ['-9', '-P', String(redis.pid)])
    await expect
      .poll(() => link.send('n', [['INCR', 'n']]).catch((error: Error) => error.message), { timeout: 5_000 })
      .toMatch(/disk.*MISCONF/)
    expect(link.isUp()).toBe(true)
  })

  test('because it is a replica is read, asked anew who it is now and then, and used again as a master', async () => {
    const [redis, master] = await Promise.all([redisFor(), redisFor()])
    const link = linkTo(redis.url)
    await upAndUsed(link)
    await say(redis.port, `REPLICAOF 127.0.0.1 ${master.port}`)
    await expect
      .poll(() => link.send('n', [['INCR', 'n']]).catch((error: Error) => error.message), { timeout: 5_000 })
      .toMatch(/replica.*READONLY/)
    await untilServed(() => link.send('n', [['GET', 'n']]))
    const connections = async () =>
      Number(/total_connections_received:(\d+)/.exec(await say(redis.port, 'INFO stats'))?.[1])
    const before = await connections()
    const load = startLoad(increment(link))
    await sleep(1_200)
    await load.stop()
    expectSettledInTime(load)
    expect((await connections()) - before).toBeLessThanOrEqual(3)
    await say(redis.port, 'REPLICAOF NO ONE')
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
  })

  test('because it loads its data is waited for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emma-loading-'))
    endings.push(() => rm(folder, { recursive: true, force: true }))
    const kept = ['--dir', folder]
    const redis = await redisFor({ settings: kept })
    const link = linkTo(redis.url)
    await upAndUsed(link)
    await say(redis.port, "EVAL \"for i = 1, 2000 do redis.call('SET', 'k' .. i, i) end\" 0", 'SAVE')
    process.kill(redis.pid, 'SIGKILL')
    const load = startLoad(increment(link))
    const start = performance.now()
    await redisFor({
      port: redis.port,
      settings: [...kept, '--key-load-delay', '500', '--loading-process-events-interval-bytes', '1024'],
    })
    const loaded = performance.now()
    expect(loaded - start).toBeGreaterThan(700)
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
    await load.stop()
    expectSettledInTime(load)
    expect(load.settled.some(({ error }) => /loading its data/.test(error ?? ''))).toBe(true)
  })
})

describe('a slow line', () => {
  test('that answers later than calls wait is held off for good, and let in when it is fast again', async () => {
    const redis = await redisFor()
    const line = await startSlowLine(redis.port)
    endings.push(() => line.stop())
    const link = linkTo(`redis://127.0.0.1:${line.port}`)
    await upAndUsed(link)
    const load = startLoad(increment(link))
    line.delayMs = 200
    await expect.poll(() => link.isUp(), { timeout: 1_000, interval: 5 }).toBe(false)
    const held = performance.now()
    await sleep(1_000)
    expect(rejectedBetween(load, held + 50, performance.now()).every(({ took }) => took < 20)).toBe(true)
    line.delayMs = 0
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
    await load.stop()
    expectSettledInTime(load)
  })

  test('whose other end is gone without a word is replaced', async () => {
    const redis = await redisFor()
    const line = await startSlowLine(redis.port)
    endings.push(() => line.stop())
    const link = linkTo(`redis://127.0.0.1:${line.port}`)
    await upAndUsed(link)
    line.swallow()
    const load = startLoad(increment(link))
    await expect.poll(() => link.isUp(), { timeout: 1_000, interval: 5 }).toBe(false)
    // New connections through it are good: only the old one is dead.
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
    await load.stop()
    expectSettledInTime(load)
  })

  test('that breaks in the middle of an answer fails the calls on it, and none is sent again', async () => {
    const redis = await redisFor()
    const line = await startSlowLine(redis.port)
    endings.push(() => line.stop())
    const link = linkTo(`redis://127.0.0.1:${line.port}`)
    await upAndUsed(link)
    const load = startLoad(increment(link), 8)
    for (let round = 0; round < 20; round += 1) {
      await sleep(60)
      line.cut()
    }
    await load.stop()
    await untilServed(() => link.send('n', [['PING']]))
    const [counted] = await link.send('n', [['GET', 'n']], { timeoutMs: 1_000 })
    const answered = load.settled.filter(({ error }) => error === undefined).length
    const unknown = load.settled.filter(({ error }) => /not known/.test(error ?? '')).length
    expect(unknown).toBeGreaterThan(0)
    expect(Number(counted)).toBeGreaterThanOrEqual(answered)
    expect(Number(counted)).toBeLessThanOrEqual(answered + unknown)
    expectSettledInTime(load)
  })
})

describe('without Redis', () => {
  test('a link opens, rejects, and finds it when it comes', async () => {
    const gone = await startRedis()
    await gone.stop()
    const link = linkTo(gone.url)
    const refusal = await link.send('n', [['PING']]).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(EmmaError)
    expect((refusal as EmmaError).code).toBe('store_unavailable')
    expect((refusal as EmmaError).message).toContain('ECONNREFUSED')
    await sleep(500)
    await redisFor({ port: gone.port })
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
  })

  test('20,000 calls are rejected, and nothing of them is kept', async () => {
    const redis = await redisFor()
    const link = linkTo(redis.url)
    await upAndUsed(link)
    process.kill(redis.pid, 'SIGKILL')
    await expect.poll(() => link.isUp(), { timeout: 1_000, interval: 5 }).toBe(false)
    const value = Buffer.alloc(10_000)
    const results = await Promise.allSettled(
      Array.from({ length: 20_000 }, () => link.send('n', [['SET', 'n', value]])),
    )
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    // 200 MB if they were kept to be written.
    const writable = process.memoryUsage()
    expect(writable.arrayBuffers).toBeLessThan(50_000_000)
    await redisFor({ port: redis.port })
    await untilServed(increment(link))
    expect((await link.send('n', [['STRLEN', 'n']], { timeoutMs: 1_000 }))[0]).toBeLessThan(5)
  })
})

describe('durability replicated', () => {
  const durable = { durable: true, timeoutMs: 300 }

  test('a durable call counts once a replica has it, and is refused in words when none does', async () => {
    const [master, replica] = await Promise.all([
      redisFor({ settings: ['--repl-diskless-sync-delay', '0'] }),
      redisFor(),
    ])
    const link = linkTo(master.url, { durability: 'replicated' })
    await upAndUsed(link)
    const alone = (options: CallOptions) =>
      link.send('d', [['SET', 'd', 1]], options).catch((error: Error) => error.message)
    expect(await alone({ ...durable, timeoutMs: 1_000 })).toMatch(/: written .*not replicated in time/)
    expect(await alone({ ...durable, timeoutMs: 20 })).toMatch(/perhaps written .*not replicated in time/)
    await say(replica.port, `REPLICAOF 127.0.0.1 ${master.port}`)
    await expect.poll(() => say(master.port, 'INFO replication'), { timeout: 10_000 }).toMatch(/state=online/)
    await untilServed(() => link.send('d', [['SET', 'd', 2]], durable))
    const results = await Promise.all(
      Array.from({ length: 200 }, () => link.send('d', [['INCR', 'd']], durable)),
    )
    expect(results.at(-1)).toEqual([202])
    expect(await say(replica.port, 'GET d')).toContain('202')
  })

  test('ordinary calls do not wait for durable ones', async () => {
    const redis = await redisFor()
    const link = linkTo(redis.url, { durability: 'replicated' })
    await upAndUsed(link)
    // No replica: WAIT lasts as long as it may.
    const waiting = link.send('d', [['SET', 'd', 1]], durable).catch((error: Error) => error.message)
    await sleep(20)
    const load = startLoad(increment(link))
    expect(await waiting).toMatch(/not replicated in time/)
    await load.stop()
    expect(load.settled.length).toBeGreaterThan(50)
    expect(load.settled.filter(({ error }) => error !== undefined)).toEqual([])
  })

  test('a durable call whose connection breaks while a replica is waited for is rejected, and nothing else breaks', async () => {
    const redis = await redisFor()
    const line = await startSlowLine(redis.port)
    endings.push(() => line.stop())
    const link = linkTo(`redis://127.0.0.1:${line.port}`, { durability: 'replicated' })
    await upAndUsed(link)
    const waiting = link.send('d', [['SET', 'd', 1]], { durable: true, timeoutMs: 2_000 })
    const refusal = waiting.catch((error: unknown) => error)
    await expect.poll(() => say(redis.port, 'CLIENT LIST'), { timeout: 2_000 }).toMatch(/cmd=wait/)
    line.cut()
    expect(((await refusal) as EmmaError).code).toBe('store_unavailable')
    expect(await untilServed(increment(link))).toBeLessThanOrEqual(BACK_MS)
  })

  test('with async there is nothing to wait for', async () => {
    const redis = await redisFor()
    const link = linkTo(redis.url)
    await upAndUsed(link)
    expect(await link.send('d', [['SET', 'd', 1]], { durable: true })).toEqual(['OK'])
    expect(await say(redis.port, 'INFO commandstats')).not.toContain('cmdstat_wait')
  })
})

test.each([
  ['up', true],
  ['away', false],
])('a process that closes its link can end, with Redis %s', async (_state, isUp) => {
  const redis = await redisFor()
  if (!isUp) await redis.stop()
  const module = fileURLToPath(new URL('../../../src/stores/redis/link.ts', import.meta.url))
  const code = `const { openLink } = await import(${JSON.stringify(module)})
    const url = ${JSON.stringify(redis.url)}
    const links = [openLink({ url, durability: 'replicated' }), openLink({ url: url.replace('redis:', 'redis-cluster:'), durability: 'async' })]
    const answers = await Promise.all(links.map((link) => link.send('a', [['PING']], { timeoutMs: 300 }).catch((error) => error.code)))
    await Promise.all(links.map((link) => link.close()))
    console.log('closed', answers.join())`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', code],
    { timeout: 20_000 },
  )
  expect(stdout).toContain(isUp ? 'closed PONG' : 'closed store_unavailable,store_unavailable')
})
