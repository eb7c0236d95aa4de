import { describe, expect, it, onTestFinished } from 'vitest'
import { problemSchema } from '../../src/http/schemas/problem.ts'
import { ask, type Closures, decided, openShop, send } from './open-shop.ts'

const CANARY = 'kanari_7c1f'
const HERO = { channel: 'web', placements: [{ id: 'hero' }] }
const CONTACT = { id: 'c', customer: { id: CANARY }, channel: 'web' }
const CONSENT = { customer: { id: CANARY }, address: CANARY, channel: 'email', state: 'refused' }

async function open(closures: Closures = {}) {
  const shop = await openShop(closures)
  onTestFinished(() => shop.close())
  return shop
}

describe('a failure', () => {
  it('repeats no value that was sent, neither in its answer nor in the log', async () => {
    const shop = await open()
    const bodies = [
      ...[
        'requestId',
        'customer',
        'channel',
        'placements',
        'context',
        'locale',
        'candidates',
        'mode',
        'at',
      ].map((field) => ({ ...HERO, [field]: { [field]: CANARY } })),
      ...['channel', 'placements', 'customer', 'context', 'locale', 'mode', 'at', 'explain'].map((field) => ({
        ...HERO,
        [field]: CANARY,
      })),
      { ...HERO, requestId: `${CANARY}\n` },
      { ...HERO, customer: { id: `${CANARY}\n` } },
      { ...HERO, customer: { id: CANARY }, channel: CANARY },
      { ...HERO, placements: [{ id: CANARY }] },
      { ...HERO, placements: [{ id: 'hero', limit: CANARY, kinds: [CANARY] }] },
      { ...HERO, candidates: { include: [CANARY], exclude: [CANARY] } },
      { ...HERO, context: { intent: [CANARY], basketValue: CANARY, other: CANARY } },
      { ...HERO, locale: `${CANARY}!` },
      { ...HERO, sessionId: CANARY, other: CANARY },
      { ...HERO, at: `2026-11-01T00:00:00Z${CANARY}`, mode: 'dry-run' },
      `{"channel":"${CANARY}"`,
      `"${CANARY}"`,
      CANARY,
    ]
    const changes = [
      { attributes: { age: CANARY } },
      { attributes: { other: CANARY } },
      { attributes: CANARY },
      { features: { values: { spent: CANARY } } },
      { features: { version: CANARY, values: {} } },
      { features: { version: CANARY, vector: [1] } },
      { features: CANARY, other: CANARY },
      { preferences: { timeZone: CANARY, refusedTopics: [CANARY], pauses: [{ channel: CANARY }] } },
      { preferences: { pace: [{ channel: CANARY, max: 1, window: CANARY }] } },
    ]
    const contacts = [
      ...['id', 'customer', 'sessionId', 'channel', 'placement', 'tier', 'kind', 'at', 'outcomes', 'x'].map(
        (field) => ({ ...CONTACT, [field]: [CANARY] }),
      ),
      { ...CONTACT, outcomes: [{ type: CANARY, at: CANARY, until: CANARY }] },
      { ...CONTACT, id: CANARY, sessionId: CANARY },
    ]
    const consents = [
      ...['customer', 'sessionId', 'address', 'purpose', 'channel', 'state', 'at', 'x'].map((field) => ({
        ...CONSENT,
        [field]: [CANARY],
      })),
      { ...CONSENT, channel: undefined, sessionId: CANARY },
    ]
    const json = { 'content-type': 'application/json' }
    const replies = await Promise.all([
      ...bodies.map((body) => send(shop, 'POST', '/v1/decisions', body, { ...json, 'x-customer': CANARY })),
      ...changes.map((body) => send(shop, 'PUT', `/v1/customers/${CANARY}`, body)),
      ...contacts.map((contact) => send(shop, 'POST', '/v1/contacts', { contacts: [contact] })),
      ...consents.map((consent) => send(shop, 'POST', '/v1/consents', { consents: [consent] })),
      shop.app.inject({ url: `/v1/customers/${CANARY}` }),
      shop.app.inject({ url: `/v1/customers/${CANARY}%00` }),
      shop.app.inject({ url: `/v1/customers/${CANARY}%zz` }),
      shop.app.inject({ url: `/${CANARY}?${CANARY}=${CANARY}` }),
      shop.app.inject({ method: 'DELETE', url: `/v1/customers/${CANARY}` }),
      shop.app.inject({ url: '/livez', headers: { host: `${CANARY}.example` } }),
      shop.app.inject({ url: '/livez', headers: { origin: `https://${CANARY}.example` } }),
      send(shop, 'POST', '/v1/decisions', HERO, { 'content-type': `text/${CANARY}` }),
    ])
    for (const reply of replies) {
      expect([reply.statusCode >= 400 && reply.statusCode < 500, reply.body]).toEqual([true, reply.body])
      expect(reply.body + JSON.stringify(reply.headers)).not.toContain(CANARY)
    }
    expect(shop.log()).toContain('answered')
    expect(shop.log()).not.toContain(CANARY)
  })

  it('is always problem+json with code, place and remedy, and is never cached', async () => {
    const shop = await open()
    const replies = await Promise.all([
      ask(shop, {}),
      ask(shop, '{'),
      ask(shop, { ...HERO, channel: 'fax' }),
      send(shop, 'PUT', '/v1/customers/x', { features: { values: { nose: 1 } } }),
      shop.app.inject({ url: '/v1/customers/nobody' }),
      shop.app.inject({ url: '/nothing' }),
      shop.app.inject({ url: '/%zz' }),
      shop.app.inject({ method: 'DELETE', url: '/livez' }),
      shop.app.inject({ url: '/livez', headers: { host: 'evil.example' } }),
      send(shop, 'POST', '/v1/decisions', HERO, { 'content-type': 'text/plain' }),
      ask(shop, ' '.repeat(2_000_000)),
    ])
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([
      ...[400, 400, 422, 422, 404, 404, 400, 405, 403, 415, 413],
    ])
    for (const reply of replies) {
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(reply.headers['cache-control']).toBe('no-store')
      const problem = problemSchema.parse(reply.json())
      expect(problem).toEqual(reply.json())
      expect(problem.status).toBe(reply.statusCode)
      expect(problem.type).toBe(`urn:emma:error:${problem.code}`)
      expect(problem.errors.length).toBeGreaterThan(0)
      for (const { pointer, what, remedy } of problem.errors) {
        expect([pointer, what, remedy]).not.toContain('')
        expect(problem.detail).toContain(`${pointer}: ${what}; ${remedy}`)
      }
    }
  })

  it('of an item repeats no value of it but its name', async () => {
    const shop = await open()
    const contact = { ...CONTACT, channel: CANARY, placement: CANARY, action: CANARY, group: CANARY }
    const consent = { ...CONSENT, purpose: CANARY, channel: CANARY }
    for (const [what, item] of [
      ['contacts', contact],
      ['consents', consent],
    ] as const) {
      const reply = await send(shop, 'POST', `/v1/${what}`, { [what]: [item] })
      expect(reply.json()).toMatchObject({ refused: 1 })
      expect(reply.body).not.toContain(CANARY)
    }
  })

  it('that nobody foresaw tells the caller nothing of the inside, and the log where it was, without its words', async () => {
    const shop = await open({
      decide: async () => {
        throw new TypeError('the cellar is full of water')
      },
    })
    const reply = await ask(shop, HERO)
    expect([reply.statusCode, reply.json().code]).toEqual([500, 'internal_error'])
    expect(reply.body).not.toMatch(/cellar|TypeError|\.ts/)
    expect(shop.log()).toMatch(/"name":"TypeError","frames":\[" {4}at /)
    expect(shop.log()).not.toMatch(/cellar/)
  })
})

describe('the log', () => {
  it('knows no customer, no value and no address of a request that was answered', async () => {
    const shop = await open()
    const change = { attributes: { firstName: CANARY }, features: { values: { spent: 987_654 } } }
    expect((await send(shop, 'PUT', `/v1/customers/${CANARY}?${CANARY}`, change)).statusCode).toBe(200)
    expect((await shop.app.inject({ url: `/v1/customers/${CANARY}` })).statusCode).toBe(200)
    const request = { ...HERO, requestId: CANARY, customer: { id: CANARY }, context: { intent: CANARY } }
    await decided(shop, request)
    const contacts = [CONTACT, { id: CANARY, sessionId: CANARY, channel: 'web', action: CANARY }]
    const consents = [CONSENT, { sessionId: CANARY, state: 'granted' }]
    for (const [url, body, answer] of [
      [
        '/v1/contacts',
        { contacts: [...contacts, { ...CONTACT, channel: CANARY }] },
        /"accepted":2.*"refused":1/,
      ],
      [
        '/v1/consents',
        { consents: [...consents, { ...CONSENT, channel: CANARY }] },
        /"accepted":2.*"refused":1/,
      ],
    ] as const)
      expect((await send(shop, 'POST', url, body)).body).toMatch(answer)
    expect(shop.log()).toContain('"route":"/v1/customers/:id"')
    expect(shop.log()).toContain('"route":"/v1/consents"')
    expect(shop.log()).not.toMatch(new RegExp(`${CANARY}|987654`))
  })
})
