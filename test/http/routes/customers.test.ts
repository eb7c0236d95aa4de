import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { decided, FEATURES, openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop()
afterAll(() => shop.close())

/** A customer of his own for every test. */
let url: string
let id: string
let count = 0
beforeEach(() => {
  id = `customer ${count++}`
  url = `/v1/customers/${encodeURIComponent(id)}`
})

const put = (body: unknown, to = url) => send(shop, 'PUT', to, body)
const get = (from = url) => shop.app.inject({ url: from })
const named = (values: object) => ({ features: { values } })
const vector = (numbers: unknown, version = FEATURES.version) => ({ features: { version, vector: numbers } })
const wish = (preferences: object) => ({ preferences })
const pace = (given: object = {}) => ({ max: 1, window: '7d', ...given })
const pointers = (reply: { json(): { errors: { pointer: string }[] } }) =>
  reply.json().errors.map(({ pointer }) => pointer)

describe('PUT /v1/customers/{id}', () => {
  it('adds and changes what is named, and leaves the rest as it was', async () => {
    await put({ attributes: { firstName: 'Anna', age: 40 }, ...named({ boots_affinity: 50, spent: 10.25 }) })
    const reply = await put({ attributes: { age: 41 }, ...named({ boots_affinity: 60 }) })
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      id,
      attributes: { firstName: 'Anna', age: 41 },
      preferences: {},
      consents: [],
      updatedAt: expect.any(String),
      features: {
        set: 'test-shop',
        version: FEATURES.version,
        asOf: '2026-11-01',
        values: { boots_affinity: 60, days: 1, spent: 10.25 },
      },
      contacts: [],
      holds: [],
      days: [],
    })
    expect((await get()).json()).toEqual(reply.json())
  })

  it('takes all features as a vector of a named version', async () => {
    const reply = await put(vector([255, -65504, 1e-3]))
    expect(reply.statusCode).toBe(200)
    expect(reply.json().features.values).toEqual({ boots_affinity: 255, days: -65504, spent: 0.001 })
  })

  it('replaces every wish that is sent, forgets what is null, and leaves the others', async () => {
    const wishes = {
      timeZone: 'europe/vienna',
      pace: [
        { max: 0, window: '24h' },
        { channel: 'email', max: 2, window: '7d' },
      ],
      refusedTopics: ['footwear'],
      pauses: [{ channel: 'email', until: '2026-12-24T18:00:00+01:00' }, {}],
    }
    const kept = {
      ...wishes,
      timeZone: 'Europe/Vienna',
      pauses: [{ channel: 'email', until: '2026-12-24T17:00:00.000Z' }, {}],
    }
    expect((await put({ preferences: wishes })).json().preferences).toEqual(kept)
    expect((await get()).json().preferences).toEqual(kept)
    const reply = await put({ preferences: { pace: [], pauses: null, refusedTopics: null } })
    expect(reply.json().preferences).toEqual({ timeZone: 'Europe/Vienna', pace: [] })
    expect((await put({ preferences: {} })).json().preferences).toEqual(reply.json().preferences)
    expect((await put({ preferences: { timeZone: null, pace: null } })).json().preferences).toEqual({})
  })

  it('is used by the very next decision', async () => {
    const hero = { channel: 'web', placements: [{ id: 'hero' }], customer: { id } }
    expect((await decided(shop, hero)).placements[0]!.items[0]!.actionId).toBe('scarf')
    await put(named({ boots_affinity: 90 }))
    expect((await decided(shop, hero)).placements[0]!.items[0]!.actionId).toBe('boots')
  })

  it('loses nothing when different features are changed at the same time', async () => {
    for (let round = 1; round <= 20; round++) {
      await Promise.all([
        put(named({ boots_affinity: round })),
        put(named({ days: round })),
        put(named({ spent: round })),
        put({ attributes: { age: round } }),
        put({ attributes: { firstName: String(round) } }),
      ])
      expect((await get()).json()).toMatchObject({
        attributes: { age: round, firstName: String(round) },
        features: { values: { boots_affinity: round, days: round, spent: round } },
      })
    }
  })

  it.each([
    ['a vector too short', vector([1, 2]), 422, ['/features/vector']],
    ['a vector too long', vector([1, 2, 3, 4]), 422, ['/features/vector']],
    ['a vector of another version', vector([1, 2, 3], 'other'), 422, ['/features/version']],
    ['names of another version', { features: { version: 'x', values: {} } }, 422, ['/features/version']],
    ['a vector without a version', { features: { vector: [1, 2, 3] } }, 400, ['/features/version']],
    ['an unknown feature', named({ nose: 1 }), 422, ['/features/values/nose']],
    ['a feature called like a built-in', named({ toString: 1 }), 422, ['/features/values/toString']],
    ['a u8 above 255', named({ boots_affinity: 256 }), 422, ['/features/values/boots_affinity']],
    ['a u8 below 0', named({ boots_affinity: -1 }), 422, ['/features/values/boots_affinity']],
    ['a u8 that is not whole', named({ boots_affinity: 0.5 }), 422, ['/features/values/boots_affinity']],
    ['an f16 beyond its range', named({ days: 65505 }), 422, ['/features/values/days']],
    ['an f32 beyond its range', named({ spent: 1e39 }), 422, ['/features/values/spent']],
    ['NaN as a text', named({ spent: 'NaN' }), 400, ['/features/values/spent']],
    ['a feature of null', named({ spent: null }), 400, ['/features/values/spent']],
    ['NaN in a vector', vector([1, 2, 'NaN']), 400, ['/features/vector/2']],
    ['a wrong value in a vector', vector([1, 1e9, 1e39]), 422, ['/features/vector/1', '/features/vector/2']],
    ['an attribute that is not declared', { attributes: { shoe: 1 } }, 400, ['/attributes/shoe']],
    ['an attribute of another type', { attributes: { age: '40' } }, 400, ['/attributes/age']],
    ['an attribute of null', { attributes: { age: null } }, 400, ['/attributes/age']],
    ['a wish that is none', wish({ topics: [] }), 400, ['/preferences/topics']],
    ['no wishes', { preferences: null }, 400, ['/preferences']],
    ['a zone that is none', wish({ timeZone: 'Mars/Olympus' }), 400, ['/preferences/timeZone']],
    ['an offset as zone', wish({ timeZone: '+02:00' }), 400, ['/preferences/timeZone']],
    ['a pace of less than none', wish({ pace: [pace({ max: -1 })] }), 400, ['/preferences/pace/0/max']],
    ['a pace of halves', wish({ pace: [pace({ max: 0.5 })] }), 400, ['/preferences/pace/0/max']],
    ['a pace in no window', wish({ pace: [pace({ window: 'week' })] }), 400, ['/preferences/pace/0/window']],
    [
      'a pace longer than the history',
      wish({ pace: [pace({ window: '401d' })] }),
      400,
      ['/preferences/pace/0/window'],
    ],
    ['a pace with more to it', wish({ pace: [pace({ per: 'x' })] }), 400, ['/preferences/pace/0/per']],
    [
      'a pace on no channel',
      wish({ pace: [pace({ channel: 'fax' })] }),
      422,
      ['/preferences/pace/0/channel'],
    ],
    ['101 paces', wish({ pace: Array(101).fill(pace()) }), 400, ['/preferences/pace']],
    [
      'topics that are no groups',
      wish({ refusedTopics: ['footwear', 'boats', 'planes'] }),
      422,
      ['/preferences/refusedTopics/1', '/preferences/refusedTopics/2'],
    ],
    ['one topic', wish({ refusedTopics: 'footwear' }), 400, ['/preferences/refusedTopics']],
    ['a pause of null', wish({ pauses: [{ until: null }] }), 400, ['/preferences/pauses/0/until']],
    ['a pause until Monday', wish({ pauses: [{ until: 'Monday' }] }), 400, ['/preferences/pauses/0/until']],
    [
      'a pause until the end of days',
      wish({ pauses: [{ until: '9999-12-31T23:59:59-02:00' }] }),
      400,
      ['/preferences/pauses/0/until'],
    ],
    ['a pause on no channel', wish({ pauses: [{ channel: 'fax' }] }), 422, ['/preferences/pauses/0/channel']],
    [
      'a wrong wish beside right attributes',
      { attributes: { age: 3 }, ...wish({ timeZone: 'x' }), ...named({ nose: 1 }) },
      400,
      ['/preferences/timeZone', '/features/values/nose'],
    ],
    ['a list', [], 400, ['body']],
    ['an unknown key', { attribute: {} }, 400, ['/attribute']],
  ])('refuses %s and changes nothing', async (_, body, status, places) => {
    await put({ attributes: { age: 1 }, ...named({ boots_affinity: 7 }), ...wish({ pace: [pace()] }) })
    const before = (await get()).body
    const reply = await put(body)
    expect([reply.statusCode, pointers(reply)]).toEqual([status, places])
    expect((await get()).body).toBe(before)
  })

  it('refuses a number that no double can hold', async () => {
    const reply = await put('{"features":{"values":{"spent":1e999}}}')
    expect([reply.statusCode, pointers(reply)]).toEqual([400, ['/features/values/spent']])
  })

  it('tells every wrong feature at once', async () => {
    const reply = await put(named({ boots_affinity: 256, days: 1e9, nose: 1, spent: 3 }))
    expect(pointers(reply)).toEqual([
      '/features/values/boots_affinity',
      '/features/values/days',
      '/features/values/nose',
    ])
  })

  it('changes nothing with an attribute when a feature beside it is wrong', async () => {
    expect((await put({ attributes: { age: 1 }, ...named({ nose: 1 }) })).statusCode).toBe(422)
    expect((await get()).statusCode).toBe(404)
  })

  it('says that a feature set must be loaded first, and takes attributes without one', async () => {
    const bare = await openShop({ features: false })
    onTestFinished(() => bare.close())
    const reply = await send(bare, 'PUT', url, named({ spent: 1 }))
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'features_not_loaded'])
    const told = await send(bare, 'PUT', url, { attributes: { age: 3 } })
    expect(told.json()).toMatchObject({ attributes: { age: 3 }, features: null })
  })

  it('answers 503 with Retry-After when the store fails', async () => {
    const broken = await openShop()
    await broken.store.close()
    const reply = await send(broken, 'PUT', url, { attributes: { age: 3 } })
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'store_unavailable'])
    expect(reply.headers['retry-after']).toBe('1')
    await broken.app.close()
  })
})

