import { afterAll, describe, expect, it } from 'vitest'
import { openShop } from '../open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

describe('the page at /docs', () => {
  it('loads with everything it refers to, under a content security policy', async () => {
    const page = await shop.app.inject({ url: '/docs' })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) {
      const asset = await shop.app.inject({ url: new URL(file, 'http://localhost/docs/').pathname })
      expect([file, asset.statusCode]).toEqual([file, 200])
      expect(file).not.toMatch(/^(https?:)?\/\//)
    }
  })

  it('shows the document of the app that serves it, and asks that app', async () => {
    const reply = await shop.app.inject({ url: '/docs/json' })
    expect(reply.json()).toEqual(shop.app.swagger())
    expect(reply.json().servers).toEqual([{ url: '/' }])
  })

  it.each(['/docs/static/..%2f..%2fpackage.json', '/docs/static/%2e%2e/%2e%2e/package.json'])(
    'gives no file outside of itself: %s',
    async (url) => {
      const reply = await shop.app.inject({ url })
      expect(reply.statusCode).toBeGreaterThanOrEqual(400)
      expect(reply.statusCode).toBeLessThan(500)
    },
  )
})
