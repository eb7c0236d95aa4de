import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { CATALOGUE, decided, openShop, type Shop, send } from '../open-shop.ts'

const original = parse(CATALOGUE)
const valued = (value: number) => ({
  ...original,
  actions: original.actions.map((one: { id: string }) => (one.id === 'boots' ? { ...one, value } : one)),
})

/** A shop of its own for every test: its history is what the test made. */
let shop: Shop
/** The version of the seed. */
let seed: string
beforeEach(async () => {
  shop = await openShop()
  onTestFinished(() => shop.close())
  seed = (await list()).serving
})

const get = (url: string, headers: object = {}) =>
  shop.app.inject({ url: `/v1/catalogue/${url}`, headers: { ...headers } })
const list = async (query = '') => (await get(`versions${query}`)).json()
const names = async (query = '') =>
  (await list(query)).publications.map((one: { version: string }) => one.version)

/** Publishes the catalogue with boots of a value, and tells its version. */
async function publish(value: number): Promise<string> {
  const headers = { 'content-type': 'application/json', 'if-match': '*' }
  return (await send(shop, 'PUT', '/v1/catalogue', valued(value), headers)).json().publication.version
}
const rollback = (body: unknown = {}, headers: object = { 'if-match': '*' }) =>
  send(shop, 'POST', '/v1/catalogue/rollback', body, { 'content-type': 'application/json', ...headers })

describe('GET /v1/catalogue/versions', () => {
  it('tells what was published when, newest first, and what serves', async () => {
    const second = await publish(11)
    await rollback({ note: 'too dear' })
    expect(await list()).toEqual({
      serving: seed,
      publications: [
        { sequence: 3, version: seed, publishedAt: expect.any(String), origin: 'rollback', note: 'too dear' },
        { sequence: 2, version: second, publishedAt: expect.any(String), origin: 'publish', note: null },
        { sequence: 1, version: seed, publishedAt: expect.any(String), origin: 'seed', note: null },
      ],
    })
  })

  it('goes on page by page, without a gap or a double', async () => {
    for (let value = 11; value <= 16; value++) await publish(value)
    const all = await names()
    const pages: string[] = []
    for (let before = ''; ; ) {
      const { publications } = await list(`?limit=3${before}`)
      if (publications.length === 0) break
      pages.push(...publications.map((one: { version: string }) => one.version))
      before = `&before=${publications.at(-1).sequence}`
    }
    expect(all).toHaveLength(7)
    expect(pages).toEqual(all)
    expect(await names('?before=1')).toEqual([])
    expect(await names('?before=1000000')).toEqual(all)
  })

  it.each([
    'limit=0',
    'limit=-1',
    'limit=1.5',
    'limit=1001',
    'limit=',
    'limit=all',
    'before=0',
    'before=x',
    'after=1',
  ])('refuses ?%s', async (query) => {
    expect((await get(`versions?${query}`)).statusCode).toBe(400)
  })
})

describe('GET /v1/catalogue/versions/{version}', () => {
  it('gives the document as it was published, in YAML too, and 304 to who has it', async () => {
    const version = await publish(11)
    await publish(12)
    const reply = await get(`versions/${version}`)
    expect([reply.json(), reply.headers.etag]).toEqual([valued(11), `"${version}"`])
    const yaml = await get(`versions/${version}`, { accept: 'application/yaml' })
    expect(yaml.headers['content-type']).toContain('application/yaml')
    expect(parse(yaml.body)).toEqual(valued(11))
    const known = await get(`versions/${version}`, { 'if-none-match': `"${version}"` })
    expect([known.statusCode, known.body]).toEqual([304, ''])
  })

  it.each([
    ['0000000000000000', 404, 'unknown_version'],
    ['0', 400, 'invalid_request'],
    ['000000000000000G', 400, 'invalid_request'],
    ['ABCDEFABCDEFABCD', 400, 'invalid_request'],
    ['00000000000000000', 400, 'invalid_request'],
    ['..%2f..%2fetc', 400, 'invalid_request'],
    ['__proto__', 400, 'invalid_request'],
  ])('answers %s with %i', async (version, status, code) => {
    const reply = await get(`versions/${version}`)
    expect([reply.statusCode, reply.json().code]).toEqual([status, code])
  })
})

describe('GET /v1/catalogue/diff', () => {
  it('compares what serves with what served before, unless told otherwise', async () => {
    const [a, b] = [await publish(11), await publish(12)]
    const value = (from: number, to: number) => [
      { section: 'actions', id: 'boots', path: ['value'], from, to },
    ]
    for (const [query, from, to, changes] of [
      ['', a, b, value(11, 12)],
      [`?from=${seed}`, seed, b, value(10, 12)],
      [`?to=${a}`, seed, a, value(10, 11)],
      [`?from=${b}&to=${seed}`, b, seed, value(12, 10)],
      [`?from=${a}&to=${a}`, a, a, []],
    ] as const) {
      const reply = await get(`diff${query}`)
      expect(reply.json(), query).toMatchObject({ from, to, changes })
    }
  })

  it('says what it does not know', async () => {
    const nothing = await get('diff')
    expect([nothing.statusCode, nothing.json().code]).toEqual([404, 'unknown_version'])
    expect(nothing.json().detail).toContain('no other version was published before')
    await publish(11)
    expect((await get('diff?from=0000000000000000')).statusCode).toBe(404)
    expect((await get('diff?to=0000000000000000')).statusCode).toBe(404)
    expect((await get('diff?to=latest')).statusCode).toBe(400)
    expect((await get(`diff?to=${seed}`)).json().detail).toContain('no other version was published before')
  })
})

