import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashSlot } from '../../../src/stores/redis/hash-slot.ts'
import { type Link, openLink } from '../../../src/stores/redis/link.ts'
import { type ClusterNode, type RunningRedisCluster, startRedisCluster } from '../../setup/redis-cluster.ts'
import { say } from '../../setup/redis-server.ts'
import { startLoad, untilServed } from './load.ts'

/** So long that a busy machine does not spoil what is not about time. */
const PATIENT = 1_000

let cluster: RunningRedisCluster
let link: Link
beforeAll(async () => {
  cluster = await startRedisCluster()
  link = openLink({ url: cluster.url, timeoutMs: PATIENT, durability: 'async' })
})
afterAll(async () => {
  await link.close()
  await cluster.stop()
})

const masters = (): readonly ClusterNode[] => cluster.nodes.filter(({ role }) => role === 'master')
const isOf = (node: ClusterNode, key: string): boolean => {
  const slot = hashSlot(key)
  return slot >= node.slots[0] && slot <= node.slots[1]
}
/** Keys `{…}` of their own slots that a master serves at first. */
const keysOf = (node: ClusterNode, count: number, name: string): string[] => {
  const keys: string[] = []
  for (let i = 0; keys.length < count; i += 1) if (isOf(node, `${name}${i}`)) keys.push(`${name}${i}`)
  return keys
}

test('a slot is what Redis says it is', async () => {
  const { port } = cluster.nodes[0]!
  const keys = [
    '',
    'a',
    '123456789',
    '{b0421}:x',
    'x{}y',
    '{}',
    'a{b}c{d}',
    '{',
    '}{a',
    '{{a}}',
    'ключ',
    '{é}',
    'a{',
  ]
  for (const key of keys) {
    const said = await say(port, `CLUSTER KEYSLOT "${key}"`)
    expect([key, Number(/:(\d+)/.exec(said)?.[1])]).toEqual([key, hashSlot(key)])
  }
})

test('a turn of the event loop is one pipeline to each master', async () => {
  await link.onEveryMaster([['FLUSHALL'], ['CONFIG', 'RESETSTAT']])
  const results = await Promise.all(
    Array.from({ length: 600 }, (_, i) => link.sendTimed(`k${i}`, [['INCRBY', `k${i}`, i]])),
  )
  expect(results.map(({ replies }) => replies[0])).toEqual(Array.from({ length: 600 }, (_, i) => i))
  const told = await Promise.all(masters().map(({ port }) => say(port, 'INFO commandstats')))
  expect(told.map((text) => Number(/cmdstat_time:calls=(\d+)/.exec(text)?.[1]))).toEqual([1, 1, 1])
  const sizes = await link.onEveryMaster([['DBSIZE']])
  expect(sizes.flat().reduce<number>((sum, size) => sum + (size as number), 0)).toBe(600)
})

test('a script is loaded on each master that lacks it', async () => {
  const add = { name: 'add', source: "return redis.call('INCRBY', KEYS[1], ARGV[1]) -- cluster" }
  const keys = masters().map((node) => keysOf(node, 1, 'script')[0]!)
  expect(await Promise.all(keys.map((key) => link.run(add, [key], [2])))).toEqual([2, 2, 2])
  await link.onEveryMaster([['SCRIPT', 'FLUSH']])
  expect(await Promise.all(keys.map((key) => link.run(add, [key], [2])))).toEqual([4, 4, 4])
})

/** Moves a slot as `redis-cli --cluster reshard` does, key by key and slowly enough to be met in the middle. */
const move = async (slot: number, from: ClusterNode, to: ClusterNode, pauseMs: number): Promise<void> => {
  const done = async (port: number, command: string) => expect(await say(port, command)).toMatch(/^\+OK/)
  await done(to.port, `CLUSTER SETSLOT ${slot} IMPORTING ${from.id}`)
  await done(from.port, `CLUSTER SETSLOT ${slot} MIGRATING ${to.id}`)
  for (;;) {
    await sleep(pauseMs)
    const key = /\$\d+\r\n(.+?)\r\n/.exec(await say(from.port, `CLUSTER GETKEYSINSLOT ${slot} 1`))?.[1]
    if (key === undefined) break
    expect(await say(from.port, `MIGRATE 127.0.0.1 ${to.port} "${key}" 0 1000`)).toMatch(/^\+(OK|NOKEY)/)
  }
  for (const { port } of [to, from, ...masters()]) await done(port, `CLUSTER SETSLOT ${slot} NODE ${to.id}`)
}

const errorsOf = async ({ port }: ClusterNode, code: string): Promise<number> =>
  Number(new RegExp(`errorstat_${code}:count=(\\d+)`).exec(await say(port, 'INFO errorstats'))?.[1] ?? 0)

