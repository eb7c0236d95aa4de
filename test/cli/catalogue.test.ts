import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { emma, serve } from './run-emma.ts'

const folder = mkdtempSync(join(tmpdir(), 'emma-catalogue-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let stores = 0
const newStore = () => join(folder, `store-${stores++}`)
const run = (store: string, ...args: string[]) =>
  emma(['catalogue', ...args], { STORE_URL: `embedded:${store}`, LOG_LEVEL: 'warn' }, folder)

/** A document with boots of a value, and what else is written. */
function write(name: string, value: number, more = ''): string {
  const file = join(folder, name)
  const boots = `{ id: boots, value: ${value}, eligibility: customer.age >= 18, treatments: [{ id: any, for: [hero], content: { de: Stiefel } }] }`
  const text = `schema: emma/v1\ntypes: { customer: { age: number } }\nplacements: [{ id: hero, channel: web }]\nactions: [${boots}]\n${more}`
  writeFileSync(file, text)
  return file
}
const cheap = write('cheap.yaml', 10)
const dear = write('dear.yaml', 12, 'attribution: { click: 7d }\n')
const bad = write('bad.yaml', 12, 'colour: red\n')

const servingIn = (out: string) => /catalogue ([0-9a-f]{16}) serves/.exec(out)?.[1]

describe.concurrent('emma catalogue check', () => {
  it('makes no store to check a catalogue, and tells whom it can reach', async () => {
    const store = newStore()
    const ran = await run(store, 'check', dear)
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(
      /^catalogue [0-9a-f]{16} is valid: 1 action, 1 placement\n {2}note: .*attribution/,
    )
    expect(ran.out).toMatch(
      /an anonymous visitor: 0 of 1 action\n {4}customer\.age is not known and keeps away boots/,
    )
    expect(ran.out).toMatch(/none are stored yet/)
    expect(existsSync(store)).toBe(false)
  })

  it('tries it on the customers of the store', async () => {
    const store = newStore()
    const settings = { STORE_URL: `embedded:${store}`, CATALOGUE: cheap, LOG_LEVEL: 'info' }
    const served = await serve(settings, folder)
    for (const [id, age] of [
      ['anna', 40],
      ['bert', 12],
      ['cleo', 70],
    ] as const) {
      await fetch(`${served.url}/v1/customers/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ attributes: { age } }),
      })
    }
    await served.stop()
    const all = await run(store, 'check', cheap)
    expect(all.out).toMatch(/3 customers of the store: 0 to 1 of 1 action each, median 1/)
    expect((await run(store, 'check', cheap, '--sample', '1')).out).toMatch(/ 1 customer of the store: /)
    expect((await run(store, 'check', cheap, '--sample', '0')).out).toMatch(/none are stored yet/)
  })

  it('ends with 1 for faults, and with 2 for a call that is wrong', async () => {
    const store = newStore()
    const [faults, missing, ...wrong] = await Promise.all([
      run(store, 'check', bad),
      run(store, 'check', join(folder, 'nowhere.yaml')),
      ...['many', '-1', ''].map((sample) => run(store, 'check', cheap, `--sample=${sample}`)),
    ])
    expect([faults.code, faults.out]).toEqual([1, ''])
    expect(faults.err).toMatch(/catalogue_invalid\)\n.*bad\.yaml:5:1 .*"colour"/)
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('ENOENT')])
    for (const { code, err } of wrong) expect([code, err]).toEqual([2, expect.stringContaining('--sample')])
  })
})

describe.concurrent('the life of a catalogue at a terminal', () => {
  it('is published, compared, rolled back and listed', async () => {
    const store = newStore()
    const first = await run(store, 'publish', cheap, '--note', 'to begin with')
    expect([first.code, first.err]).toEqual([0, ''])
    expect(first.out).toMatch(
      /^catalogue [0-9a-f]{16} serves \(publication 1\)\n {2}note: .* is a new store; .*\n$/,
    )
    const cheapVersion = servingIn(first.out)!

    const wouldBe = await run(store, 'diff', dear)
    expect(wouldBe.out).toMatch(
      new RegExp(`^${cheapVersion} → [0-9a-f]{16}\n2 changes: 1 action changed; [^]*boots: value 10 → 12`),
    )

    const second = await run(store, 'publish', dear, '--expect', cheapVersion)
    expect(second.out).toMatch(/^2 changes: .*serves \(publication 2\)\n {2}note: .*attribution/s)
    const dearVersion = servingIn(second.out)!
    const again = await run(store, 'publish', dear, '--note', 'again')
    expect(again.out).toBe(`nothing to publish: catalogue ${dearVersion} serves already\n`)

    const differs = await run(store, 'publish', cheap, '--expect', cheapVersion)
    expect([differs.code, differs.out]).toEqual([1, ''])
    expect(differs.err).toMatch(new RegExp(`catalogue_changed\\)\n.*version ${dearVersion} serves now`))

    expect((await run(store, 'diff')).out).toMatch(new RegExp(`^${cheapVersion} → ${dearVersion}\n2 changes`))
    const turned = await run(store, 'diff', '--from', dearVersion, '--to', cheapVersion)
    expect(turned.out).toMatch(
      new RegExp(`^${dearVersion} → ${cheapVersion}\n2 changes[^]*boots: value 12 → 10`),
    )

    const back = await run(store, 'rollback', '--note', 'too dear', '--expect', dearVersion)
    expect(back.out).toMatch(
      new RegExp(`boots: value 12 → 10[^]*catalogue ${cheapVersion} serves \\(publication 3\\)`),
    )
    const named = await run(store, 'rollback', dearVersion)
    expect(servingIn(named.out)).toBe(dearVersion)
    const stale = await run(store, 'rollback', '--expect', cheapVersion)
    expect([stale.code, stale.out]).toEqual([1, ''])

    const moment = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z'
    const listed = await run(store, 'versions')
    expect(listed.out).toMatch(
      new RegExp(
        [
          `^    4  ${dearVersion}  ${moment}  rollback`,
          `    3  ${cheapVersion}  ${moment}  rollback  too dear`,
          `    2  ${dearVersion}  ${moment}  publish`,
          `    1  ${cheapVersion}  ${moment}  publish  to begin with\n$`,
        ].join('\n'),
      ),
    )
    expect((await run(store, 'versions', '--limit', '1')).out.split('\n')).toHaveLength(2)
  })

  it('refuses what cannot serve, and keeps what does', async () => {
    const store = newStore()
    const first = servingIn((await run(store, 'publish', cheap)).out)
    const unknown = write('unknown-model.yaml', 3, 'models: [{ id: nobodys }]\n')
    const [faults, model, note, version, nothing] = await Promise.all([
      run(store, 'publish', bad),
      run(store, 'publish', unknown),
      run(store, 'publish', dear, '--note', 'a\nb'),
      run(store, 'rollback', '0000000000000000'),
      run(store, 'rollback'),
    ])
    expect([faults, model, note, version, nothing].map(({ code, out }) => [code, out])).toEqual(
      Array(5).fill([1, '']),
    )
    expect(faults.err).toMatch(/bad\.yaml:5:1 /)
    expect(model.err).toMatch(/model_invalid/)
    expect(note.err).toMatch(/note: this is not one line/)
    expect(version.err).toMatch(/keeps no catalogue version 0000000000000000/)
    expect(nothing.err).toMatch(/no other version was published before/)
    const listed = (await run(store, 'versions')).out
    expect(listed.split('\n')).toHaveLength(2)
    expect(listed).toContain(first)
  })

  it('makes no store to look into, and says that there is none', async () => {
    const store = newStore()
    const tried = await Promise.all([
      run(store, 'versions'),
      run(store, 'diff'),
      run(store, 'diff', cheap),
      run(store, 'rollback'),
    ])
    for (const { code, out, err } of tried)
      expect([code, out, err]).toEqual([1, '', expect.stringContaining(`${store}: there is no store here`)])
    expect(existsSync(store)).toBe(false)
  })

  it('ends with 2 when it is called wrongly', async () => {
    const store = newStore()
    const calls = [
      ['publish'],
      ['publish', cheap, '--force'],
      ['diff', cheap, '--from', '0000000000000000'],
      ...['0', 'all'].map((limit) => ['versions', `--limit=${limit}`]),
    ]
    const codes = await Promise.all(calls.map(async (call) => (await run(store, ...call)).code))
    expect(codes).toEqual(calls.map(() => 2))
  })

  it.each(['check', 'publish', 'diff', 'rollback', 'versions', 'draft', 'schema'])(
    'explains %s',
    async (command) => {
      const ran = await run(newStore(), command, '--help')
      expect([ran.code, ran.err]).toEqual([0, ''])
      expect(ran.out).toMatch(new RegExp(`^Usage: emma catalogue ${command} `))
    },
  )
})

describe('a server that runs', () => {
  it('serves within a second what is published and rolled back beside it, and tells', async () => {
    const store = newStore()
    const served = await serve(
      { STORE_URL: `embedded:${store}`, CATALOGUE: cheap, LOG_LEVEL: 'info' },
      folder,
    )
    const serving = async () => {
      const reply = await fetch(`${served.url}/v1/decisions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"channel":"web","placements":[{"id":"hero"}]}',
      })
      return ((await reply.json()) as { versions: { catalogue: string } }).versions.catalogue
    }
    const first = await serving()
    for (const args of [['publish', dear], ['rollback']]) {
      const version = servingIn((await run(store, ...args)).out)!
      expect(version === first).toBe(args[0] === 'rollback')
      await expect.poll(serving, { timeout: 10_000, interval: 50 }).toBe(version)
      await expect.poll(() => served.log(), { timeout: 10_000 }).toContain(`serving catalogue ${version}`)
    }
    await served.stop()
  })
})
