import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { startRedis } from './redis-server.ts'

const FETCH_MS = 600_000

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('startRedis', () => {
  test(
    'gives a real, empty Redis that answers PING and runs Lua, and ends it',
    async () => {
      const server = await startRedis()
      const redis = new Redis(server.url)
      try {
        expect(await redis.ping()).toBe('PONG')
        expect(await redis.dbsize()).toBe(0)
        const script = "return redis.call('INCRBY', KEYS[1], ARGV[1])"
        expect(await redis.eval(script, 1, 'spent', 3)).toBe(3)
        expect(await redis.eval(script, 1, 'spent', 4)).toBe(7)
        expect(await redis.config('GET', 'save')).toEqual(['save', ''])
      } finally {
        redis.disconnect()
        await server.stop()
      }
      expect(isAlive(server.pid)).toBe(false)
    },
    FETCH_MS,
  )

  test('gives each caller a Redis of its own', async () => {
    const servers = await Promise.all([startRedis(), startRedis(), startRedis()])
    expect(new Set(servers.map(({ port }) => port)).size).toBe(3)
    await servers[0]!.stop()
    expect(servers.map(({ pid }) => isAlive(pid))).toEqual([false, true, true])
    await Promise.all(servers.map((server) => server.stop()))
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)('ends with a test process ended by %s', async (signal) => {
    const module = fileURLToPath(new URL('redis-server.ts', import.meta.url))
    const code = `const { startRedis } = await import(${JSON.stringify(module)})
      console.log((await startRedis()).pid)
      setInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(owner.stdout, 'data')
    const pid = Number(String(said))
    expect(isAlive(pid)).toBe(true)
    owner.kill(signal)
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })

  test('refuses in one line where there is no Redis and no way to get one', async () => {
    await expect(startRedis({ searchPath: '' })).rejects.toThrow(
      /^redis-server is not on the PATH and .* brew install redis\) and run the tests again\.$/,
    )
  })
})
