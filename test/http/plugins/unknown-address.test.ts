import type { HTTPMethods } from 'fastify'
import { afterAll, describe, expect, it } from 'vitest'
import { openShop } from '../open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

describe('an address that is not there', () => {
  it.each([
    '/v1',
    '/v1/decision',
    '/v1/decisions/',
    '/v1/customers/a/b',
    '//livez',
    '/LIVEZ',
    '/v2/decisions',
  ])('is 404 for %s', async (url) => {
    const reply = await shop.app.inject({ url })
    expect([reply.statusCode, reply.json().code]).toEqual([404, 'not_found'])
    expect(reply.headers.allow).toBeUndefined()
  })

  it('is the page for the bare address', async () => {
    const reply = await shop.app.inject({ url: '/' })
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/docs/'])
    expect((await shop.app.inject({ url: '/docs/' })).statusCode).toBe(200)
  })

  it.each<[HTTPMethods, string, string]>([
    ['GET', '/v1/decisions', 'POST'],
    ['HEAD', '/v1/decisions', 'POST'],
    ['OPTIONS', '/v1/decisions', 'POST'],
    ['DELETE', '/v1/customers/anna', 'GET, HEAD, PUT'],
    ['OPTIONS', '/v1/customers/a%2Fb?x=/y', 'GET, HEAD, PUT'],
    ['POST', '/livez', 'GET, HEAD'],
    ['TRACE', '/livez', 'GET, HEAD'],
  ])('is 405 for %s %s, with what it does take', async (method, url, allowed) => {
    const reply = await shop.app.inject({ method: method as 'GET', url })
    expect(reply.statusCode).toBe(405)
    expect(String(reply.headers.allow).split(', ').sort().join(', ')).toBe(allowed)
    expect(reply.headers['content-type']).toContain('application/problem+json')
  })

  it('gives a web page of another host no permission to ask across origins', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
    const reply = await shop.app.inject({ method: 'OPTIONS', url: '/v1/decisions', headers })
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})
