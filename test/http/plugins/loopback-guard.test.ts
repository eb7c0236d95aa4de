import { afterAll, describe, expect, it } from 'vitest'
import { openShop } from '../open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

const status = async (headers: Record<string, string>, url = '/livez') =>
  (await shop.app.inject({ url, headers: { host: 'localhost', ...headers } })).statusCode

describe('the loopback guard', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:80', '127.9.9.9', '[::1]', '[::1]:8080'])(
    'lets a program of this machine in that calls it %s',
    async (host) => expect(await status({ host })).toBe(200),
  )

  it.each([
    ...['evil.example', 'evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', ','],
    ...['evil.example@localhost', 'localhost@evil.example', '0.0.0.0', '192.168.0.1', '::1', 'localhost:'],
    ...['localhost:80:80', ' localhost.', '1270.0.0.1', 'localhost,evil.example'],
  ])('refuses Host %j, as DNS rebinding would send it', async (host) => {
    expect(await status({ host })).toBe(403)
  })

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:5173'])(
    'lets a web page of this machine in: %s',
    async (origin) => expect(await status({ origin })).toBe(200),
  )

  it.each([
    ...['null', 'https://evil.example', 'http://localhost.evil.example', 'file://', 'chrome-extension://x'],
    ...['http://localhost@evil.example', '', 'http://http://localhost', 'http://localhost evil'],
  ])('refuses a page of Origin %j', async (origin) => {
    expect(await status({ origin })).toBe(403)
  })

  it('guards every address: probes, docs, routes, and those that do not exist', async () => {
    for (const url of ['/livez', '/readyz', '/docs', '/docs/json', '/v1/customers/anna', '/nothing']) {
      expect([url, await status({ host: 'evil.example' }, url)]).toEqual([url, 403])
    }
  })

  it('is not led astray by what a proxy would say', async () => {
    const proxied = { host: 'evil.example', 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' }
    expect(await status(proxied)).toBe(403)
  })
})
