import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningRedis, startRedis } from '../setup/redis-server.ts'
import { emma, type Served, serve } from './run-emma.ts'

const MAX = 7
const folder = mkdtempSync(join(tmpdir(), 'emma-workers-'))
const CATALOGUE = join(folder, 'shop.yaml')
writeFileSync(
  CATALOGUE,
  `
schema: emma/v1
exploration: { method: greedy }
placements: [{ id: hero, channel: web }, { id: free, channel: app }]
actions:
  - { id: boots, treatments: [{ id: boots-any, for: [hero, free], content: { de: Stiefel, en: Boots } }] }
contactPolicies:
  - { id: enough, where: { channel: web }, per: customer, max: ${MAX}, window: 1d }
`,
)
const settings = (STORE_URL: string) => ({
  ...{ STORE_URL, CATALOGUE, WORKERS: '2', LOG_LEVEL: 'debug', SECRET: 'sixteen letters and more' },
  // A busy machine may take its time.
  DEADLINE_MS: '60000',
})
const STORES = ['embedded', 'redis'] as const
const running = {} as Record<(typeof STORES)[number], Served>
let redis: RunningRedis

beforeAll(async () => {
  redis = await startRedis()
  const [embedded, onRedis] = await Promise.all([
    serve(settings(`embedded:${join(folder, 'store')}`), folder),
    serve(settings(redis.url), folder),
  ])
  Object.assign(running, { embedded, redis: onRedis })
})
afterAll(async () => {
  await Promise.all(Object.values(running).map((served) => served.stop('SIGKILL')))
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The processes that a process has started. */
function childrenOf({ child }: Served): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const found = rows.map((row) => /^ *(\d+) +(\d+) .*serve-worker$/.exec(row))
  return found.flatMap((row) => (Number(row?.[2]) === child.pid ? [Number(row![1])] : []))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Waits until something holds, 30 s at most. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`this did not come to hold within 30 s: ${what}`)
    await sleep(50)
  }
}

/** Over a connection of its own, so that whichever worker is next answers. */
function post(url: string, body: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const call = request(`${url}/v1/decisions`, { method: 'POST', agent: false, headers }, (reply) => {
      let text = ''
      reply.setEncoding('utf8')
      reply.on('data', (part) => {
        text += part
      })
      reply.on('end', () => resolve({ status: reply.statusCode!, text }))
      reply.on('error', reject)
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })
}

const free = { channel: 'app', placements: [{ id: 'free' }] }
const hero = (id: string, sessionId: string) => ({
  ...{ customer: { id }, sessionId, channel: 'web', placements: [{ id: 'hero' }] },
})

/** Live decisions by what `/metrics` tells. */
async function counted({ url }: Served): Promise<number> {
  const reply = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
  expect(reply.status).toBe(200)
  const lines = [...(await reply.text()).matchAll(/^emma_decisions_total\{.*\} (\d+)$/gm)]
  return lines.reduce((sum, [, count]) => sum + Number(count), 0)
}

/** The log as it is read by programs. */
function linesOf(served: Served): Record<string, unknown>[] {
  return served
    .log()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
}

