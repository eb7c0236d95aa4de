import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EmmaError } from '../../../src/domain/errors.ts'
import { type Link, openLink, type Reply } from '../../../src/stores/redis/link.ts'
import { type RunningRedis, say, startRedis } from '../../setup/redis-server.ts'

/** So long that a busy machine does not spoil what is not about time. */
const PATIENT = 2_000

let redis: RunningRedis
let link: Link
beforeAll(async () => {
  redis = await startRedis()
  link = openLink({ url: redis.url, timeoutMs: PATIENT, durability: 'async' })
})
afterAll(async () => {
  await link.close()
  await redis.stop()
})
beforeEach(async () => {
  await link.onEveryMaster([['FLUSHALL'], ['CONFIG', 'RESETSTAT']])
})

/** How often Redis ran a command since the last CONFIG RESETSTAT. */
const calls = async (command: string): Promise<number> =>
  Number(
    new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await say(redis.port, 'INFO commandstats'))?.[1] ?? 0,
  )

const refusal = async (call: Promise<unknown>): Promise<EmmaError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EmmaError)
  expect((error as EmmaError).code).toBe('store_unavailable')
  expect((error as EmmaError).faults[0]!.place).toBe('store')
  return error as EmmaError
}

describe('replies', () => {
  test('have one shape for each kind', async () => {
    const bytes = (text: string) => Buffer.from(text)
    const replies = await link.send('a', [
      ['SET', 'a', 'OK'],
      ['get', 'a'],
      ['GET', 'none'],
      ['HSET', 'h', 'f', 1, '__proto__', Buffer.from([0xff, 0])],
      ['HGETALL', 'h'],
      ['hgetall', 'none'],
      ['ZADD', 'z', 1.5, 'm'],
      ['ZRANGE', 'z', 0, -1, 'WITHSCORES'],
      ['EVAL', "return {1, 'x', {false, {}}}", 0],
      ['PING'],
      ['TYPE', 'h'],
    ])
    expect(replies).toEqual([
      'OK',
      bytes('OK'),
      null,
      2,
      [bytes('f'), bytes('1'), bytes('__proto__'), Buffer.from([0xff, 0])],
      [],
      1,
      [bytes('m'), bytes('1.5')],
      [1, bytes('x'), [null, []]],
      'PONG',
      'hash',
    ])
  })

  test('bring back any bytes as they were, whatever holds them', async () => {
    const value = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(value, value, fc.string({ unit: 'binary' }), async (field, bytes, text) => {
        // A view into a larger buffer, at an offset: only its own bytes are meant.
        const view = new Uint8Array([9, ...bytes, 9]).subarray(1, -1)
        const replies = await link.send('h', [
          ['DEL', 'h'],
          ['HSET', 'h', field, view, Buffer.from('text'), text],
          ['HGET', 'h', Buffer.from(field)],
          ['HGET', 'h', 'text'],
        ])
        if (Buffer.from(field).equals(Buffer.from('text'))) return
        expect(replies[2]).toEqual(Buffer.from(bytes))
        expect(replies[3]).toEqual(Buffer.from(text))
      }),
      { numRuns: 200 },
    )
  })

  test('belong to their calls, in order, though all go together', async () => {
    const results = await Promise.all(
      Array.from({ length: 500 }, (_, call) =>
        link.send('list', [
          ['RPUSH', 'list', `${call}.0`],
          ['RPUSH', 'list', `${call}.1`],
          ['ECHO', `echo ${call}`],
        ]),
      ),
    )
    expect(results.map((replies) => String(replies[2]))).toEqual(
      Array.from({ length: 500 }, (_, call) => `echo ${call}`),
    )
    const [list] = (await link.send('list', [['LRANGE', 'list', 0, -1]])) as [Buffer[]]
    expect(list.map(String)).toEqual(
      Array.from({ length: 500 }, (_, call) => [`${call}.0`, `${call}.1`]).flat(),
    )
  })
})

describe('a turn of the event loop', () => {
  test('shares one pipeline, and asks the clock once', async () => {
    const before = Date.now()
    const results = await Promise.all([
      ...Array.from({ length: 50 }, () => link.sendTimed('a', [['INCR', 'a']])),
      link.send('a', [['GET', 'a']]),
    ])
    expect(await calls('time')).toBe(1)
    expect(await calls('incr')).toBe(50)
    const timed = results.slice(0, 50) as { replies: readonly Reply[]; at: number }[]
    expect(timed.map(({ replies }) => replies)).toEqual(Array.from({ length: 50 }, (_, i) => [i + 1]))
    expect(results[50]).toEqual([Buffer.from('50')])
    expect(new Set(timed.map(({ at }) => at)).size).toBe(1)
    expect(timed[0]!.at).toBeGreaterThanOrEqual(before - 1)
    expect(timed[0]!.at).toBeLessThanOrEqual(Date.now() + 1)
    expect(Number.isInteger(timed[0]!.at)).toBe(true)
  })

  test('is one read of Redis', async () => {
    const reads = async () =>
      Number(/total_reads_processed:(\d+)/.exec(await say(redis.port, 'INFO stats'))![1])
    const quiet = await reads()
    const idle = (await reads()) - quiet
    const before = await reads()
    await Promise.all(Array.from({ length: 100 }, (_, i) => link.send(`k${i}`, [['SET', `k${i}`, i]])))
    expect((await reads()) - before - idle).toBe(1)
  })

  test('does not ask the clock when nobody wants to know it', async () => {
    await link.send('a', [['INCR', 'a']])
    expect(await calls('time')).toBe(0)
  })
})

