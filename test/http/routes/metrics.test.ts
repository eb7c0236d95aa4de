import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, openShop, type Shop, send } from '../open-shop.ts'

const CANARY = 'kanari_7c1f'
const HERO = { channel: 'web', placements: [{ id: 'hero' }] }

async function open(): Promise<Shop> {
  const shop = await openShop()
  onTestFinished(() => shop.close())
  return shop
}

async function textOf({ app }: Shop): Promise<string> {
  return (await app.inject({ url: '/metrics' })).body
}

/** The requests that were counted, without the one that reads. */
async function requestsOf(shop: Shop): Promise<string[]> {
  const lines = (await textOf(shop)).split('\n')
  return lines.flatMap((line) => /^emma_http_requests_total(\{.*\} \d+)$/.exec(line)?.[1] ?? [])
}

describe('GET /metrics', () => {
  it('answers in the format of Prometheus, never cached', async () => {
    const shop = await open()
    await ask(shop, HERO)
    const reply = await shop.app.inject({ url: '/metrics' })
    expect([reply.statusCode, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ])
    expect(reply.body).toContain('\nemma_decisions_total{channel="web",arm="none"} 1\n')
    expect(reply.body.endsWith('\n')).toBe(true)
    expect((await shop.app.inject({ url: '/metrics?pretty' })).body).toContain('\n# TYPE ')
  })

  it('answers HEAD without the body', async () => {
    const shop = await open()
    const head = await shop.app.inject({ method: 'HEAD', url: '/metrics' })
    expect([head.statusCode, head.body]).toEqual([200, ''])
    expect(head.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  it('answers this machine only', async () => {
    const shop = await open()
    const reply = await shop.app.inject({ url: '/metrics', headers: { host: 'evil.example' } })
    expect([reply.statusCode, reply.body.includes('emma_')]).toEqual([403, false])
  })
})

describe('a request', () => {
  it('is counted by the pattern of its route, method and status', async () => {
    const shop = await open()
    await ask(shop, HERO)
    await ask(shop, HERO)
    await ask(shop, '{')
    for (const id of ['anna', 'nobody', 'nobody2']) await shop.app.inject({ url: `/v1/customers/${id}` })
    await shop.app.inject({ method: 'HEAD', url: '/livez' })
    await shop.app.inject({ url: '/livez', headers: { host: 'evil.example' } })
    await shop.app.inject({ url: '/nothing' })
    await shop.app.inject({ method: 'DELETE', url: '/livez' })
    expect(await requestsOf(shop)).toEqual([
      '{route="/v1/decisions",method="POST",status="200"} 2',
      '{route="/v1/decisions",method="POST",status="400"} 1',
      '{route="/v1/customers/:id",method="GET",status="200"} 1',
      '{route="/v1/customers/:id",method="GET",status="404"} 2',
      '{route="/livez",method="HEAD",status="200"} 1',
      '{route="/livez",method="GET",status="403"} 1',
      '{route="unknown",method="GET",status="404"} 1',
      '{route="unknown",method="DELETE",status="405"} 1',
    ])
  })

  it('is timed in seconds', async () => {
    const shop = await open()
    const before = performance.now()
    await ask(shop, HERO)
    const took = (performance.now() - before) / 1_000
    const text = await textOf(shop)
    const [, sum] = /^emma_http_request_duration_seconds_sum\{route="\/v1\/decisions"\} (.*)$/m.exec(text)!
    expect(Number(sum)).toBeGreaterThan(0)
    expect(Number(sum)).toBeLessThanOrEqual(took)
    expect(text).toContain('emma_http_request_duration_seconds_bucket{le="+Inf",route="/v1/decisions"} 1\n')
  })

  it('leaves nothing behind that it holds', async () => {
    const shop = await open()
    const json = { 'content-type': 'application/json', 'x-customer': CANARY, cookie: CANARY }
    await send(shop, 'POST', `/v1/decisions?${CANARY}`, { ...HERO, customer: { id: CANARY } }, json)
    await ask(shop, { ...HERO, sessionId: CANARY, requestId: CANARY, context: { intent: CANARY } })
    await ask(shop, { ...HERO, customer: { id: CANARY }, channel: CANARY })
    await ask(shop, { ...HERO, placements: [{ id: CANARY }] })
    await send(shop, 'PUT', `/v1/customers/${CANARY}`, { attributes: { firstName: CANARY } })
    for (const url of [`/v1/customers/${CANARY}`, `/v1/customers/${CANARY}%zz`, `/${CANARY}?${CANARY}`])
      await shop.app.inject({ url })
    await shop.app.inject({ url: '/livez', headers: { host: `${CANARY}.example` } })
    const text = await textOf(shop)
    expect(text).toContain('emma_decisions_total{channel="web",arm="champion"} 2')
    expect(text).toContain('{route="/v1/customers/:id",method="PUT",status="200"} 1')
    expect(text).not.toContain(CANARY)
  })
})