describe('GET /v1/customers/{id}', () => {
  it('tells what is stored, and is never cached', async () => {
    const reply = await get('/v1/customers/anna')
    expect(reply.json()).toMatchObject({ id: 'anna', attributes: {}, updatedAt: null })
    expect(reply.json().features.values).toEqual({ boots_affinity: 80, days: 3, spent: 120.5 })
    expect(reply.headers['cache-control']).toBe('no-store')
  })

  it('answers 404 for a customer of whom nothing is stored', async () => {
    const reply = await get()
    expect([reply.statusCode, reply.json().code]).toEqual([404, 'unknown_customer'])
  })

  it('keeps apart customers whose ids look like something else', async () => {
    const names = ['a/b', '../../etc/passwd', 'ä ö', '100%', 'a?b#c', '__proto__', 'a;b', '😀'.repeat(128)]
    const addressOf = (name: string) => `/v1/customers/${encodeURIComponent(name)}`
    for (const name of names) {
      expect((await put({ attributes: { firstName: name } }, addressOf(name))).statusCode).toBe(200)
    }
    for (const name of names) {
      expect((await get(addressOf(name))).json()).toMatchObject({ id: name, attributes: { firstName: name } })
    }
  })

  it.each([
    ['nothing', ''],
    ['129 characters', 'a'.repeat(129)],
    ['4,000 characters', 'a'.repeat(4000)],
    ['129 emoji', encodeURIComponent('😀'.repeat(129))],
    ['NUL', 'a%00b'],
    ['a line break', 'a%0d%0ab'],
    ['a zero-width space', 'a%e2%80%8bb'],
    ['a byte that is no UTF-8', 'a%ffb'],
    ['half a surrogate pair', 'a%ed%a0%80'],
    ['a broken escape', '%zz'],
  ])('refuses %s as an id', async (_, name) => {
    const reply = await get(`/v1/customers/${name}`)
    expect(reply.statusCode).toBe(400)
    expect(reply.headers['content-type']).toContain('application/problem+json')
  })
})