describe('POST /v1/catalogue/rollback', () => {
  it('serves what served before at the very next decision, and tells what that changes', async () => {
    await publish(11)
    const reply = await rollback({ note: 'a slip' })
    expect(reply.json()).toMatchObject({
      publication: { sequence: 3, version: seed, origin: 'rollback', note: 'a slip' },
      changes: [{ id: 'boots', path: ['value'], from: 11, to: 10 }],
    })
    expect(reply.headers.etag).toBe(`"${seed}"`)
    const decision = await decided(shop, { channel: 'web', placements: [{ id: 'hero' }] })
    expect(decision.versions.catalogue).toBe(seed)
  })

  it('leads there and back when it is asked twice, whatever was published and rolled back before', async () => {
    const [a, b] = [await publish(11), await publish(12)]
    const turns = []
    for (let i = 0; i < 4; i++) turns.push((await rollback()).json().publication.version)
    expect(turns).toEqual([a, b, a, b])
    await rollback({ to: seed })
    expect((await rollback()).json().publication.version).toBe(b)
    const c = await publish(13)
    expect((await rollback()).json().publication.version).toBe(b)
    expect((await rollback()).json().publication.version).toBe(c)
  })

  it('serves the version that is named, of any age', async () => {
    for (let value = 11; value <= 14; value++) await publish(value)
    const reply = await rollback({ to: seed })
    expect(reply.json()).toMatchObject({ publication: { version: seed }, changes: [{ from: 14, to: 10 }] })
    expect((await shop.app.inject('/v1/catalogue')).json()).toEqual(original)
  })

  it('publishes nothing when that version serves already', async () => {
    await publish(11)
    await rollback()
    const again = await rollback({ to: seed })
    expect([again.statusCode, again.json().publication.sequence]).toEqual([200, 3])
    expect(await names()).toHaveLength(3)
  })

  it('needs no body', async () => {
    await publish(11)
    const url = '/v1/catalogue/rollback'
    const reply = await shop.app.inject({ method: 'POST', url, headers: { 'if-match': '*' } })
    expect(reply.json()).toMatchObject({ publication: { version: seed } })
  })

  it.each([
    ['without If-Match', {}, {}, 428, 'precondition_required'],
    ['for another version than serves', {}, { 'if-match': '"0000000000000000"' }, 412, 'catalogue_changed'],
    [
      'to a version it does not know',
      { to: '0000000000000000' },
      { 'if-match': '*' },
      404,
      'unknown_version',
    ],
    ['to no version', { to: 'yesterday' }, { 'if-match': '*' }, 400, 'invalid_request'],
    ['with more than it knows', { form: 'x' }, { 'if-match': '*' }, 400, 'invalid_request'],
    ['with a list', [], { 'if-match': '*' }, 400, 'invalid_request'],
    ['with a note too long', { note: 'a'.repeat(501) }, { 'if-match': '*' }, 400, 'invalid_request'],
    ['with a note of two lines', { note: 'a\nb' }, { 'if-match': '*' }, 400, 'invalid_request'],
  ])('is refused %s, and changes nothing', async (_, body, headers, status, code) => {
    await publish(11)
    const before = await list()
    const reply = await rollback(body, headers)
    expect([reply.statusCode, reply.json().code]).toEqual([status, code])
    expect(await list()).toEqual(before)
  })

  it('says that there is nothing before the first', async () => {
    const reply = await rollback()
    expect([reply.statusCode, reply.json().code]).toEqual([404, 'unknown_version'])
    expect(reply.json().detail).toContain('no other version was published before')
  })
})

describe('with a store that fails', () => {
  it.each([
    ['GET', '/v1/catalogue'],
    ['GET', '/v1/catalogue/versions'],
    ['GET', '/v1/catalogue/versions/0000000000000000'],
    ['GET', '/v1/catalogue/diff'],
    ['PUT', '/v1/catalogue'],
    ['POST', '/v1/catalogue/validate'],
    ['POST', '/v1/catalogue/rollback'],
  ] as const)('%s %s answers 503 with Retry-After', async (method, url) => {
    const broken = await openShop()
    onTestFinished(() => broken.app.close())
    await broken.store.close()
    const headers = { 'content-type': 'application/json', 'if-match': '*' }
    const payload = url.endsWith('rollback') ? {} : original
    const reply = await broken.app.inject({ method, url, headers, ...(method === 'GET' ? {} : { payload }) })
    expect([reply.statusCode, reply.json().code, reply.headers['retry-after']]).toEqual([
      503,
      'store_unavailable',
      '1',
    ])
  })
})
