/**
 * Bringing feature vectors into a Redis, against redis-benchmark that sets values of the same bytes under keys of the same
 * length, at the same pipeline depth, in turn.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileFeatureSet } from '../src/domain/feature-set.ts'
import { loadFeatures } from '../src/features/load.ts'
import { vectorKey } from '../src/stores/keys.ts'
import { openRedisStore } from '../src/stores/redis/customer-store.ts'
import { say, startRedis } from '../test/setup/redis-server.ts'
import { type FileFormat, makeFeatureFolder } from './load/feature-folder.ts'
import { makeRows } from './load/rows.ts'
import { digits, figure, loadText, publish, spread } from './measuring/figures.ts'
import { ratio } from './measuring/statistics.ts'

const ROWS = 100_000
const ROUNDS = 7
/** Rows that are under way at once, in both. */
const DEPTH = 8_000
const FORMATS: readonly FileFormat[] = ['csv', 'parquet', 'ndjson']

if (process.argv.includes('--help')) {
  console.log(
    'node --import tsx bench/load.ts: loading feature vectors into Redis, against redis-benchmark SET',
  )
  process.exit(0)
}
const loadBefore = loadavg()[0]!
const folder = mkdtempSync(join(tmpdir(), 'emma-bench-load-'))
const redis = await startRedis()
const store = await openRedisStore({
  url: redis.url,
  secret: 'of the bench, and long enough for it',
  durability: 'async',
  timeoutMs: 5_000,
})
try {
  const made = await Promise.all(
    FORMATS.map(async (format) => ({
      format,
      ...(await makeFeatureFolder(join(folder, format), ROWS, format)),
    })),
  )
  const { manifest } = made[0]!
  const rows = makeRows(manifest, ROWS)
  const { byteLength } = compileFeatureSet(manifest)
  const key = vectorKey(manifest.version, store.person(rows[0]!.id))

  const competitors = {
    benchmark: async () => benchmark(DEPTH),
    shallow: async () => benchmark(100),
    put: async () => {
      for (let from = 0; from < ROWS; from += DEPTH)
        await store.loader.put(manifest, rows.slice(from, from + DEPTH))
    },
    ...Object.fromEntries(
      made.map(({ format, folder: of }) => [
        format,
        async () => {
          const { loaded } = await loadFeatures(of, store.loader, () => {})
          if (loaded !== ROWS) throw new Error(`${loaded} rows of ${format} were loaded`)
        },
      ]),
    ),
  }
  const rates = await inTurn(competitors)
  report(rates, byteLength, key.length)

  function benchmark(depth: number): void {
    // The random part takes the place of the last 12 characters.
    const under = `${key.slice(0, -12)}__rand_int__`
    const value = 'v'.repeat(byteLength)
    execFileSync('redis-benchmark', [
      ...[
        '-p',
        String(redis.port),
        '-c',
        '1',
        '-P',
        String(depth),
        '-n',
        String(ROWS),
        '-r',
        '1000000',
        '-q',
      ],
      ...['SET', under, value],
    ])
  }
} finally {
  await store.close()
  await redis.stop()
  rmSync(folder, { recursive: true })
}

/** Rows per second of each, round by round; each begins with an empty Redis, and another one begins each round. */
async function inTurn(competitors: Record<string, () => Promise<void>>): Promise<Record<string, number[]>> {
  const names = Object.keys(competitors)
  const rates: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  // The first round, which nobody counts, compiles.
  for (let round = -1; round < ROUNDS; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + 1) % names.length]!
      await say(redis.port, 'FLUSHALL SYNC')
      const begun = performance.now()
      await competitors[name]!()
      if (round >= 0) rates[name]!.push(ROWS / ((performance.now() - begun) / 1000))
    }
    console.error(names.map((name) => `${name} ${digits(rates[name]!.at(-1) ?? 0)}`).join(', '))
  }
  return rates
}

function report(rates: Record<string, number[]>, valueBytes: number, keyBytes: number): void {
  const names = {
    benchmark: `redis-benchmark SET, pipeline of ${DEPTH}`,
    shallow: 'redis-benchmark SET, pipeline of 100',
    put: 'the loader’s put, rows in memory',
    csv: 'emma features load, CSV',
    parquet: 'emma features load, Parquet',
    ndjson: 'emma features load, NDJSON',
  }
  const base = rates.benchmark!
  const reached = ratio(rates.csv!, base).median >= 0.5
  publish('load', {
    title: 'Loading feature vectors, against redis-benchmark SET',
    question:
      'How near does loading come to what Redis takes when somebody only writes values of the same bytes?',
    command: 'node --import tsx bench/load.ts',
    tables: [
      {
        caption: `${ROWS.toLocaleString('en')} customers with 64 features, ${valueBytes} bytes packed, keys of ${keyBytes} bytes: medians of ${ROUNDS} rounds in turn`,
        columns: ['by', 'rows/s', 'ratio to redis-benchmark, round by round: median (least to most)'],
        rows: Object.entries(names).map(([name, text]) => [
          text,
          figure(rates[name]!),
          spread(ratio(rates[name]!, base)),
        ]),
      },
    ],
    text: [
      'One process, one connection, one Redis without persistence on the same machine. `emma features load` reads the file, checks each value, derives each key (HMAC-SHA256), packs and writes; `put` derives, packs and writes. redis-benchmark writes the same value again and again, and its process is begun anew each time (some ms).',
      `The goal was a ratio of 0.5. For CSV it is ${reached ? 'reached' : 'not reached'}.`,
      loadText(loadBefore),
    ],
  })
}
