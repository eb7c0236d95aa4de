import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { contactsReplySchema } from '../../../src/http/schemas/contacts.ts'
import { openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop()
afterAll(() => shop.close())

/** A customer of his own for every test. */
let id: string
let count = 0
beforeEach(() => {
  id = `customer ${count++}`
})

const DAY = 86_400_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const tell = (contacts: unknown, of = shop) => send(of, 'POST', '/v1/contacts', { contacts })
const contact = (given: object = {}) => ({ id: 'c1', customer: { id }, channel: 'web', ...given })
const statuses = (reply: { json(): { results: { status: string }[] } }) =>
  reply.json().results.map(({ status }) => status)
const pointers = (reply: { json(): { errors: { pointer: string }[] } }) =>
  reply.json().errors.map(({ pointer }) => pointer)
const stored = async (of = id) => (await shop.app.inject(`/v1/customers/${encodeURIComponent(of)}`)).json()

describe('POST /v1/contacts', () => {
  it('records contacts and what became of them, for the customer to be read', async () => {
    const [at, clicked, until] = [ago(DAY), ago(DAY / 2), ago(-30 * DAY)]
    const outcomes = [
      { type: 'later', at: clicked, until },
      { type: 'impression', at },
    ]
    const reply = await tell([
      contact({ id: 'c1', placement: 'hero', action: 'boots', at, outcomes }),
      contact({
        id: 'c2',
        channel: 'email',
        action: 'newsletter',
        tier: 'service',
        group: 'news',
        at: ago(9),
      }),
    ])
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json()).toEqual({
      results: [
        { id: 'c1', status: 'accepted' },
        { id: 'c2', status: 'accepted' },
      ],
      accepted: 2,
      duplicate: 0,
      refused: 0,
    })
    expect(await stored()).toMatchObject({
      id,
      updatedAt: null,
      contacts: [
        {
          channel: 'email',
          placement: null,
          action: 'newsletter',
          group: 'news',
          tier: 'service',
          kind: 'offer',
          outcomes: [],
        },
        {
          channel: 'web',
          placement: 'hero',
          action: 'boots',
          group: null,
          tier: 'marketing',
          kind: 'offer',
          at,
          outcomes: [
            { type: 'impression', at },
            { type: 'later', at: clicked, until },
          ],
        },
      ],
      days: [],
    })
  })

  it('counts what is told again once, and takes what is new of it', async () => {
    const at = ago(DAY)
    const clicked = contact({ at, outcomes: [{ type: 'click', at: ago(1000) }] })
    expect(statuses(await tell([contact({ at })]))).toEqual(['accepted'])
    expect(statuses(await tell([contact({ at }), clicked, clicked]))).toEqual([
      ...['duplicate', 'accepted', 'duplicate'],
    ])
    const { contacts } = await stored()
    expect(contacts).toHaveLength(1)
    expect(contacts[0].outcomes).toMatchObject([{ type: 'click' }])
  })

  it('counts what is told again without its time once, too', async () => {
    const rejected = contact({ outcomes: [{ type: 'presented' }, { type: 'reject' }] })
    expect(statuses(await tell([rejected]))).toEqual(['accepted'])
    expect(statuses(await tell([rejected]))).toEqual(['duplicate'])
    const accepted = contact({ outcomes: [{ type: 'reject' }, { type: 'accept' }] })
    expect(statuses(await tell([accepted]))).toEqual(['accepted'])
    const { contacts } = await stored()
    expect(contacts[0].outcomes.map(({ type }: { type: string }) => type)).toEqual([
      ...['presented', 'reject', 'accept'],
    ])
  })

  it('records the right ones beside wrong ones, and says what is wrong with these', async () => {
    const reply = await tell([
      contact({ id: 'a', channel: 'fax' }),
      contact({ id: 'b' }),
      contact({ id: 'c', placement: 'mail' }),
      contact({ id: 'd', placement: 'roof' }),
      contact({ id: 'e', at: ago(401 * DAY) }),
      contact({ id: 'f', at: ago(-401 * DAY) }),
      contact({ id: 'g', outcomes: [{ type: 'click', at: ago(-DAY) }] }),
      contact({ id: 'h', outcomes: [{ type: 'click', until: ago(-DAY) }] }),
    ])
    expect(reply.statusCode).toBe(200)
    const { results, ...counts } = reply.json()
    expect(counts).toEqual({ accepted: 1, duplicate: 0, refused: 7 })
    const told = results.map((one: { code?: string; errors?: { pointer: string }[] }) => [
      one.code,
      one.errors?.map(({ pointer }) => pointer),
    ])
    expect(told).toEqual([
      ['unknown_channel', ['/contacts/0/channel']],
      [undefined, undefined],
      ['placement_of_other_channel', ['/contacts/2/placement']],
      ['unknown_placement', ['/contacts/3/placement']],
      ['too_late', ['/contacts/4/at']],
      ['invalid_request', ['/contacts/5/at']],
      ['invalid_request', ['/contacts/6/outcomes/0/at']],
      ['invalid_request', ['/contacts/7/outcomes/0/until']],
    ])
    expect(results[0].errors[0].remedy).toBe('use one of web, email')
    expect((await stored()).contacts).toHaveLength(1)
  })

  it('counts old ones by their day, and shows them so', async () => {
    const at = ago(200 * DAY)
    const outcomes = [{ type: 'click', at }]
    await tell([contact({ id: 'a', at, outcomes }), contact({ id: 'b', at }), contact({ id: 'c' })])
    const { contacts, days } = await stored()
    expect(contacts).toHaveLength(1)
    expect(days).toMatchObject([
      { channel: 'web', day: at.slice(0, 10), contacts: 2, outcomes: { click: 1 } },
    ])
  })

  it('shows the newest thousand, newest first', async () => {
    const at = Date.now() - DAY
    for (const half of [0, 1]) {
      const contacts = Array.from({ length: 600 }, (_, i) => {
        const number = 2 * i + half
        return contact({ id: `c${number}`, action: `a${number}`, at: new Date(at + number).toISOString() })
      })
      expect((await tell(contacts)).json().accepted).toBe(600)
    }
    const { contacts } = await stored()
    expect(contacts.map(({ action }: { action: string }) => action)).toEqual(
      Array.from({ length: 1000 }, (_, i) => `a${1199 - i}`),
    )
  })

  it('takes a session in the place of a customer', async () => {
    const reply = await tell([{ id: 'c1', sessionId: id, channel: 'web' }])
    expect(statuses(reply)).toEqual(['accepted'])
    expect((await stored()).code).toBe('unknown_customer')
    expect((await shop.store.gather({ session: id })).ledger.contacts).toHaveLength(1)
  })

  it('keeps apart customers whose ids look like something else', async () => {
    const names = ['a/b', '__proto__', 'constructor', 'ä ö', '😀'.repeat(128)]
    const reply = await tell(names.map((name) => contact({ customer: { id: name }, action: name })))
    expect(reply.json().accepted).toBe(names.length)
    for (const name of names) expect((await stored(name)).contacts).toMatchObject([{ action: name }])
  })

  const outcome = (given: object) => () => [contact({ outcomes: [{ type: 'click', ...given }] })]
  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, '/contacts'],
    ['no list', () => ({}), '/contacts'],
    ['none', () => [], '/contacts'],
    ['a text', () => ['x'], '/contacts/0'],
    ['no name', () => [contact({ id: undefined })], '/contacts/0/id'],
    ['a name of control characters', () => [contact({ id: 'a\n' })], '/contacts/0/id'],
    ['no channel', () => [contact({ channel: undefined })], '/contacts/0/channel'],
    ['nobody', () => [contact({ customer: undefined })], '/contacts/0/customer'],
    ['two persons', () => [contact({ sessionId: 's' })], '/contacts/0/customer'],
    ['a customer by name only', () => [contact({ customer: 'anna' })], '/contacts/0/customer'],
    ['a customer of no id', () => [contact({ customer: {} })], '/contacts/0/customer/id'],
    [
      'more of a customer',
      () => [contact({ customer: { id: 'a', name: 'Anna' } })],
      '/contacts/0/customer/name',
    ],
    ['a session of null', () => [contact({ customer: undefined, sessionId: null })], '/contacts/0/sessionId'],
    ['a tier that is none', () => [contact({ tier: 'spam' })], '/contacts/0/tier'],
    ['a kind that is none', () => [contact({ kind: 'gift' })], '/contacts/0/kind'],
    ['a time without a zone', () => [contact({ at: '2026-11-01T09:00:00' })], '/contacts/0/at'],
    ['a time as a number', () => [contact({ at: Date.now() })], '/contacts/0/at'],
    ['a time before times', () => [contact({ at: '0000-01-01T00:00:00Z' })], '/contacts/0/at'],
    ['an unknown key', () => [contact(), contact({ decision: 'x' })], '/contacts/1/decision'],
    ['an outcome that is none', outcome({ type: 'smile' }), '/contacts/0/outcomes/0/type'],
    ['an outcome at no time', outcome({ at: 'soon' }), '/contacts/0/outcomes/0/at'],
    ['an outcome until no time', outcome({ until: '' }), '/contacts/0/outcomes/0/until'],
    ['more of an outcome', outcome({ value: 3 }), '/contacts/0/outcomes/0/value'],
    ['33 outcomes', () => [contact({ outcomes: Array(33).fill({ type: 'click' }) })], '/contacts/0/outcomes'],
    ['1001 contacts', () => Array.from({ length: 1001 }, () => contact()), '/contacts'],
  ])('refuses %s, and records nothing', async (_, contacts, place) => {
    const reply = await tell(contacts())
    expect([reply.statusCode, reply.json().code, pointers(reply)]).toEqual([400, 'invalid_request', [place]])
    for (const { what, remedy } of reply.json().errors) expect([what, remedy]).not.toContain('')
    expect((await stored()).code).toBe('unknown_customer')
  })

  it('takes a thousand at once, and no more than a mebibyte', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => contact({ id: `c${i}` }))
    expect((await tell(many)).json()).toMatchObject({ accepted: 1000 })
    expect((await tell(many)).json()).toMatchObject({ duplicate: 1000 })
    const large = `{"contacts":[${JSON.stringify(contact())}]}`
    expect((await send(shop, 'POST', '/v1/contacts', large.padEnd(1024 * 1024))).statusCode).toBe(200)
    const reply = await send(shop, 'POST', '/v1/contacts', large.padEnd(1024 * 1024 + 1))
    expect([reply.statusCode, reply.json().code]).toEqual([413, 'payload_too_large'])
  })

  it('answers many faults with few', async () => {
    const outcomes = Array.from({ length: 32 }, () => ({ type: 'sent', until: ago(0) }))
    const reply = await tell(Array.from({ length: 500 }, (_, i) => contact({ id: `c${i}`, outcomes })))
    expect(contactsReplySchema.parse(reply.json()).refused).toBe(500)
    for (const { errors } of reply.json().results) expect(errors).toHaveLength(5)
  })

  it('answers 503 with Retry-After when the store fails', async () => {
    const broken = await openShop()
    onTestFinished(() => broken.app.close())
    await broken.store.close()
    const reply = await tell([contact()], broken)
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'store_unavailable'])
    expect(reply.headers['retry-after']).toBe('1')
    expect((await tell([contact({ channel: 'fax' })], broken)).json().refused).toBe(1)
  })
})
