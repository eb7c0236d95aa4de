import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop()
afterAll(() => shop.close())

/** A customer and an address of his own for every test. */
let id: string
let address: string
let count = 0
beforeEach(() => {
  id = `customer ${count}`
  address = `anna.${count++}@example.org`
})

const DAY = 86_400_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const tell = (consents: unknown, of = shop) => send(of, 'POST', '/v1/consents', { consents })
const consent = (given: object = {}) => ({ customer: { id }, state: 'refused', ...given })
const pointers = (reply: { json(): { errors: { pointer: string }[] } }) =>
  reply.json().errors.map(({ pointer }) => pointer)
const stored = async () => (await shop.app.inject(`/v1/customers/${encodeURIComponent(id)}`)).json()
const ofAddress = async (of = address) => (await shop.store.gather(null, of)).addressConsents

describe('POST /v1/consents', () => {
  it('records what a customer agreed to and refused, for him to be read', async () => {
    const at = ago(1000 * DAY)
    const reply = await tell([
      consent({ purpose: 'advertising', channel: 'email', state: 'granted', at }),
      consent({ channel: 'web' }),
    ])
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json()).toEqual({
      results: [{ status: 'accepted' }, { status: 'accepted' }],
      accepted: 2,
      duplicate: 0,
      refused: 0,
    })
    const toldAt = expect.any(String)
    expect(await stored()).toMatchObject({
      id,
      updatedAt: toldAt,
      consents: [
        { purpose: 'advertising', channel: 'email', address: false, state: 'granted', at, toldAt },
        { purpose: null, channel: 'web', address: false, state: 'refused', at: null, toldAt },
      ],
    })
  })

  it('takes what is told again for nothing new', async () => {
    const at = ago(DAY)
    await tell([consent({ at })])
    const again = await tell([consent({ at }), consent({ at: ago(2 * DAY) }), consent({ at: ago(0) })])
    expect(again.json()).toMatchObject({
      results: [{ status: 'duplicate' }, { status: 'duplicate' }, { status: 'accepted' }],
      accepted: 1,
      duplicate: 2,
    })
    expect((await stored()).consents).toHaveLength(1)
  })

  it('keeps what is for an address under the address, and shows no key of it', async () => {
    await tell([consent({ address, channel: 'email', purpose: 'advertising' })])
    const { consents } = await stored()
    expect(consents).toMatchObject([{ channel: 'email', address: true }])
    expect(JSON.stringify(consents)).not.toContain(shop.store.addressKey(address))
    expect(await ofAddress(` ${address.toUpperCase()}`)).toMatchObject([
      { purpose: 'advertising', channel: 'email', state: 'refused' },
    ])
  })

  it('takes an address of nobody, and a session', async () => {
    const reply = await tell([
      { address, channel: 'email', state: 'refused' },
      { sessionId: id, purpose: 'personalisation', state: 'refused' },
    ])
    expect(reply.json()).toMatchObject({ accepted: 2 })
    expect(await ofAddress()).toHaveLength(1)
    expect((await shop.store.gather({ session: id })).profile?.consents).toMatchObject([
      { purpose: 'personalisation' },
    ])
    expect((await stored()).code).toBe('unknown_customer')
  })

  it('records the right ones beside wrong ones, and says what is wrong with these', async () => {
    const reply = await tell([
      consent({ purpose: 'fun' }),
      consent({ channel: 'fax' }),
      consent(),
      consent({ at: ago(-DAY) }),
    ])
    const { results, ...counts } = reply.json()
    expect(counts).toEqual({ accepted: 1, duplicate: 0, refused: 3 })
    expect(results).toMatchObject([
      { status: 'refused', code: 'unknown_purpose', errors: [{ pointer: '/consents/0/purpose' }] },
      { status: 'refused', code: 'unknown_channel', errors: [{ pointer: '/consents/1/channel' }] },
      { status: 'accepted' },
      { status: 'refused', code: 'invalid_request', errors: [{ pointer: '/consents/3/at' }] },
    ])
    expect(results[0].errors[0].remedy).toBe('use one of advertising, personalisation')
    expect((await stored()).consents).toHaveLength(1)
  })

  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, '/consents'],
    ['none', () => [], '/consents'],
    ['no state', () => [consent({ state: undefined })], '/consents/0/state'],
    ['a state that is none', () => [consent({ state: 'maybe' })], '/consents/0/state'],
    ['nobody', () => [{ state: 'granted' }], '/consents/0/customer'],
    ['two persons', () => [consent({ sessionId: 's' })], '/consents/0/sessionId'],
    ['an address on no channel', () => [consent({ address })], '/consents/0/channel'],
    [
      'an address of blanks',
      () => [consent({ address: ' \u200b', channel: 'email' })],
      '/consents/0/address',
    ],
    [
      'an address of no end',
      () => [consent({ address: 'a'.repeat(321), channel: 'email' })],
      '/consents/0/address',
    ],
    [
      'an address that is a list',
      () => [consent({ address: [address], channel: 'email' })],
      '/consents/0/address',
    ],
    ['a purpose of null', () => [consent({ purpose: null })], '/consents/0/purpose'],
    ['a time of no zone', () => [consent({ at: '2026-11-01' })], '/consents/0/at'],
    ['a time before times', () => [consent({ at: '0001-01-01T00:00:00Z' })], '/consents/0/at'],
    ['an unknown key', () => [consent(), consent({ note: '' })], '/consents/1/note'],
    ['1001 statements', () => Array.from({ length: 1001 }, () => consent()), '/consents'],
  ])('refuses %s, and records nothing', async (_, consents, place) => {
    const reply = await tell(consents())
    expect([reply.statusCode, reply.json().code, pointers(reply)]).toEqual([400, 'invalid_request', [place]])
    for (const { what, remedy } of reply.json().errors) expect([what, remedy]).not.toContain('')
    expect((await stored()).code).toBe('unknown_customer')
    expect(await ofAddress()).toEqual([])
  })

  it('answers 503 with Retry-After when the store fails', async () => {
    const broken = await openShop()
    onTestFinished(() => broken.app.close())
    await broken.store.close()
    const reply = await tell([consent()], broken)
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'store_unavailable'])
    expect(reply.headers['retry-after']).toBe('1')
  })
})
