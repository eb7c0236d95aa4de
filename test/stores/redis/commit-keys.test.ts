import { readFile } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRedisStore } from '../../../src/stores/redis/customer-store.ts'
import { reclaimingKey } from '../../../src/stores/redis/unit-keys.ts'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'
import { allowance, granted, unitOf } from '../contract/decision-examples.ts'
import { customer, DAY, session } from '../contract/examples.ts'
import { PATIENT_MS, SECRET } from './redis-home.ts'

let redis: RunningRedis
let db: Redis
beforeAll(async () => {
  redis = await startRedis()
  db = new Redis(redis.url)
})
afterAll(async () => {
  await db.quit()
  await redis.stop()
})

it('every key that a commit writes is in the documents, and goes by itself where they say so', async () => {
  const settings = { url: redis.url, secret: SECRET, durability: 'async', timeoutMs: PATIENT_MS } as const
  const store = await openRedisStore(settings)
  try {
    const { readAt } = await store.gather(null)
    const volumes = [
      allowance('ever', 5),
      allowance('daily', 5, { period: '2026-11-29', endsAt: readAt + DAY }),
    ]
    for (const [place, subject] of [customer('findable'), session('findable'), null].entries())
      await granted(store, subject, {
        shown: [{ units: volumes.map(unitOf) }],
        takes: volumes,
        request: { id: `findable-${place}`, hash: 'h' },
      })
    await store.sweep(readAt)
    // What only somebody writes who finds a dead process.
    await db.set(reclaimingKey('0123456789ab'), 'x', 'PX', 60_000)

    const documents = await readFile(new URL('../../../docs/stores.md', import.meta.url), 'utf8')
    const documented = [...documents.matchAll(/^\| `(emma:[^`]+)` +\|[^|]+\| (\w+) +\| (\S[^|]*)\|$/gm)].map(
      ([, key, type, kept]) => ({
        key,
        type,
        goes: /^(\d+ (day|second|minute)s?|as .*, then|until)/.test(kept!),
        pattern: new RegExp(`^${key!.replace('{b…}', '{b\\d{4}}').replaceAll(/<\w+>/g, '[\\w-]+')}$`),
      }),
    )
    const met = new Set<string>()
    for (const at of await db.keys('*')) {
      expect(at).not.toMatch(/findable/)
      const rows = documented.filter(({ pattern }) => pattern.test(at))
      const isForGood = at.endsWith(':total')
      expect(rows, at).toMatchObject([{ type: await db.type(at) }])
      expect((await db.pttl(at)) > 0, `${at} goes by itself`).toBe(rows[0]!.goes && !isForGood)
      met.add(rows[0]!.key!)
    }
    for (const kind of ['h:', 'hs:', 'hd:', 'd:', 'r:', 'n', 'x', 'u:'])
      expect([...met].some((key) => key.startsWith(`emma:{b…}:${kind}`))).toBe(true)
    for (const key of ['emma:{v:', 'emma:{meta}:processes', 'emma:{meta}:leased:', 'emma:{meta}:sweeper'])
      expect([...met].some((one) => one.startsWith(key))).toBe(true)
  } finally {
    await store.close()
  }
})
