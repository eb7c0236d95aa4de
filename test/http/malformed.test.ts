import { afterAll, describe, expect, it } from 'vitest'
import { NOT_JSON, POISONED, WRONG_JSON } from './malformed-bodies.ts'
import { ask, decided, openShop, send } from './open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

const short = (body: string | Buffer) => JSON.stringify(body.toString().slice(0, 60))
const DOORS = [
  ['POST', '/v1/decisions'],
  ['PUT', '/v1/customers/anna'],
  ['POST', '/v1/contacts'],
  ['POST', '/v1/consents'],
] as const

describe('a malformed body', () => {
  it('is 400 invalid_json when it is no JSON', async () => {
    for (const body of NOT_JSON) {
      for (const [method, url] of DOORS) {
        const reply = await send(shop, method, url, body)
        const code =
          body.length === 0 && reply.json().code === 'invalid_request' ? 'empty' : reply.json().code
        expect([short(body), reply.statusCode, code]).toEqual([short(body), 400, 'invalid_json'])
      }
    }
  })

  it('is a 4xx with the places of its faults when it is JSON of another form', async () => {
    for (const body of WRONG_JSON) {
      const reply = await ask(shop, body)
      expect([short(body), [400, 422].includes(reply.statusCode)]).toEqual([short(body), true])
      expect(reply.json().errors.length).toBeGreaterThan(0)
      for (const url of ['/v1/contacts', '/v1/consents'])
        expect([short(body), (await send(shop, 'POST', url, body)).statusCode]).toEqual([short(body), 400])
    }
  })

  it('reaches no prototype', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length
    for (const body of POISONED) {
      const reply = await ask(shop, body)
      expect([body, [400, 422].includes(reply.statusCode)]).toEqual([body, true])
    }
    for (const key of ['__proto__', 'constructor', 'toString']) {
      for (const part of ['attributes', 'features']) {
        const inner = part === 'features' ? `{"values":{"${key}":1}}` : `{"${key}":1}`
        const reply = await send(shop, 'PUT', '/v1/customers/anna', `{"${part}":${inner}}`)
        expect([part, key, [400, 422].includes(reply.statusCode)]).toEqual([part, key, true])
      }
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('may begin with a byte order mark, and of equal keys the last counts', async () => {
    const body = '{"channel":"fax","channel":"web","placements":[{"id":"hero"}]}'
    expect((await ask(shop, `\uFEFF${body}`)).statusCode).toBe(200)
    expect((await ask(shop, body)).statusCode).toBe(200)
  })

  it('is 413 over 256 KiB, whatever is in it', async () => {
    const hero = '{"channel":"web","placements":[{"id":"hero"}]}'
    expect((await ask(shop, hero.padEnd(256 * 1024))).statusCode).toBe(200)
    const reply = await ask(shop, hero.padEnd(256 * 1024 + 1))
    expect([reply.statusCode, reply.json().code]).toEqual([413, 'payload_too_large'])
    expect((await ask(shop, 'x'.repeat(3_000_000))).statusCode).toBe(413)
  })

  it('of tens of thousands of faults is answered shortly, and the next request is answered', async () => {
    const many = (make: (i: number) => string, from: string, to: string) =>
      from + Array.from({ length: 20_000 }, (_, i) => make(i)).join(',') + to
    const hero = '"channel":"web","placements":[{"id":"hero"}]'
    for (const [method, url, body] of [
      ['POST', '/v1/decisions', many((i) => `"${i}":1`, '{', '}')],
      ['POST', '/v1/decisions', many((i) => `"-${i}":1`, `{${hero},"context":{`, '}}')],
      ['POST', '/v1/decisions', many((i) => `"k${i}":1`, `{${hero},"context":{`, '}}')],
      ['POST', '/v1/decisions', many(() => '{}', '{"channel":"web","placements":[', ']}')],
      ['POST', '/v1/decisions', many(() => '1', `{${hero},"candidates":{"include":[`, ']}}')],
      [
        'POST',
        '/v1/decisions',
        many(() => '"offer"', '{"channel":"web","placements":[{"id":"hero","kinds":[', ']}]}'),
      ],
      ['PUT', '/v1/customers/anna', many((i) => `"${i}":1`, '{"features":{"values":{', '}}}')],
      ['PUT', '/v1/customers/anna', many((i) => `"${i}":""`, '{"features":{"values":{', '}}}')],
      ['PUT', '/v1/customers/anna', many(() => '""', '{"features":{"version":"x","vector":[', ']}}')],
      ['PUT', '/v1/customers/anna', many(() => '{}', '{"preferences":{"pace":[', ']}}')],
      ['POST', '/v1/contacts', many(() => '{}', '{"contacts":[', ']}')],
      ['POST', '/v1/contacts', many((i) => `"${i}":1`, '{"contacts":[{', '}]}')],
      ['POST', '/v1/consents', many(() => '{}', '{"consents":[', ']}')],
    ] as const) {
      const reply = await send(shop, method, url, body)
      expect([body.slice(0, 60), reply.statusCode]).toEqual([body.slice(0, 60), 400])
      expect(reply.body.length).toBeLessThan(30_000)
    }
    const some = {
      channel: 'web',
      placements: [{ id: 'hero' }],
      context: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`-${i}`, 1])),
    }
    const reply = (await ask(shop, some)).json()
    expect(reply.errors).toHaveLength(50)
    expect(reply.detail).toMatch(/more faults than these/)
    await decided(shop, { channel: 'web', placements: [{ id: 'hero' }] })
  })
})
