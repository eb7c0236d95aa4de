import { describe, expect, it, onTestFinished } from 'vitest'
import { type Closures, openShop } from '../open-shop.ts'

async function get(url: string, closures: Closures = {}) {
  const shop = await openShop(closures)
  onTestFinished(() => shop.close())
  return shop.app.inject({ url })
}

describe('the probes', () => {
  it.each(['/livez', '/healthz'])('%s answers without touching anything', async (url) => {
    const shop = await openShop()
    await shop.store.close()
    const reply = await shop.app.inject({ url })
    expect([reply.statusCode, reply.json()]).toEqual([200, { status: 'alive' }])
    await shop.app.close()
  })

  it('is ready with the versions that decide', async () => {
    const reply = await get('/readyz')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({
      status: 'ready',
      versions: { catalogue: expect.stringMatching(/^[0-9a-f]{16}$/), model: 'test' },
      degraded: [],
    })
  })

  it('is ready but degraded when the model was replaced by the prior', async () => {
    const reply = await get('/readyz', { degraded: ['model_unavailable'] })
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ status: 'degraded', degraded: ['model_unavailable'] })
  })

  it('answers HEAD like GET, without the body', async () => {
    const shop = await openShop()
    onTestFinished(() => shop.close())
    const head = await shop.app.inject({ method: 'HEAD', url: '/livez' })
    expect([head.statusCode, head.body]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe('18')
  })
})
