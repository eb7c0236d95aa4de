import { afterAll, describe, expect, it } from 'vitest'
import { openShop, send } from '../open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

const BODY = { channel: 'web', placements: [{ id: 'hero' }], mode: 'dry-run', at: '2026-11-01T12:00:00Z' }

describe('?pretty', () => {
  it('indents the same answer', async () => {
    const plain = await send(shop, 'POST', '/v1/decisions', BODY)
    const pretty = await send(shop, 'POST', '/v1/decisions?pretty', BODY)
    expect(pretty.body).toBe(`${JSON.stringify(plain.json(), null, 2)}\n`)
    expect(pretty.headers['content-type']).toBe(plain.headers['content-type'])
    expect((await send(shop, 'POST', '/v1/decisions?pretty=false', BODY)).body).toBe(plain.body)
  })

  it('indents failures too, where there is a request to read it from', async () => {
    for (const url of ['/v1/customers/nobody', '/nothing', '/v1/decisions', '/v1/customers/a%00']) {
      const reply = await shop.app.inject({ url: `${url}?pretty` })
      expect(reply.body).toBe(`${JSON.stringify(reply.json(), null, 2)}\n`)
    }
    expect((await shop.app.inject({ url: '/%zz?pretty' })).statusCode).toBe(400)
  })

  it('leaves the page at /docs as it is', async () => {
    for (const url of ['/docs', '/docs/yaml', '/docs/static/swagger-ui.css']) {
      expect((await shop.app.inject({ url: `${url}?pretty` })).body).toBe(
        (await shop.app.inject({ url })).body,
      )
    }
  })
})
