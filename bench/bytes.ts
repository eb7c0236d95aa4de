/** What a customer takes in each store: his features, and what is told of him. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CustomerId } from '../src/domain/ids.ts'
import { profileKey, vectorKey } from '../src/stores/keys.ts'
import { openStore, PATIENT, type Store } from '../src/stores/open-store.ts'
import { say, startRedis } from '../test/setup/redis-server.ts'
import { makeFeatureFolder } from './load/feature-folder.ts'
import { makeRows } from './load/rows.ts'
import { digits, publish } from './measuring/figures.ts'
import { attributesOf, CONTACTS, consentsOf, contactsOf } from './reference/customers.ts'

if (process.argv.includes('--help')) {
  console.log('node --import tsx bench/bytes.ts [customers]: what a customer takes in each store')
  process.exit(0)
}
const CUSTOMERS = Number(process.argv[2] ?? 100_000)
const AT_ONCE = 100
const NOW = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000
const SAMPLE = 200

const folder = mkdtempSync(join(tmpdir(), 'emma-bench-bytes-'))
const redis = await startRedis()
try {
  const { manifest } = await makeFeatureFolder(join(folder, 'features'), 10, 'csv')
  const ids = makeRows(manifest, CUSTOMERS)
  const steps: [string, (store: Store) => Promise<void>][] = [
    [
      'vector',
      async (store) => {
        await store.loader.put(manifest, ids)
        await store.loader.activate(manifest)
      },
    ],
    [
      '5 attributes',
      (store) =>
        each(async (id, i) => {
          await store.upsert(id, { attributes: attributesOf(i) }, NOW, null)
        }),
    ],
    [
      '3 consents',
      (store) =>
        inBatches(async (some) => {
          await store.recordConsents(some.flatMap((i) => consentsOf(i, NOW)))
        }),
    ],
    [
      '20 contacts, each with its outcome',
      (store) =>
        inBatches(async (some) => {
          const told = some.flatMap((i) =>
            contactsOf(i, NOW).map((contact) => ({ subject: { customer: ids[i]!.id }, contact })),
          )
          await store.recordContacts(told, NOW, 400 * 24 * HOUR)
        }),
    ],
  ]
  const inRedis = await openStore(
    { STORE_URL: redis.url, STORE_DURABILITY: 'async', SECRET: 'of the bench, and long enough for it' },
    PATIENT,
  )
  const rows: (string | number)[][] = []
  const before = await used()
  let last = before
  for (const [name, work] of steps) {
    await work(inRedis)
    const now = await used()
    rows.push([name, digits((now - last) / CUSTOMERS)])
    console.error(rows.at(-1)!.join(': '))
    last = now
  }
  const total = (last - before) / CUSTOMERS
  const people = ids.slice(0, SAMPLE).map(({ id }) => inRedis.person(id))
  const vectors = await usageOf(people.map((person) => vectorKey(manifest.version, person)))
  const records = await usageOf(people.map((person) => profileKey(person)))
  await inRedis.close()
  rows.push(['all of it', digits(total)])

  const path = join(folder, 'store')
  const embedded = await openStore({ STORE_URL: `embedded:${path}`, STORE_DURABILITY: 'async' }, PATIENT)
  for (const [, work] of steps) await work(embedded)
  await embedded.close()
  const inFile = statSync(join(path, 'store.mdb')).size / CUSTOMERS
  publish('bytes', {
    title: 'Bytes per customer',
    question: 'How much memory of Redis, and how much disk of the embedded store, does a customer take?',
    command: `node --import tsx bench/bytes.ts${CUSTOMERS === 100_000 ? '' : ` ${CUSTOMERS}`}`,
    tables: [
      {
        caption: `Redis: growth of used_memory by ${CUSTOMERS.toLocaleString('en')} customers, bytes per customer`,
        columns: ['what is told of him, one after the other', 'bytes'],
        rows,
      },
      {
        caption: `Redis: MEMORY USAGE by family, mean of ${SAMPLE}, and the rest`,
        columns: ['what', 'bytes'],
        rows: [
          ['vector (64 features)', digits(vectors)],
          ['record (attributes, consents, contacts)', digits(records)],
          ['hash table and what the allocator rounds up', digits(total - vectors - records)],
        ],
      },
      {
        caption: 'Embedded store: size of its file, bytes per customer',
        columns: ['what', 'bytes'],
        rows: [['all of it', digits(inFile)]],
      },
    ],
    text: [
      `64 features (36 u8, 24 f16, 4 f32), ${CONTACTS} contacts each with its outcome, 3 consents, 5 attributes. The goal was 800 bytes in Redis without holds: ${total <= 800 ? 'reached' : 'not reached'}. Holds of a live visit and records of decisions come on top, and go when their time is over.`,
      'The table of keys of Redis doubles when it is full, so its share for a customer differs by a factor of two between sizes. The file of the embedded store has what its last writers needed beside the data, and is used again.',
    ],
  })

  async function inBatches(work: (some: readonly number[]) => Promise<void>): Promise<void> {
    for (let from = 0; from < CUSTOMERS; from += AT_ONCE)
      await work(Array.from({ length: Math.min(AT_ONCE, CUSTOMERS - from) }, (_, i) => from + i))
  }

  function each(work: (id: CustomerId, i: number) => Promise<void>): Promise<void> {
    return inBatches(async (some) => void (await Promise.all(some.map((i) => work(ids[i]!.id, i)))))
  }
} finally {
  await redis.stop()
  rmSync(folder, { recursive: true })
}

async function used(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await say(redis.port, 'INFO memory'))?.[1])
}

/** Mean of MEMORY USAGE. */
async function usageOf(keys: readonly string[]): Promise<number> {
  const said = await say(redis.port, ...keys.map((key) => `MEMORY USAGE ${key} SAMPLES 0`))
  const sizes = [...said.matchAll(/^:(\d+)/gm)].map(([, size]) => Number(size))
  if (sizes.length !== keys.length) throw new Error(`${sizes.length} of ${keys.length} keys are there`)
  return sizes.reduce((a, b) => a + b, 0) / sizes.length
}
