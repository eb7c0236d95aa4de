import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../src/version.ts'
import { emma, type Ran } from './run-emma.ts'

const folder = mkdtempSync(join(tmpdir(), 'emma-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const CATALOGUE = write(
  'shop.yaml',
  `
schema: emma/v1
placements: [{ id: hero, channel: web }, { id: attic, channel: web }]
actions: [{ id: boots, treatments: [{ id: boots-any, for: [hero], content: { en: Boots } }] }]
`,
)
const settings = { STORE_URL: `embedded:${join(folder, 'store')}`, CATALOGUE }
const run = (...args: string[]) => emma(args, settings, folder)

/** A command that must fail: with a sentence on standard error and nothing on standard output. */
function expectRefused(ran: Ran, code: number, sentence: RegExp) {
  expect([ran.code, ran.out]).toEqual([code, ''])
  expect(ran.err).toMatch(sentence)
  expect(ran.err).not.toMatch(/^\s+at .*\.(ts|mjs|js):/m)
}

function featureFolder(name: string, data: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(path)
  const manifest = {
    ...{
      format: 'emma-features/1',
      name: 'shop',
      version: '0123456789abcdef',
      asOf: '2026-11-01',
      source: 'by hand',
    },
    ...{ rows: 3, data, key: 'customer', dimensions: [] },
    features: [{ name: 'orders', storage: 'u8', unit: 'orders', default: 0, meaning: 'orders so far' }],
  }
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(path, data), content)
  return path
}

describe.concurrent('emma', () => {
  it('tells its commands and its version', async () => {
    const [help, version] = await Promise.all([run('--help'), run('--version')])
    expect([help.code, help.err]).toEqual([0, ''])
    for (const command of ['serve', 'decide', 'features', 'catalogue', 'model', 'openapi'])
      expect(help.out).toMatch(new RegExp(`^  ${command} `, 'm'))
    expect(version).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
  })

  it('ends with 2 when it is called wrongly', async () => {
    const [command, option, number, both] = await Promise.all([
      run('dcide'),
      run('decide', '--customre', 'anna'),
      run('features', 'load', folder, '--show-refused', 'all'),
      run('decide', '--request', '-', '--customer', 'anna'),
    ])
    expectRefused(command, 2, /unknown command 'dcide'/)
    expectRefused(option, 2, /unknown option '--customre'/)
    expectRefused(number, 2, /whole number/)
    expectRefused(both, 2, /cannot be used with option '--customer <id>'/)
  })
})

describe.concurrent('emma decide', () => {
  it('prints a decision as a person would read it', async () => {
    const ran = await run('decide', '--channel', 'web', '--placement', 'hero', 'attic', '--explain')
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(/hero: filled/)
    expect(ran.out).toMatch(/1\. boots \[offer, marketing, en\] Boots/)
    expect(ran.out).toMatch(/attic: empty \(No action of the catalogue plays in this placement\)/)
  })

  it('says what is wrong with a request, all of it, and ends with 1', async () => {
    const request = write('wrong.json', '{"channel":"fax","placements":[{"id":"hero"},{"id":"cellar"}]}')
    const [unknown, missing, text, nowhere] = await Promise.all([
      run('decide', '--request', request),
      run('decide', '--channel', 'web', '--placement', 'hero', '--limit', 'many', '--at', 'tomorrow'),
      run('decide', '--request', write('no.json', '{')),
      run('decide', '--channel', 'web', '--placement', 'hero', '--context', '{intent}'),
    ])
    expectRefused(unknown, 1, /unknown_channel\)\n.*\/channel: .*\n.*\/placements\/1\/id: /)
    expectRefused(missing, 1, /\/placements\/0\/limit: .*\n.*\/at: /)
    expectRefused(text, 1, /no\.json: this cannot be read as JSON/)
    expectRefused(nowhere, 2, /--context: this is not valid JSON/)
  })
})

describe.concurrent('emma catalogue check', () => {
  it('tells what is in a good catalogue', async () => {
    const ran = await run('catalogue', 'check', CATALOGUE)
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(/catalogue [0-9a-f]{16} is valid: 1 action, 2 placements/)
    expect(ran.out).toMatch(/web\/attic: 0 actions/)
  })

  it('tells every fault of a bad one with its line, and ends with 1', async () => {
    const bad = write(
      'bad.yaml',
      'schema: emma/v1\nplacements: [{ id: hero, channel: web, odrer: 1 }]\nactions: []\n',
    )
    expectRefused(await run('catalogue', 'check', bad), 1, /bad\.yaml:2:40.*"odrer".*\n.*bad\.yaml:3:1 /)
  })
})

describe('emma features load', () => {
  const rows = 'customer,orders\nanna,1\nbert,300\ncleo,\nanna,2\n'

  it('loads what is good, tells line and reason of what is not, and ends with 3; again the same', async () => {
    const path = featureFolder('csv', 'features.csv', rows)
    for (const _ of [1, 2]) {
      const ran = await run('features', 'load', path, '--show-refused', '1')
      expect(ran.code).toBe(3)
      expect(ran.err).toMatch(/features\.csv:3: feature orders is beyond the range of u8/)
      expect(ran.err).toMatch(/… and 1 more/)
      expect(ran.out).toMatch(/^feature set shop 0123456789abcdef .* 2 customers loaded, 2 rows refused/)
    }
  })

  it('ends with 0 when every row was good, in NDJSON and zipped too', async () => {
    const ndjson = '{"customer":"anna","orders":1}\n{"customer":"bert"}\n'
    const path = featureFolder('gz', 'features.ndjson.gz', gzipSync(ndjson))
    const ran = await run('features', 'load', path)
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(/2 customers loaded, 0 rows refused/)
  })

  it('keeps to the feature set of the store, unless it is told to replace it', async () => {
    const mine = featureFolder('mine', 'features.ndjson', '{"customer":"anna","orders":1}\n')
    const path = featureFolder('theirs', 'features.ndjson', '{"customer":"anna","orders":2}\n')
    const manifest = join(path, 'manifest.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"shop"', '"their-shop"'))
    const store = { STORE_URL: `embedded:${join(folder, 'kept')}` }
    expect((await emma(['features', 'load', mine], { ...settings, ...store }, folder)).code).toBe(0)
    expectRefused(
      await emma(['features', 'load', path], { ...settings, ...store }, folder),
      1,
      /feature set their-shop, and the store holds shop; .*--replace/,
    )
    expect(
      (await emma(['features', 'load', path, '--replace'], { ...settings, ...store }, folder)).out,
    ).toMatch(/feature set their-shop/)
  })

  it('refuses a folder without a manifest, and a file that ends too early', async () => {
    const zipped = gzipSync(rows.repeat(1000))
    const torn = featureFolder('torn', 'features.csv.gz', zipped.subarray(0, zipped.length - 20))
    expectRefused(
      await run('features', 'load', folder),
      1,
      /manifest\.json: the file cannot be read \(ENOENT\)/,
    )
    expectRefused(await run('features', 'load', torn), 1, /features\.csv\.gz: the file cannot be read/)
  })
})

describe.concurrent('emma model check', () => {
  it('names the check that failed, and ends with 1', async () => {
    const ran = await run('model', 'check', folder)
    expect(ran.code).toBe(1)
    expect(ran.out).toMatch(/✗ files and checksum: .*manifest\.json: the file cannot be read \(ENOENT\)/)
    expect(ran.out).toMatch(/the model may not serve: 1 of 1 checks failed/)
  })
})
