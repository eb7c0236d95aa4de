import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { toYaml } from '../../../src/catalogue/to-yaml.ts'
import { parseWritten } from '../../../src/documents/read-document.ts'
import type { Json } from '../../../src/domain/canonical-json.ts'
import { CATALOGUE, decided, openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop()
afterAll(() => shop.close())

const JSON_TYPE = { 'content-type': 'application/json' }
const YAML_TYPE = { 'content-type': 'application/yaml' }
const ANY = { 'if-match': '*' }

const get = (headers: object = {}, query = '') =>
  shop.app.inject({ url: `/v1/catalogue${query}`, headers: { ...headers } })
const put = (body: unknown, headers: object = {}, query = '') =>
  send(shop, 'PUT', `/v1/catalogue${query}`, body, { ...JSON_TYPE, ...ANY, ...headers })
const validate = (body: unknown, headers: object = {}) =>
  send(shop, 'POST', '/v1/catalogue/validate', body, { ...JSON_TYPE, ...headers })
const history = async () => (await shop.app.inject({ url: '/v1/catalogue/versions' })).json().publications
const sentence = (reply: { json(): { errors: { pointer: string; what: string }[] } }) =>
  reply.json().errors.map(({ pointer, what }) => `${pointer}: ${what}`)

const original = parse(CATALOGUE)
let edition = 0
/** The catalogue with a value that no other has. */
const edited = () => ({ ...original, actions: original.actions.map(edit) })
const edit = (action: { id: string }) =>
  action.id === 'boots' ? { ...action, value: 100 + ++edition } : action

let serving: string
beforeEach(async () => {
  serving = (await put(edited())).json().publication.version
})

describe('GET /v1/catalogue', () => {
  it('gives the document that serves, with its version as a strong ETag', async () => {
    const document = edited()
    const { version } = (await put(document)).json().publication
    const reply = await get()
    expect([reply.statusCode, reply.json()]).toEqual([200, document])
    expect(reply.headers).toMatchObject({ etag: `"${version}"`, vary: 'accept', 'cache-control': 'no-cache' })
  })

  it.each([
    ['application/yaml', 'yaml'],
    ['text/yaml', 'yaml'],
    ['application/x-yaml', 'yaml'],
    ['application/yaml, application/json;q=0.5', 'yaml'],
    ['application/yaml;q=0.1, application/json', 'json'],
    ['application/yaml;q=0', 'json'],
    ['application/json', 'json'],
    ['text/html, */*;q=0.8', 'json'],
    ['image/yaml', 'json'],
    ['nonsense', 'json'],
  ])('answers Accept: %s as %s', async (accept, kind) => {
    const reply = await get({ accept })
    expect(reply.headers['content-type']).toContain(`application/${kind}`)
    const read = kind === 'yaml' ? parse(reply.body) : reply.json()
    expect(read).toEqual((await get()).json())
  })

  it.each([
    ['the very tag', (tag: string) => tag],
    ['a weak one', (tag: string) => `W/${tag}`],
    ['one of a list', (tag: string) => `"aaaa", ${tag} ,"bbbb"`],
    ['whatever there is', () => '*'],
  ])('answers 304 and nothing else to If-None-Match with %s', async (_, header) => {
    const tag = `"${serving}"`
    for (const [query, headers] of [
      ['', {}],
      ['?pretty', {}],
      ['', { accept: 'application/yaml' }],
    ] as const) {
      const reply = await get({ ...headers, 'if-none-match': header(tag) }, query)
      expect([reply.statusCode, reply.body, reply.headers.etag]).toEqual([304, '', tag])
      expect(reply.headers['content-type']).toBeUndefined()
    }
  })

  it.each([['"0000000000000000"'], ['""'], ['x'], [`"${'0'.repeat(8000)}"`]])(
    'answers the whole to If-None-Match: %.30s',
    async (header) => {
      expect((await get({ 'if-none-match': header })).statusCode).toBe(200)
    },
  )

  it('is indented with ?pretty, and knows no other parameter', async () => {
    expect((await get({}, '?pretty')).body).toContain('\n  "schema": "emma/v1"')
    expect((await get({}, '?version=1')).statusCode).toBe(400)
  })
})

describe('PUT /v1/catalogue', () => {
  it('publishes what the very next decision shows, and tells what changed', async () => {
    const document = {
      ...original,
      actions: original.actions.filter(({ id }: { id: string }) => id !== 'boots'),
    }
    const reply = await put(document, {}, '?note=no%20more%20boots')
    const { publication, changes } = reply.json()
    expect([reply.statusCode, reply.headers.etag]).toEqual([200, `"${publication.version}"`])
    expect(publication).toMatchObject({
      origin: 'publish',
      note: 'no more boots',
      sequence: expect.any(Number),
    })
    expect(changes).toMatchObject([{ section: 'actions', id: 'boots', kind: 'removed' }])
    const decision = await decided(shop, { channel: 'web', placements: [{ id: 'hero', limit: 3 }] })
    expect(decision.versions.catalogue).toBe(publication.version)
    expect(decision.placements[0]!.items.map(({ actionId }) => actionId)).toEqual(['scarf'])
    expect((await history())[0]).toEqual(publication)
  })

  it('goes round: read, edited, written back, in JSON and in YAML', async () => {
    const forms: [string, string, (text: string) => typeof original, (value: unknown) => string][] = [
      ['application/json', 'application/json', JSON.parse, JSON.stringify],
      [
        'application/yaml',
        'application/yaml; charset=utf-8',
        (text) => parse(text),
        (value) => stringify(value),
      ],
    ]
    for (const [accept, type, read, write] of forms) {
      const before = await get({ accept })
      const document = read(before.body)
      document.actions[0].value = 1000 + ++edition
      const headers = { 'if-match': before.headers.etag, 'content-type': type }
      const reply = await put(write(document), headers)
      expect(reply.json().changes).toMatchObject([{ id: 'boots', kind: 'changed', path: ['value'] }])
      expect((await get()).json()).toEqual(document)
    }
  })

  it('takes back its own YAML as the same version', async () => {
    const { body } = await get({ accept: 'application/yaml' })
    const checked = await validate(body, YAML_TYPE)
    expect(checked.json()).toMatchObject({ version: serving, changes: [] })
  })

  it('names JSON and YAML of one document alike, in whatever order, and publishes it once', async () => {
    const document = edited()
    const first = (await put(document)).json()
    const count = (await history()).length
    const turned = Object.fromEntries(Object.entries(document).reverse())
    turned.actions = [...document.actions].reverse()
    for (const [body, headers] of [
      [stringify(document), YAML_TYPE],
      [JSON.stringify(turned, null, 2), {}],
      [`\uFEFF${JSON.stringify(document)}`, {}],
    ] as const) {
      const again = await put(body, headers, '?note=again')
      expect(again.json()).toMatchObject({ publication: first.publication, changes: [] })
    }
    expect(await history()).toHaveLength(count)
  })

  it.each([
    ['the ETag', (v: string) => `"${v}"`],
    ['the bare version', (v: string) => v],
    ['a weak tag', (v: string) => `W/"${v}"`],
    ['a list with it', (v: string) => `"0000000000000000", "${v}"`],
    ['a star among spaces', () => ' * '],
  ])('publishes for If-Match with %s', async (_, header) => {
    expect((await put(edited(), { 'if-match': header(serving) })).statusCode).toBe(200)
  })

  it.each([
    ['another version', '"0000000000000000"'],
    ['a list without it', '"0000000000000000", "1111111111111111"'],
    ['a quoted star', '"*"'],
    ['a star among others', '*, "0000000000000000"'],
    ['a part of a tag', '"'],
    ['what is no tag', 'latest'],
  ])('refuses If-Match with %s, and says which version serves', async (_, header) => {
    const count = (await history()).length
    const reply = await put(edited(), { 'if-match': header })
    expect([reply.statusCode, reply.json().code]).toEqual([412, 'catalogue_changed'])
    expect(reply.json().detail).toContain(`version ${serving} serves now`)
    expect(await history()).toHaveLength(count)
  })

  it.each([[{}], [{ 'if-match': '' }], [{ 'if-match': ' ' }]])(
    'asks for If-Match when it gets %j',
    async (headers) => {
      const reply = await send(shop, 'PUT', '/v1/catalogue', edited(), { ...JSON_TYPE, ...headers })
      expect([reply.statusCode, reply.json().code]).toEqual([428, 'precondition_required'])
    },
  )

  it('lets one of many editors win, who all read the same version', async () => {
    const tag = `"${serving}"`
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => put(edited(), { 'if-match': tag })))
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412, 412, 412, 412])
    const won = replies.find(({ statusCode }) => statusCode === 200)!
    expect((await get()).headers.etag).toBe(won.headers.etag)
  })

  it('tells every one of many who publish whatever serves what exactly they replaced', async () => {
    const documents = [1, 2, 3, 4, 5].map(() => edited())
    const replies = await Promise.all(documents.map((document) => put(document)))
    const told = replies
      .map((reply) => reply.json())
      .sort((a, b) => a.publication.sequence - b.publication.sequence)
    const valueIn = (version: string) =>
      shop.app
        .inject({ url: `/v1/catalogue/versions/${version}` })
        .then((reply) => reply.json().actions[0].value)
    let before = serving
    for (const { publication, changes } of told) {
      expect(changes).toMatchObject([{ from: await valueIn(before), to: await valueIn(publication.version) }])
      before = publication.version
    }
  })

  it.each([
    ['too long', 'a'.repeat(501)],
    ['empty', ''],
    ['blank', ' '],
    ['of two lines', 'a\nb'],
    ['that steers a terminal', 'a\u001b[2Jb'],
    ['that turns text round', 'a\u202eb'],
  ])('refuses a note %s', async (_, note) => {
    const reply = await put(edited(), {}, `?note=${encodeURIComponent(note)}`)
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid_request'])
    expect(JSON.stringify(reply.json().errors)).toContain('note')
  })

  it.each([['ä'.repeat(500)], ['Größe & Preis: 50 % 👩‍👩‍👧']])('keeps the note %.20s', async (note) => {
    await put(edited(), {}, `?note=${encodeURIComponent(note)}`)
    expect((await history())[0].note).toBe(note)
  })

  it('keeps serving the old one when a rule names a feature that the loaded set has not', async () => {
    const bad = {
      ...original,
      actions: original.actions.map((a: object) => ({ ...a, eligibility: 'features.nose > 1' })),
    }
    const reply = await put(bad)
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'catalogue_invalid'])
    expect(reply.json().detail).toContain('no feature is called nose')
    expect((await get()).headers.etag).toBe(`"${serving}"`)
  })
})

