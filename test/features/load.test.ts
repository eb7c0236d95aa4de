import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FeatureManifest } from '../../src/domain/feature-set.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import type { Refusal } from '../../src/features/feature-row.ts'
import { loadFeatures } from '../../src/features/load.ts'
import { makeSeenIds } from '../../src/features/seen-ids.ts'
import type { FeatureLoader } from '../../src/ports/customer-store.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

let folder: string
let store: EmbeddedStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-load-'))
  store = await openEmbeddedStore(join(folder, 'store'), undefined)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const manifest = (data: string, change: Partial<FeatureManifest> = {}): FeatureManifest => ({
  format: 'emma-features/1',
  name: 'shop',
  version: 'a'.repeat(16),
  asOf: '2026-11-01',
  source: 'by hand',
  rows: 3,
  data,
  key: 'customer',
  dimensions: [],
  features: [
    { name: 'orders', storage: 'u8', unit: 'orders', default: 0, meaning: 'orders so far' },
    { name: 'share', storage: 'f16', unit: 'share', default: 0.25, meaning: 'a share' },
    { name: 'spend', storage: 'f32', unit: 'EUR', default: -1, meaning: 'money' },
  ],
  ...change,
})

async function makeFolder(
  data: string,
  content: string | Uint8Array,
  change: Partial<FeatureManifest> = {},
): Promise<string> {
  const path = join(folder, `set-${data}`)
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'manifest.json'), JSON.stringify(manifest(data, change)))
  await writeFile(join(path, data), content)
  return path
}

async function parquet(sql: string, name = 'features.parquet'): Promise<string> {
  const path = await makeFolder(name, '')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`COPY (${sql}) TO '${join(path, name)}' (FORMAT parquet)`)
  connection.closeSync()
  return path
}

const vector = async (id: string) => {
  const found = (await store.gather({ customer: id as CustomerId })).vector
  return found === null ? null : [...found]
}
const load = async (path: string) => {
  const refused: Refusal[] = []
  const report = await loadFeatures(
    path,
    store.loader,
    () => {},
    (refusal) => refused.push(refusal),
  )
  return { ...report, refused: refused }
}

const CSV = 'customer,orders,share,spend\na,3,0.5,12.5\n"b, the second",0,,\nc,255,1e-3,1e6\n'
const NDJSON =
  '{"customer":"a","orders":3,"share":0.5,"spend":12.5}\n\n{"customer":"b, the second","orders":0}\n{"customer":"c","orders":255,"share":0.001,"spend":1000000}\n'

