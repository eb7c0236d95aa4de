import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, decided, FEATURES, openShop, type Shop } from '../open-shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

const HERO = { channel: 'web', placements: [{ id: 'hero' }] }
const NOON = '2026-11-01T12:00:00Z'

describe('POST /v1/decisions', () => {
  it('answers a customer who is known by his own features', async () => {
    const reply = await decided(shop, { ...HERO, customer: { id: 'anna' }, explain: 'codes' })
    expect(reply.explanation!.customer).toBe('known')
    expect(reply.placements[0]).toMatchObject({
      id: 'hero',
      status: 'filled',
      items: [{ rank: 1, actionId: 'boots', propensity: 0.8, priority: 8, selectionProbability: 1 }],
    })
    expect(reply.versions.features).toBe(FEATURES.version)
    expect(reply.degraded).toEqual([])
  })

  it('answers a stranger and a visitor without a name by the defaults', async () => {
    const stranger = await decided(shop, { ...HERO, customer: { id: 'nobody' }, explain: 'codes' })
    expect(stranger.explanation!.customer).toBe('unknown')
    expect(stranger.placements[0]!.items[0]!.actionId).toBe('scarf')
    const visitor = await decided(shop, { ...HERO, explain: 'codes' })
    expect(visitor.explanation!.customer).toBe('anonymous')
    expect(visitor.placements[0]!.items[0]!.actionId).toBe('scarf')
  })

  it('fills several placements in the order asked for, and shows no action twice', async () => {
    const placements = [
      { id: 'strip', limit: 3 },
      { id: 'hero', limit: 1 },
    ]
    const reply = await decided(shop, { channel: 'web', placements, customer: { id: 'anna' } })
    expect(reply.placements.map(({ id, status }) => [id, status])).toEqual([
      ['strip', 'partial'],
      ['hero', 'filled'],
    ])
    const shown = reply.placements.flatMap(({ items }) => items.map(({ actionId }) => actionId))
    expect(shown).toEqual(['scarf', 'advice', 'boots'])
  })

  it('chooses only kinds and actions that are asked for', async () => {
    const placements = [{ id: 'strip', limit: 3, kinds: ['activity'] }]
    const activities = await decided(shop, { channel: 'web', placements })
    expect(activities.placements[0]!.items.map(({ actionId }) => actionId)).toEqual(['advice'])
    const candidates = { include: ['boots', 'scarf'], exclude: ['scarf'] }
    const included = await decided(shop, { ...HERO, candidates })
    expect(included.placements[0]!.items.map(({ actionId }) => actionId)).toEqual(['boots'])
    const none = await decided(shop, { ...HERO, candidates: { include: [] } })
    expect(none.placements[0]).toMatchObject({ status: 'fallback', fallback: { headline: 'Willkommen' } })
  })

  it('says send or do not send on an outbound channel, and offers no fallback there', async () => {
    const mail = { channel: 'email', placements: [{ id: 'mail' }] }
    expect(await decided(shop, { ...mail, customer: { id: 'anna' } })).toMatchObject({
      outbound: { send: true },
    })
    const silent = await decided(shop, { ...mail, customer: { id: 'nobody' } })
    expect(silent.outbound).toEqual({ send: false, code: 'nothing_above_threshold' })
    expect(silent.placements[0]).not.toHaveProperty('fallback')
    expect(await decided(shop, HERO)).not.toHaveProperty('outbound')
  })

  it('gives a dry-run for the same moment the same bytes, and a live decision a name of its own', async () => {
    const dry = { ...HERO, mode: 'dry-run', at: NOON, customer: { id: 'anna' }, explain: 'full' }
    expect((await ask(shop, dry)).body).toBe((await ask(shop, dry)).body)
    expect((await decided(shop, HERO)).decisionId).not.toBe((await decided(shop, HERO)).decisionId)
  })

  it('names every decision with a well-formed id, at the ends of time too', async () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    for (const at of ['1970-01-01T00:00:00Z', NOON, '9998-12-31T23:59:59.999Z']) {
      const { decisionId } = await decided(shop, { ...HERO, mode: 'dry-run', at })
      expect(decisionId.replace(/^dry-/, '')).toMatch(uuid)
    }
    const live = await decided(shop, { ...HERO, customer: { id: 'anna' } })
    expect(live.decisionId).toMatch(/^b\d{4}-/)
    expect(live.decisionId.slice(6)).toMatch(uuid)
  })

  it.each([
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+23:59',
    '9999-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '+275760-09-13T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-11-01T23:59:60Z',
    '2026-11-01T24:00:00Z',
    '2026-11-01',
    '2026-11-01T12:00:00',
    'now',
    1_793_534_400_000,
  ])('refuses to decide for %s', async (at) => {
    const reply = await ask(shop, { ...HERO, mode: 'dry-run', at })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(['/at'])
  })

  it('gives at most 200 actions in one answer, however they are spread', async () => {
    const asking = (...limits: [number, number]) =>
      ask(shop, {
        channel: 'web',
        placements: ['hero', 'strip'].map((id, i) => ({ id, limit: limits[i] })),
      })
    expect((await asking(100, 100)).statusCode).toBe(200)
    const refused = await ask(shop, {
      channel: 'web',
      placements: [
        { id: 'hero', limit: 100 },
        { id: 'strip', limit: 100 },
        { id: 'mail', limit: 1 },
      ],
    })
    expect(refused.statusCode).toBe(400)
    expect(refused.json().errors).toMatchObject([
      { pointer: '/placements', what: expect.stringContaining('at most 200 actions') },
    ])
  })

  it('lets only a dry-run set the time', async () => {
    const reply = await ask(shop, { ...HERO, at: NOON })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().errors[0]).toMatchObject({ pointer: '/at', what: expect.stringContaining('dry-run') })
  })

  it('explains as much as is asked for: nothing, codes, or sentences', async () => {
    expect(await decided(shop, HERO)).not.toHaveProperty('explanation')
    const codes = await decided(shop, { ...HERO, explain: 'codes' })
    expect(codes.explanation!.candidates).toHaveLength(2)
    expect(codes.explanation!.candidates.flatMap(({ reasons }) => reasons)).not.toContainEqual(
      expect.objectContaining({ text: expect.anything() }),
    )
    const full = await decided(shop, { ...HERO, explain: 'full' })
    for (const { reasons } of full.explanation!.candidates) {
      expect(reasons.length).toBeGreaterThan(0)
      for (const { text } of reasons) expect(text).toMatch(/^[A-Z].*\.$/)
      for (const { text } of reasons) expect(text).not.toMatch(/[{}]|undefined|NaN/)
    }
  })

  it('speaks the language asked for, by lookup, and the catalogue’s when it has none of it', async () => {
    const speak = async (locale: string) =>
      (await decided(shop, { ...HERO, locale })).placements[0]!.items[0]!.locale
    expect(await speak('en-GB')).toBe('en')
    expect(await speak('EN')).toBe('en')
    expect(await speak('de-u-co-phonebk')).toBe('de')
    expect(await speak('fr-CA')).toBe('de')
    expect(await speak('und')).toBe('de')
  })

  it.each([
    ...['', 'x', 'de-', 'de_DE', '*', 'a-b-c', 'i-x', 'i-default', 'x-private', 'de-de-de', 'déu'],
    'a'.repeat(36),
  ])('refuses %j as a locale', async (locale) => {
    const reply = await ask(shop, { ...HERO, locale })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().errors[0].pointer).toBe('/locale')
  })

  it('takes context as the catalogue declares it, and nothing else', async () => {
    await decided(shop, { ...HERO, context: { intent: 'return', basketValue: 12.5 } })
    const reply = await ask(shop, {
      ...HERO,
      context: { intent: 5, basketValue: '12', weather: 'wet', constructor: 'x' },
    })
    expect(reply.statusCode).toBe(400)
    expect(reply.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/context/intent',
      '/context/basketValue',
      '/context/weather',
      '/context/constructor',
    ])
  })

  it('tells every fault at once, with its place', async () => {
    const reply = await ask(shop, {
      channel: 'fax',
      placements: [{ id: 'hero' }, { id: 'nowhere' }, { id: 'hero' }],
      candidates: { include: ['boots', 'ghost'] },
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.json().code).toBe('unknown_channel')
    expect(reply.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/channel',
      '/placements/1/id',
      '/placements/2/id',
      '/candidates/include/1',
    ])
  })

  it('points at names by the rules of JSON pointer, cut where they are long', async () => {
    const reply = await ask(shop, { ...HERO, 'a/b~c': 1, ['k'.repeat(100)]: 1 })
    expect(reply.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/a~1b~0c',
      `/${'k'.repeat(64)}`,
    ])
  })

  it.each([
    [0, 400],
    [-1, 400],
    [1.5, 400],
    [1e308, 400],
    ['1', 400],
    [null, 400],
    [101, 400],
    [1, 200],
    [100, 200],
  ])('answers limit %j with %i', async (limit, status) => {
    const reply = await ask(shop, { channel: 'web', placements: [{ id: 'hero', limit }] })
    expect(reply.statusCode).toBe(status)
  })

  it('refuses fields of later versions by name, never ignores them', async () => {
    for (const field of ['interactionId', 'clientRef']) {
      const reply = await ask(shop, { ...HERO, [field]: 'x' })
      expect(reply.statusCode).toBe(400)
      expect(reply.json()).toMatchObject({
        code: 'not_supported_yet',
        errors: [{ pointer: `/${field}`, what: expect.stringContaining('not supported by this version') }],
      })
    }
  })

  it('repeats the caller’s own name of the request, and is never cached', async () => {
    const reply = await ask(shop, { ...HERO, requestId: 'Anfrage 7 – für Jörg 😀' })
    expect(reply.json().requestId).toBe('Anfrage 7 – für Jörg 😀')
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('decides on, degraded, when the store fails', async () => {
    const broken = await openShop()
    await broken.store.close()
    const reply = await decided(broken, { ...HERO, customer: { id: 'anna' } })
    expect(reply.degraded).toEqual(['store_unavailable'])
    // Whoever is somebody may have been told all of it, or have refused it.
    expect(reply.placements[0]!.status).toBe('fallback')
    expect((await decided(broken, HERO)).placements[0]!.status).toBe('filled')
    await broken.app.close()
  })
})