/** What both addresses that take a document refuse alike. */
describe.each([
  ['PUT /v1/catalogue', put],
  ['POST /v1/catalogue/validate', validate],
])('%s refuses', (_, give) => {
  it.each([
    ['text/plain', 415],
    ['application/xml', 415],
    ['application/jsonx', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/json; charset=utf-8', 200],
    ['Application/YAML', 200],
    ['text/yaml', 200],
    ['application/x-yaml', 200],
  ])('Content-Type %s with %i', async (type, status) => {
    const reply = await give(JSON.stringify(original), { 'content-type': type })
    expect(reply.statusCode).toBe(status)
    if (status === 415) expect(reply.json().code).toBe('unsupported_media_type')
  })

  it.each([[''], [' \n'], ['\uFEFF']])('a body without a document: %j', async (body) => {
    const reply = await give(body)
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid_request'])
    expect(sentence(reply)).toEqual(['body: there is no document'])
  })

  it.each([
    ['bytes that are no UTF-8', Buffer.from([...Buffer.from('schema: emma/v1 # '), 0xe4])],
    ['half a letter', Buffer.from('schema: "ä"').subarray(0, 10)],
    ['UTF-16', Buffer.from('\uFEFFschema: emma/v1', 'utf16le')],
    ['compressed bytes', Buffer.from([0x1f, 0x8b, 0x08, 0x00])],
  ])('%s', async (_name, body) => {
    const reply = await give(body, YAML_TYPE)
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid_request'])
    expect(sentence(reply)).toEqual(['body: the body is not valid UTF-8'])
  })

  it.each([
    ['broken YAML', 'schema: emma/v1\nplacements: [', /^catalogue:2:\d+/],
    ['broken JSON', '{"schema": "emma/v1",\n "actions": [}', /^catalogue:2:\d+/],
    ['a key twice', 'schema: emma/v1\nschema: emma/v1\n', /^catalogue:2:1/],
    ['two documents', 'schema: emma/v1\n---\nschema: emma/v1\n', /^catalogue:\d+:\d+/],
    ['an alias', 'a: &x 1\nb: *x\n', /^catalogue:1:/],
    ['a name that everything inherits', '{"__proto__": {"schema": "emma/v1"}}', /^catalogue:1:/],
    ['a list', '[]', /^catalogue:1:1/],
    ['a word', 'null', /^catalogue:1:1/],
    ['depth', '['.repeat(100_000), /^catalogue:1:/],
    [
      'a rule with a slip',
      JSON.stringify({ ...original, blocks: [{ id: 'b', tier: 'marketing', when: 'customer.aeg > 1' }] }),
      /^catalogue:1:\d+/,
    ],
  ])('%s, with its place', async (_name, body, place) => {
    const reply = await give(body)
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'catalogue_invalid'])
    expect(reply.json().errors[0].pointer).toMatch(place)
  })

  it('more faults than it tells, and says that there are more', async () => {
    const actions = Array.from({ length: 80 }, (_one, i) => ({ id: `a${i}`, valeu: 1, treatments: [] }))
    const reply = await give(JSON.stringify({ ...original, actions }, null, 1))
    expect(reply.statusCode).toBe(422)
    expect(reply.json().errors).toHaveLength(50)
    expect(reply.json().detail).toMatch(/There are more faults than these/)
  })

  it('a body of 33 MB', async () => {
    const reply = await give(Buffer.alloc(33 * 1024 * 1024, ' '))
    expect([reply.statusCode, reply.json().code]).toEqual([413, 'payload_too_large'])
  })
})