describe('loading features', () => {
  it.each([
    ['CSV', () => makeFolder('f.csv', CSV)],
    [
      'CSV with Windows line ends and a byte order mark',
      () => makeFolder('f.csv', `\ufeff${CSV.replaceAll('\n', '\r\n')}`),
    ],
    ['gzipped CSV', () => makeFolder('f.csv.gz', gzipSync(CSV))],
    ['NDJSON', () => makeFolder('f.ndjson', NDJSON)],
    ['gzipped NDJSON', () => makeFolder('f.ndjson.gz', gzipSync(NDJSON))],
    [
      'Parquet',
      () =>
        parquet(
          `SELECT * FROM (VALUES ('a', 3::UTINYINT, 0.5::FLOAT, 12.5::DOUBLE), ('b, the second', 0, NULL, NULL), ('c', 255, 0.001, 1000000)) t(customer, orders, share, spend)`,
        ),
    ],
  ])('reads %s, takes the default where a value is empty, and switches', async (_, make) => {
    const report = await load(await make())
    expect(report).toMatchObject({ read: 3, loaded: 3, refused: [] })
    expect(await vector('a')).toEqual([3, 0.5, 12.5])
    expect(await vector('b, the second')).toEqual([0, 0.25, -1])
    expect((await vector('c'))![0]).toBe(255)
    expect((await vector('c'))![1]).toBeCloseTo(0.001, 6)
    expect((await store.featureSet())?.manifest.version).toBe('a'.repeat(16))
  })

  it('reads whole numbers of 64 bits from Parquet, also as ids', async () => {
    await load(
      await parquet(
        `SELECT 17850::BIGINT AS customer, 7::BIGINT AS orders, 0.5 AS share, 1::HUGEINT AS spend`,
      ),
    )
    expect(await vector('17850')).toEqual([7, 0.5, 1])
  })

  it('refuses single rows with line and reason, and loads the others', async () => {
    const rows = [
      'customer,orders,share,spend',
      'good,1,0.5,1',
      ',1,0.5,1',
      'nan,1,NaN,1',
      'infinite,1,0.5,Infinity',
      'big,256,0.5,1',
      'half,1.5,0.5,1',
      'f16,1,70000,1',
      'f32,1,0.5,1e39',
      'text,many,0.5,1',
      'good,2,0.5,1',
      'short,1',
      'long,1,2,3,4',
      `${'x'.repeat(129)},1,0.5,1`,
      '"two',
      'lines",9,0.5,1',
      'last,9,0.5,1',
    ]
    const report = await load(await makeFolder('f.csv', `${rows.join('\n')}\n`))
    expect(report.refused).toEqual([
      { line: 3, reason: 'column customer is empty' },
      { line: 4, reason: 'feature share is not a finite number' },
      { line: 5, reason: 'feature spend is not a finite number' },
      { line: 6, reason: 'feature orders is beyond the range of u8' },
      { line: 7, reason: 'feature orders is kept as u8 and must be a whole number from 0 to 255' },
      { line: 8, reason: 'feature share is beyond the range of f16' },
      { line: 9, reason: 'feature spend is beyond the range of f32' },
      { line: 10, reason: 'feature orders is not a finite number' },
      { line: 11, reason: 'the customer already stands at line 2' },
      { line: 12, reason: 'the line does not have the 4 columns of the header' },
      { line: 13, reason: 'the line does not have the 4 columns of the header' },
      { line: 14, reason: 'column customer is not an id of 1 to 128 printable characters' },
      { line: 16, reason: 'column customer is not an id of 1 to 128 printable characters' },
    ])
    expect(await vector('good')).toEqual([1, 0.5, 1])
    expect(await vector('last')).toEqual([9, 0.5, 1])
  })

  it('refuses lines of NDJSON that are no objects', async () => {
    const report = await load(
      await makeFolder(
        'f.ndjson',
        '{"customer":"a","orders":1}\n[1]\n{"customer":\n"x"\n{"customer":"b","orders":"3"}\n{"customer":"c","orders":{}}\n',
      ),
    )
    expect(report.refused).toEqual([
      { line: 2, reason: 'the line is not a JSON object' },
      { line: 3, reason: 'the line is not valid JSON' },
      { line: 4, reason: 'the line is not a JSON object' },
      { line: 6, reason: 'feature orders is not a number' },
    ])
    expect(report.loaded).toBe(2)
  })

  it('changes nothing when it is run again', async () => {
    const path = await makeFolder('f.csv', CSV)
    await load(path)
    const before = await store.gather({ customer: 'a' as CustomerId })
    expect(await load(path)).toMatchObject({ loaded: 3 })
    expect(await store.gather({ customer: 'a' as CustomerId })).toEqual({
      ...before,
      readAt: expect.any(Number),
    })
  })

  it.each([
    [
      'no row is good',
      () => makeFolder('f.csv', 'customer,orders,share,spend\n,1,1,1\n'),
      'no row could be loaded: column customer is empty',
    ],
    ['the file is empty', () => makeFolder('f.csv', ''), 'the file has no rows'],
    [
      'a column is missing',
      () => makeFolder('f.csv', 'customer,orders,share\na,1,1\n'),
      'the columns spend are missing',
    ],
    [
      'the key column is missing',
      () => makeFolder('f.csv', 'id,orders,share,spend\na,1,1,1\n'),
      'the columns customer are missing',
    ],
    [
      'the data file is missing',
      async () => {
        const path = await makeFolder('f.csv', CSV)
        await rm(join(path, 'f.csv'))
        return path
      },
      'the file cannot be read',
    ],
    [
      'the gzip file is cut off',
      () => makeFolder('f.csv.gz', gzipSync(CSV.repeat(500)).subarray(0, 40)),
      'the file cannot be read',
    ],
    ['the Parquet file is none', () => makeFolder('f.parquet', 'not parquet'), 'the file cannot be read'],
    ['the ending is not known', () => makeFolder('f.xlsx', CSV), 'this kind of file is not known'],
    [
      'the manifest is missing',
      async () => join(folder, 'nowhere'),
      'manifest.json: the file cannot be read (ENOENT)',
    ],
    [
      'a feature is named twice',
      () => makeFolder('f.csv', CSV, { features: [...manifest('').features, manifest('').features[0]!] }),
      'feature orders is named twice',
    ],
    [
      'a default cannot be stored',
      () =>
        makeFolder('f.csv', CSV, {
          features: [{ name: 'orders', storage: 'u8', unit: '', default: -1, meaning: '' }],
        }),
      'the default of orders is kept as u8',
    ],
    [
      'a feature’s name is no identifier',
      () =>
        makeFolder('f.csv', CSV, {
          features: [{ name: 'Orders!', storage: 'u8', unit: '', default: 0, meaning: '' }],
        }),
      '(features.0.name)',
    ],
  ])('keeps the set in use when %s, with a sentence', async (_, make, sentence) => {
    await load(await makeFolder('good.csv', CSV, { version: 'b'.repeat(16) }))
    await expect(load(await make())).rejects.toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining(sentence),
    })
    expect((await store.featureSet())?.manifest.version).toBe('b'.repeat(16))
    expect(await vector('a')).toEqual([3, 0.5, 12.5])
  })

  it('tells its progress', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `c${i},1,0.5,1`)
    const seen: number[] = []
    await loadFeatures(
      await makeFolder('f.csv', `customer,orders,share,spend\n${lines.join('\n')}\n`),
      store.loader,
      ({ read }) => seen.push(read),
    )
    expect(seen).toEqual([1000, 2000, 2500])
  })

  it('goes on where it was ended, and tells so', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => (i === 7 ? `c${i},999,,` : `c${i},1,0.5,${i}`))
    lines.push('c5,1,0.5,1')
    const path = await makeFolder('f.csv', `customer,orders,share,spend\n${lines.join('\n')}\n`, {
      rows: 30_001,
    })
    const [put, at]: [string[], number[]] = [[], []]
    let done = 0
    const watched = (failAfter: number): FeatureLoader => ({
      ...store.loader,
      noteLoaded: async (to, rows) => {
        // All of them, but the one that is refused.
        expect(done).toBeGreaterThanOrEqual(rows - 1)
        await store.loader.noteLoaded(to, rows)
      },
      put: async (to, rows) => {
        if (rows.some(({ id }) => id === `c${failAfter}`)) throw new Error('the process ends here')
        put.push(...rows.map(({ id }) => id))
        await store.loader.put(to, rows)
        done += rows.length
      },
    })
    await expect(loadFeatures(path, watched(27_500), () => {})).rejects.toThrow('ends here')
    expect(await store.featureSet()).toBeNull()
    const noted = await store.loader.loadedRows(manifest('f.csv'))
    expect(noted).toBeGreaterThanOrEqual(20_000)
    expect(noted).toBeLessThan(27_500)
    put.length = 0
    done = noted
    const report = await loadFeatures(path, watched(-1), ({ skipped }) => at.push(skipped))
    expect(at[0]).toBe(noted)
    expect(report).toMatchObject({ read: 30_001, loaded: 29_999, refused: 2, skipped: noted })
    expect(report.refusals.map(({ line }) => line)).toEqual([9, 30_002])
    expect(put).toHaveLength(30_000 - noted)
    expect(new Set(put).size).toBe(put.length)
    for (const i of [0, 8, noted - 1, noted, 29_999]) expect((await vector(`c${i}`))?.[2]).toBe(i)
    expect(await store.loader.loadedRows(manifest('f.csv'))).toBe(0)
    expect(await loadFeatures(path, store.loader, () => {})).toMatchObject({ skipped: 0 })
  })

  it('goes on where it was killed', async () => {
    const lines = Array.from({ length: 150_000 }, (_, i) => `c${i},1,0.5,${i}`)
    const path = await makeFolder('f.csv', `customer,orders,share,spend\n${lines.join('\n')}\n`, {
      rows: 150_000,
    })
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      'test/features/load-folder.ts',
      path,
      join(folder, 'store'),
    ])
    const ended = once(child, 'close')
    await vi.waitUntil(async () => (await store.loader.loadedRows(manifest('f.csv'))) > 0, {
      timeout: 60_000,
      interval: 20,
    })
    child.kill('SIGKILL')
    await ended
    const report = await loadFeatures(path, store.loader, () => {})
    expect(report.skipped).toBeGreaterThanOrEqual(20_000)
    expect(report).toMatchObject({ read: 150_000, loaded: 150_000 })
    for (let i = 0; i < 150_000; i += 997) expect((await vector(`c${i}`))?.[2]).toBe(i)
  }, 180_000)
})

describe('ids that were seen', () => {
  it('are known by their line, however many, and others are not', () => {
    const seen = makeSeenIds(4)
    for (let i = 0; i < 50_000; i++) {
      expect(seen.lineOf(`customer-${i}`)).toBeUndefined()
      seen.add(`customer-${i}`, i + 1)
    }
    for (let i = 0; i < 50_000; i++) expect(seen.lineOf(`customer-${i}`)).toBe(i + 1)
  })
})
