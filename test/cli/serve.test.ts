import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emma, type Served, serve } from './run-emma.ts'

const CANARY = 'kanari-7c1f'
const folder = mkdtempSync(join(tmpdir(), 'emma-serve-'))
const CATALOGUE = join(folder, 'shop.yaml')
writeFileSync(
  CATALOGUE,
  `
schema: emma/v1
types: { customer: { firstName: string }, context: { intent: string } }
placements: [{ id: hero, channel: web }]
actions:
  - { id: boots, treatments: [{ id: boots-any, for: [hero], content: { de: Stiefel, en: Boots } }] }
  - { id: scarf, treatments: [{ id: scarf-any, for: [hero], content: { de: Schal, en: Scarf } }] }
`,
)
const settings = { STORE_URL: `embedded:${join(folder, 'store')}`, CATALOGUE, LOG_LEVEL: 'trace' }

let served: Served
beforeAll(async () => {
  served = await serve(settings, folder)
})
afterAll(async () => {
  await served.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function post(body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(`${served.url}/v1/decisions`, { method: 'POST', headers, body })
  return reply.text()
}

describe('emma serve', () => {
  it('answers the same bytes as emma decide does beside it on the same store, from a file and from standard input', async () => {
    const body = JSON.stringify({
      ...{
        channel: 'web',
        placements: [{ id: 'hero', limit: 2 }],
        customer: { id: 'Jörg 😀' },
        requestId: 'r',
      },
      ...{
        mode: 'dry-run',
        at: '2026-11-01T12:00:00Z',
        explain: 'full',
        locale: 'en-GB',
        context: { intent: 'x' },
      },
    })
    const file = join(folder, 'request.json')
    writeFileSync(file, body)
    const [http, fromFile, fromInput] = await Promise.all([
      post(body),
      emma(['decide', '--request', file], settings, folder),
      emma(['decide', '--request', '-'], settings, folder, body),
    ])
    expect(JSON.parse(http).placements[0].items).toHaveLength(2)
    expect(fromFile).toEqual({ code: 0, out: `${http}\n`, err: '' })
    expect(fromInput).toEqual({ code: 0, out: `${http}\n`, err: '' })
  })

  it('shares its store with a second server: what one is told the other knows at once', async () => {
    const second = await serve(settings, folder)
    const url = (base: string) => `${base}/v1/customers/both`
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ attributes: { firstName: 'Anna' } })
    expect((await fetch(url(served.url), { method: 'PUT', headers, body })).status).toBe(200)
    expect(await (await fetch(url(second.url))).json()).toMatchObject({ attributes: { firstName: 'Anna' } })
    expect((await second.stop()).code).toBe(0)
  })

  it('logs no customer and no value, at the finest level either', async () => {
    const body = JSON.stringify({ attributes: { firstName: CANARY } })
    const headers = { 'content-type': 'application/json', 'x-customer': CANARY }
    const url = `${served.url}/v1/customers/${CANARY}?${CANARY}`
    expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200)
    expect((await fetch(url)).status).toBe(200)
    await post(JSON.stringify({ channel: 'web', placements: [{ id: 'hero' }], customer: { id: CANARY } }))
    await post(JSON.stringify({ channel: CANARY, placements: [{ id: CANARY }] }))
    await post(CANARY)
    expect(served.log()).toContain('"route":"/v1/customers/:id"')
    expect(served.log()).not.toContain(CANARY)
  })

  it('says in a sentence why it cannot start, and ends with 1', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = String((taken.address() as { port: number }).port)
    const bad = join(folder, 'bad.yaml')
    writeFileSync(bad, 'schema: emma/v1\n')
    const [inUse, wrong, missing, open] = await Promise.all([
      emma(['serve'], { ...settings, PORT: port }, folder),
      emma(['serve'], { ...settings, CATALOGUE: bad }, folder),
      emma(['serve'], { ...settings, CATALOGUE: join(folder, 'nowhere.yaml') }, folder),
      emma(['serve'], { ...settings, HOST: '0.0.0.0', WORKERS: '2', LOG_DIR: 'logs' }, folder),
    ])
    taken.close()
    expect([inUse, wrong, missing, open].map(({ code, out }) => [code, out])).toEqual(Array(4).fill([1, '']))
    expect(inUse.err).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${port}: this address cannot be listened on .EADDRINUSE`),
    )
    expect(wrong.err).toMatch(/catalogue_invalid\)\n.*placements.*\n.*actions/)
    expect(missing.err).toMatch(/nowhere\.yaml: the file cannot be read \(ENOENT\)/)
    expect(open.err).toMatch(/LOG_DIR: .*\n.*HOST: .*loopback/)
    for (const { err } of [inUse, wrong, missing, open]) expect(err).not.toMatch(/^\s+at /m)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends cleanly and quickly on %s, though connections stand open',
    async (signal) => {
      const one = await serve(settings, folder)
      const agent = new Agent({ keepAlive: true })
      await new Promise((resolve) =>
        get(`${one.url}/livez`, { agent }, (reply) => reply.resume().on('end', resolve)),
      )
      const { code, ms } = await one.stop(signal)
      agent.destroy()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(4_000)
      expect(one.log()).toMatch(/"msg":"stopped"/)
    },
  )

  it('still answers what was on its way when it is told to end', async () => {
    const one = await serve(settings, folder)
    const body = '{"channel":"web","placements":[{"id":"hero"}]}'
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const status = new Promise((resolve, reject) => {
      const call = request(`${one.url}/v1/decisions`, { method: 'POST', headers }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      })
      call.on('error', reject)
      call.write(body.slice(0, 10))
      setTimeout(() => call.end(body.slice(10)), 500)
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const [answered, ended] = await Promise.all([status, one.stop()])
    expect(answered).toBe(200)
    expect(ended.code).toBe(0)
    expect(ended.ms).toBeLessThan(4_000)
  })
})