describe('POST /v1/catalogue/validate', () => {
  it('tells what publishing would change, and changes nothing', async () => {
    const before = [(await get()).body, await history()]
    const document = { ...edited(), attribution: { click: '7d' } }
    const reply = await validate(document)
    expect(reply.json()).toMatchObject({ actions: 4, placements: 3 })
    expect(reply.json().changes).toContainEqual(
      expect.objectContaining({ section: 'actions', id: 'boots', path: ['value'], to: 100 + edition }),
    )
    expect(reply.json().notices.join()).toContain('attribution')
    expect([(await get()).body, await history()]).toEqual(before)
    expect((await put(document)).json().publication.version).toBe(reply.json().version)
  })

  it('needs no If-Match, and places faults where they stand', async () => {
    const reply = await validate(
      'schema: emma/v1\nplacements: [{ id: hero, channel: web, odrer: 1 }]\nactions: []\n',
      YAML_TYPE,
    )
    expect(sentence(reply)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^catalogue:2:40 .*unknown key "odrer"/)]),
    )
  })
})

describe('the YAML of a document', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(
      'yes',
      '~',
      'null',
      '1',
      '0x1F',
      '.inf',
      '2026-11-01T00:00:00Z',
      '!x && y',
      '- a',
      'a: b',
      '# c',
    ),
    fc.constantFrom(
      ' a',
      'a ',
      'a\nb',
      'a\n\n',
      '  \n',
      '\ta',
      '"',
      "'",
      '&a',
      '*a',
      '|',
      '>',
      '%',
      '@',
      '{',
      '---',
    ),
    fc
      .array(fc.constantFrom('a ', 'bb', '\n', '\r', '\t', '  ', '#', ': ', '"'), { maxLength: 90 })
      .map((all) => all.join('')),
  )
  const key = text.filter((name) => name !== '__proto__')
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any as fc.Arbitrary<Json>

  it('reads back as the very same value, whatever texts are in it', () => {
    fc.assert(
      fc.property(value, (inner) => {
        const shared = { inner, twice: [inner, inner] }
        expect(parseWritten(toYaml(shared), 'x', 'catalogue_invalid').value).toEqual(shared)
      }),
      { numRuns: 2000 },
    )
  })
})