describe('while slots move to another master', () => {
  test('every call is done, and once', async () => {
    const [from, to] = masters() as [ClusterNode, ClusterNode]
    const tags = keysOf(from, 12, 'moved').map((name) => `{${name}}`)
    const both = {
      name: 'both',
      source: "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[2])",
    }
    // Keys that a script is given must exist, or Redis will not run it in a slot that is on its way (TRYAGAIN).
    for (const tag of tags) {
      await link.send(tag, [
        ['SET', `${tag}:a`, 0],
        ['SET', `${tag}:b`, 0],
        ['SET', `${tag}:c`, 0],
      ])
    }
    await Promise.all([from, to].map(({ port }) => say(port, 'CONFIG RESETSTAT')))
    const load = startLoad((count) => {
      const tag = tags[count % tags.length]!
      return count % 3 === 0
        ? link.run(both, [`${tag}:a`, `${tag}:b`], [])
        : link.send(tag, [
            ['INCR', `${tag}:c`],
            // A key that is nowhere yet: in a slot on its way it is made where the slot goes.
            ['INCR', `${tag}:new${count % 50}`],
          ])
    })
    for (const tag of tags) await move(hashSlot(tag), from, to, 15)
    await load.stop()
    expect(load.settled.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([])
    expect(await errorsOf(from, 'ASK')).toBeGreaterThan(0)
    expect(await errorsOf(from, 'MOVED')).toBeGreaterThan(0)
    let scripts = 0
    let sends = 0
    let news = 0
    for (const tag of tags) {
      const [values] = (await link.send(tag, [['MGET', `${tag}:a`, `${tag}:b`, `${tag}:c`]])) as [Buffer[]]
      const [a, b, c] = values.map(Number) as [number, number, number]
      expect(a).toBe(b)
      scripts += a
      sends += c
      const names = Array.from({ length: 50 }, (_, i) => `${tag}:new${i}`)
      const [counts] = (await link.send(tag, [['MGET', ...names]])) as [(Buffer | null)[]]
      for (const value of counts) news += Number(value ?? 0)
    }
    const made = load.settled.length
    expect(scripts).toBe(Math.floor(made / 3))
    expect(sends).toBe(made - Math.floor(made / 3))
    expect(news).toBe(sends)
    // Where the slots are now is known: nothing is sent to the old master any more.
    const before = await errorsOf(from, 'MOVED')
    await Promise.all(tags.map((tag) => link.send(tag, [['GET', `${tag}:a`]])))
    expect(await errorsOf(from, 'MOVED')).toBe(before)
  })
})

describe('when a master is killed', () => {
  test('calls to it fail at once, the others go on, and its successor is found', async () => {
    const own = await startRedisCluster()
    const hasty = openLink({ url: own.url, timeoutMs: 30, durability: 'async' })
    try {
      const [dead, ...alive] = own.nodes.filter(({ role }) => role === 'master') as [
        ClusterNode,
        ...ClusterNode[],
      ]
      const lost = keysOf(dead, 20, 'lost')
      const kept = alive.flatMap((node) => keysOf(node, 20, 'kept'))
      const add = (keys: readonly string[]) => (count: number) => {
        const key = keys[count % keys.length]!
        return hasty.send(key, [['INCR', key]])
      }
      await untilServed(add([...lost, ...kept]), 200)
      const [onLost, onKept] = [startLoad(add(lost)), startLoad(add(kept))]
      await sleep(100)
      const killed = performance.now()
      process.kill(dead.pid, 'SIGKILL')
      await own.successorOf(dead)
      const succeeded = performance.now()
      await untilServed(add(lost), 100)
      expect(performance.now() - succeeded).toBeLessThanOrEqual(2_000)
      expect(hasty.isUp()).toBe(true)
      await sleep(200)
      await Promise.all([onLost.stop(), onKept.stop()])

      const lateness = Math.max(onLost.lateness(), onKept.lateness())
      for (const { took } of [...onLost.settled, ...onKept.settled]) {
        expect(took).toBeLessThanOrEqual(50 + lateness)
      }
      const away = onLost.settled.filter(({ at }) => at > killed + 150 && at < succeeded - 300)
      expect(away.length).toBeGreaterThan(20)
      expect(away.every(({ error }) => error?.includes('does not answer') === true)).toBe(true)
      expect(away.filter(({ took }) => took > 2).length).toBeLessThanOrEqual(away.length / 20)
      const failed = onKept.settled.filter(({ error }) => error !== undefined)
      expect(failed.length).toBeLessThanOrEqual(onKept.settled.length / 100)
      await untilServed(add([...lost, ...kept]), 200)
    } finally {
      await hasty.close()
      await own.stop()
    }
  })
})

test('a cluster of which nobody answers is told so, and masters that are not known are not taken for none', async () => {
  const nobody = openLink({ url: 'redis-cluster://127.0.0.1:1,127.0.0.1:2', durability: 'async' })
  try {
    const said = (call: Promise<unknown>) => call.then(String, (error: Error) => error.message)
    expect(await said(nobody.send('a', [['PING']]))).toMatch(
      /the cluster of 127\.0\.0\.1:1, 127\.0\.0\.1:2 does not/,
    )
    expect(await said(nobody.onEveryMaster([['PING']]))).toMatch(/does not answer/)
    expect(nobody.isUp()).toBe(false)
  } finally {
    await nobody.close()
  }
})

test('one node that answers is enough to find the others, even a replica', async () => {
  const replica = cluster.nodes.find(({ role }) => role === 'replica')!
  const other = openLink({
    url: `redis-cluster://127.0.0.1:1,127.0.0.1:${replica.port}`,
    timeoutMs: PATIENT,
    durability: 'async',
  })
  try {
    const keys = masters().map((node) => keysOf(node, 1, 'found')[0]!)
    expect(await Promise.all(keys.map((key) => other.send(key, [['SET', key, 1]])))).toEqual([
      ['OK'],
      ['OK'],
      ['OK'],
    ])
  } finally {
    await other.close()
  }
})