describe('a script', () => {
  const add = { name: 'add', source: "return redis.call('INCRBY', KEYS[1], ARGV[1])" }

  test('is loaded once, and again when Redis has forgotten it', async () => {
    await link.send('n', [['SCRIPT', 'FLUSH']])
    expect(await link.run(add, ['n'], [2])).toBe(2)
    expect(await link.run(add, ['n'], [3])).toBe(5)
    expect(await calls('script\\|load')).toBe(1)
    await link.send('n', [['SCRIPT', 'FLUSH']])
    expect(await Promise.all([link.run(add, ['n'], [1]), link.run(add, ['n'], [1])])).toEqual([6, 7])
    expect(await link.send('n', [['GET', 'n']])).toEqual([Buffer.from('7')])
  })

  test('takes and gives bytes', async () => {
    const echo = { name: 'echo', source: 'return {ARGV[1], #ARGV[1], KEYS[1]}' }
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(await link.run(echo, ['k'], [bytes])).toEqual([Buffer.from(bytes), 256, Buffer.from('k')])
  })

  test('that fails is named, and told without values', async () => {
    const faulty = { name: 'commit', source: "return redis.call('INCRBY', KEYS[1], 'secret')" }
    const error = await refusal(link.run(faulty, ['n'], ['secret']))
    expect(error.message).toContain('in the script commit')
    expect(error.message).toContain('not an integer')
    expect(error.message).not.toContain('secret')
  })
})

describe('a refused command', () => {
  test.each([
    ['WRONGTYPE', ['LPUSH', 'text', 'secret'], 'a Redis or a database of its own'],
    ['unknown command', ['NOSUCH', 'secret', 'secret'], 'report this'],
    ['wrong number of arguments', ['GET'], 'report this'],
  ] as const)('rejects the whole call: %s', async (said, command, remedy) => {
    const error = await refusal(link.send('text', [['SET', 'text', 'x'], command, ['SET', 'text', 'after']]))
    expect(error.message).toContain(said)
    expect(error.message).toContain(remedy)
    expect(error.message).not.toContain('secret')
    expect(error.cause).toBeUndefined()
  })

  test('leaves the calls beside it alone, and the link up', async () => {
    const [good, bad, also] = await Promise.allSettled([
      link.send('a', [['INCR', 'a']]),
      link.send('a', [['LPUSH', 'a', 'x']]),
      link.send('a', [['INCR', 'a']]),
    ])
    expect([good.status, bad.status, also.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(link.isUp()).toBe(true)
  })
})

describe('a link', () => {
  test('waits for its first connection within the time of a call, and only then', async () => {
    const changes: boolean[] = []
    const other = openLink({
      url: redis.url,
      timeoutMs: PATIENT,
      durability: 'async',
      onChange: (isUp) => changes.push(isUp),
    })
    expect(other.isUp()).toBe(false)
    expect(await other.send('a', [['PING']])).toEqual(['PONG'])
    expect(other.isUp()).toBe(true)
    expect(changes).toEqual([true])
    await other.close()
    expect((await refusal(other.send('a', [['PING']]))).message).toContain('closed')
  })

  test('keeps to its database', async () => {
    const other = openLink({ url: `${redis.url}/3`, timeoutMs: PATIENT, durability: 'async' })
    try {
      await other.send('a', [['SET', 'a', 1]])
      expect(await link.send('a', [['GET', 'a']])).toEqual([null])
    } finally {
      await other.close()
    }
  })

  test('fails what is under way when it is closed', async () => {
    const other = openLink({ url: redis.url, timeoutMs: PATIENT, durability: 'async' })
    await other.send('a', [['PING']])
    const error = refusal(other.send('a', [['BLPOP', 'nothing', 0]]))
    await new Promise((resolve) => setImmediate(resolve))
    await other.close()
    expect((await error).message).toContain('closed')
  })

  test('takes user and password from its URL, and never tells them', async () => {
    const guarded = await startRedis()
    await say(guarded.port, 'ACL SETUSER emma on >open-sesame ~* &* +@all', 'CONFIG SET requirepass other')
    const at = (credentials: string) =>
      openLink({
        url: `redis://${credentials}127.0.0.1:${guarded.port}`,
        timeoutMs: PATIENT,
        durability: 'async',
      })
    const links = ['emma:open-sesame@', ':other@', 'emma:guessed-wrong@', ''].map(at)
    try {
      expect(await links[0]!.send('a', [['PING']])).toEqual(['PONG'])
      expect(await links[1]!.send('a', [['PING']])).toEqual(['PONG'])
      const wrong = await refusal(links[2]!.send('a', [['PING']]))
      expect(wrong.message).toMatch(/WRONGPASS/)
      expect(wrong.message).not.toContain('guessed-wrong')
      expect((await refusal(links[3]!.send('a', [['PING']]))).message).toMatch(/NOAUTH/)
    } finally {
      await Promise.all(links.map((other) => other.close()))
      await guarded.stop()
    }
  })
})
