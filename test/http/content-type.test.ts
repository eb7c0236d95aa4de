import { afterAll, describe, expect, it } from 'vitest'
import { openShop, send } from './open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

const VALID = { channel: 'web', placements: [{ id: 'hero' }] }
const INVALID = { channel: 'web', placements: 'hero', __proto: 1 }

/** Ways in which validation was skipped in frameworks before: the type is near JSON, but not quite. */
const JSON_TYPES = [
  ...[
    'application/json',
    'application/json;',
    'application/json ;',
    'application/json; ',
    ' application/json',
  ],
  ...['APPLICATION/JSON', 'Application/Json; Charset=UTF-8', 'application/json;charset=latin1'],
  ...['application/json\t', 'application/json\t; charset=utf-8', 'application/json;;', 'application/json; a'],
  ...[
    'application/json; charset="utf-8"',
    'application/json; boundary=x',
    'application/json;a=b;a=c',
    'application/json\u00a0',
  ],
]
const OTHER_TYPES = [
  ...['application/jsonx', 'application/json5', 'xapplication/json', 'text/json', 'text/plain', 'text/html'],
  ...['application/problem+json', 'application/vnd.api+json', 'application/json+xml', 'application/xml'],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream'],
  ...['application/', '/json', 'json', '*/*', 'application/*', 'text/plain; application/json', ';', ' '],
  ...[
    'application/json,text/plain',
    'application/json, application/json',
    'application /json',
    'application/ json',
  ],
  ...['application/json charset=utf-8', 'application/jso\u006e\u200b', 'null'],
]

describe('the Content-Type', () => {
  it.each([...JSON_TYPES, ...OTHER_TYPES])('never lets a body past validation: %j', async (type) => {
    for (const [method, url, body] of [
      ['POST', '/v1/decisions', INVALID],
      ['PUT', '/v1/customers/anna', { features: { values: { boots_affinity: 'x' } } }],
    ] as const) {
      const reply = await send(shop, method, url, body, { 'content-type': type })
      expect([400, 415]).toContain(reply.statusCode)
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    }
  })

  it('is application/json, in whatever case and with whatever charset parameter', async () => {
    for (const type of ['application/json', 'APPLICATION/JSON', 'application/json; charset=utf-8']) {
      const reply = await send(shop, 'POST', '/v1/decisions', VALID, { 'content-type': type })
      expect([type, reply.statusCode]).toEqual([type, 200])
    }
  })

  it.each(OTHER_TYPES)('is refused as %j, also with a valid body', async (type) => {
    const reply = await send(shop, 'POST', '/v1/decisions', VALID, { 'content-type': type })
    expect([reply.statusCode, reply.json().code]).toEqual([415, 'unsupported_media_type'])
  })

  it('may not be missing', async () => {
    const reply = await send(shop, 'POST', '/v1/decisions', JSON.stringify(VALID), {})
    expect([reply.statusCode, reply.json().code]).toEqual([415, 'unsupported_media_type'])
    const empty = await shop.app.inject({ method: 'POST', url: '/v1/decisions' })
    expect([empty.statusCode, empty.json().code]).toEqual([400, 'invalid_request'])
  })
})