describe.each(STORES)('two workers on the %s store', (store) => {
  it('say once that they are ready, and by how many', () => {
    const told = linesOf(running[store]).filter(({ msg }) => /Emma is ready|no API keys/.test(String(msg)))
    expect(told.map(({ msg, worker }) => [msg, worker])).toEqual([
      ['no API keys: serving this machine only, with all scopes', undefined],
      [
        expect.stringMatching(/^Emma is ready on http:\/\/127\.0\.0\.1:\d+ with 2 workers \(docs: /),
        undefined,
      ],
    ])
    expect(childrenOf(running[store])).toHaveLength(2)
  })

  it('grant one customer together as often as the cap says, and tell the sum of what each did', async () => {
    const served = running[store]
    const before = await counted(served)
    const asked = Array.from({ length: 200 }, (_, i) => post(served.url, hero('Anna', `visit-${i}`)))
    const replies = await Promise.all(asked)
    expect(replies.map(({ status }) => status)).toEqual(Array(200).fill(200))
    const slates = replies.map(({ text }) => JSON.parse(text).placements[0].status)
    expect(slates.filter((status) => status === 'filled')).toHaveLength(MAX)
    for (let asks = 0; asks < 4; asks++) expect((await counted(served)) - before).toBe(200)

    const answered = linesOf(served).filter(
      ({ msg, route }) => msg === 'answered' && route === '/v1/decisions',
    )
    const byWorker = [1, 2].map((number) => answered.filter(({ worker }) => worker === number).length)
    expect(byWorker[0]! + byWorker[1]!).toBe(200)
    for (const count of byWorker) expect(count).toBeGreaterThan(20)
  })
})

describe('several workers', () => {
  it.concurrent.each(STORES)(
    'lose with one that is killed only what it had begun, and it is replaced (%s)',
    async (store) => {
      const served = running[store]
      const before = childrenOf(served)
      const counts = await counted(served)
      const lanes = 6
      let [isOver, failed, answered] = [false, 0, 0]
      const asking = Array.from({ length: lanes }, async () => {
        while (!isOver) {
          const status = await post(served.url, free).then(
            (reply) => reply.status,
            () => null,
          )
          if (status === 200) answered++
          else failed += status === null ? 1 : Number.POSITIVE_INFINITY
          // Whoever starts meanwhile needs a core, too.
          await sleep(10)
        }
      })
      await until(() => answered > 20)
      process.kill(before[0]!, 'SIGKILL')
      const isReplaced = () => served.log().includes('the worker answers again')
      await until(isReplaced)
      const then = answered
      await until(() => answered > then + 20)
      isOver = true
      await Promise.all(asking)

      expect(failed).toBeLessThanOrEqual(lanes)
      const after = childrenOf(served)
      expect(after).toHaveLength(2)
      expect([after.includes(before[0]!), after.includes(before[1]!)]).toEqual([false, true])
      const deaths = linesOf(served).filter(({ msg }) => /another is started/.test(String(msg)))
      expect(deaths).toMatchObject([
        {
          level: 50,
          pid: before[0],
          msg: expect.stringMatching(/^worker [12] ended by SIGKILL: .* at once$/),
        },
      ])
      // What the dead one had done since it was asked last is not known; what it had told before is.
      const told = (await counted(served)) - counts
      expect(told).toBeGreaterThan(answered / 4)
      expect(told).toBeLessThanOrEqual(answered + failed)
      await post(served.url, free)
      expect((await counted(served)) - counts).toBe(told + 1)
    },
  )

  it('tell what they have counted though one hangs, and its counts as it told them last', async () => {
    const served = running.embedded
    const before = await counted(served)
    const [hanging] = childrenOf(served)
    process.kill(hanging!, 'SIGSTOP')
    try {
      // Each worker is handed one of two connections: one waits for ever, and from then on the other has them all.
      const alive = () =>
        fetch(`${served.url}/livez`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
      await Promise.all([alive(), alive()])
      expect(await counted(served)).toBe(before)
      await post(served.url, free)
      expect(await counted(served)).toBe(before + 1)
    } finally {
      process.kill(hanging!, 'SIGCONT')
    }
    expect(await counted(served)).toBe(before + 1)
  })

  it('answer at the same address again when all have died at once, and none of their counts is lost', async () => {
    const served = running.embedded
    const before = await counted(served)
    const dead = childrenOf(served)
    const startedAgain = () => served.log().split('the worker answers again').length
    const starts = startedAgain()
    for (const pid of dead) process.kill(pid, 'SIGKILL')
    const isUp = () =>
      fetch(`${served.url}/livez`, { headers: { connection: 'close' } }).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(isUp)
    await until(() => startedAgain() === starts + 2)
    expect(await counted(served)).toBe(before)
  })

  it('finish what they have begun when every process is told to end, as Ctrl-C does, and leave none behind', async () => {
    const served = running.embedded
    const workers = childrenOf(served)
    const deaths = () => linesOf(served).filter(({ msg }) => /another is started/.test(String(msg))).length
    const before = deaths()
    const body = JSON.stringify(free)
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const slow = Array.from(
      { length: 4 },
      () =>
        new Promise((resolve, reject) => {
          const options = { method: 'POST', agent: false, headers }
          const call = request(`${served.url}/v1/decisions`, options, (reply) => {
            reply.resume()
            resolve(reply.statusCode)
          })
          call.on('error', reject)
          call.write(body.slice(0, 10))
          setTimeout(() => call.end(body.slice(10)), 1_500)
        }),
    )
    await sleep(700)
    for (const pid of workers) process.kill(pid, 'SIGINT')
    const ended = served.stop('SIGINT')
    // npm tells once more what its terminal has told.
    served.child.kill('SIGINT')
    expect(await Promise.all(slow)).toEqual([200, 200, 200, 200])
    expect((await ended).code).toBe(0)
    expect(workers.filter(isAlive)).toEqual([])
    const lines = linesOf(served)
    expect(lines.filter(({ msg }) => msg === 'stopped').map(({ worker }) => worker)).toHaveLength(3)
    expect(deaths()).toBe(before)
  })

  it('end when the process that started them is killed', async () => {
    const served = running.redis
    const workers = childrenOf(served)
    expect(workers).toHaveLength(2)
    await served.stop('SIGKILL')
    await until(() => !workers.some(isAlive))
  })

  it('say once why the first cannot start and end with its code, and none is started by hand', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = String((taken.address() as { port: number }).port)
    const bad = join(folder, 'bad.yaml')
    writeFileSync(bad, 'schema: emma/v1\n')
    const wanted = { ...settings(`embedded:${join(folder, 'other')}`), LOG_LEVEL: 'info' }
    const [inUse, wrong, byHand] = await Promise.all([
      emma(['serve'], { ...wanted, PORT: port }, folder),
      emma(['serve'], { ...wanted, STORE_URL: 'embedded:third', CATALOGUE: bad }, folder),
      emma(['serve-worker'], {}, folder),
    ])
    taken.close()
    expect([inUse, wrong].map(({ code, out }) => [code, out])).toEqual(Array(2).fill([1, '']))
    expect(inUse.err).toMatch(
      new RegExp(`^emma: .*\\n  127\\.0\\.0\\.1:${port}: this address cannot be listened on .*\\n$`),
    )
    expect([byHand.code, byHand.err]).toEqual([2, expect.stringContaining('set WORKERS and run emma serve')])
    expect(wrong.err).toMatch(/^emma: .*catalogue_invalid\)\n.*placements.*\n.*actions.*\n$/)
  })
})
