import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from '../cli/run-emma.ts'
import { badCatalogue, numberedCatalogue, shownBy } from './numbered-catalogue.ts'
import { provideModels } from './provide-models.ts'
import { type Observation, type SteadyLoad, steadyLoad } from './steady-load.ts'

const PUBLICATIONS = 100
const BAD_EVERY = 10
/** Several within the 100 ms in which a process looks once: exchanges also skip versions, and overtake one another. */
const PUBLISH_EVERY_MS = 40
/** What is promised: every process serves a new version within a second. */
const PROMISED_MS = 1_000
/** What a test machine with other things to do may take on top; a process that looks too seldom exceeds it by far. */
const ALLOWED_FOR_LOAD_MS = 500

/** One catalogue that was published. */
interface Published {
  readonly number: number
  readonly at: number
}

const folder = mkdtempSync(join(tmpdir(), 'emma-swap-'))
const servers: Served[] = []
const loads: SteadyLoad[] = []
/** By version; filled as the publications are answered. */
const published = new Map<string, Published>()
const refusals: { readonly status: number; readonly before: string; readonly after: readonly string[] }[] = []

/** Two processes on one store, asked all the time, while catalogue and model are exchanged a hundred times. */
beforeAll(async () => {
  const first = join(folder, 'first.json')
  writeFileSync(first, JSON.stringify(numberedCatalogue(0)))
  const [store, models] = [join(folder, 'store'), join(folder, 'models')]
  await provideModels(models, store)
  const settings = {
    ...{ STORE_URL: `embedded:${store}`, MODELS: models, CATALOGUE: first, LOG_LEVEL: 'info' },
    // Every decision is granted on the disk, and a busy machine may take its time.
    DEADLINE_MS: '20000',
  }
  servers.push(await serve(settings, folder))
  servers.push(await serve(settings, folder))
  published.set(await versionOf(servers[0]!), { number: 0, at: Date.now() })
  loads.push(...servers.map(({ url }) => steadyLoad(url, 4)))
  for (let number = 1; number <= PUBLICATIONS; number++) {
    const next = pause(PUBLISH_EVERY_MS)
    await publish(servers[number % 2]!, number)
    await next
    if (number % BAD_EVERY === 0) await tryBad(servers[(number / BAD_EVERY) % 2]!, number)
  }
  await pause(PROMISED_MS + ALLOWED_FOR_LOAD_MS)
  await Promise.all(loads.map((load) => load.stop()))
}, 400_000)

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

describe('a hundred publications beside a steady load on two processes', () => {
  it('fail no request', () => {
    for (const { observations } of loads) {
      expect(observations.filter(({ status }) => status !== 200)).toEqual([])
      // Enough of them that a swap had something to spoil.
      expect(observations.length).toBeGreaterThan(5 * PUBLICATIONS)
    }
    expect(published.size).toBe(PUBLICATIONS + 1)
  })

  it('leave every decision in one version that was published, and in that version alone', () => {
    for (const { version, shown } of loads.flatMap(({ observations }) => observations)) {
      expect(published.has(version), version).toBe(true)
      expect(shown).toEqual(shownBy(numberOf(version)))
    }
  })

  it('are served by both processes within the second that is promised', () => {
    const late = loads.flatMap(({ observations }, process) =>
      [...published.values()]
        .map(({ number, at }) => ({ process, number, ms: firstAnswer(observations, number) - at }))
        // `not`, so that one that was never served (NaN) is late too.
        .filter(({ ms }) => !(ms <= PROMISED_MS + ALLOWED_FOR_LOAD_MS)),
    )
    expect(late).toEqual([])
  })

  it('never lead back: what a process has answered once, every later request finds there or newer', () => {
    for (const { observations } of loads) expect(backwards(observations)).toEqual([])
  })

  it('are not disturbed by a bad document: it is refused, and what served serves', () => {
    expect(refusals).toHaveLength(PUBLICATIONS / BAD_EVERY)
    for (const { status, before, after } of refusals) {
      expect(status).toBe(422)
      expect(after).toEqual(servers.map(() => before))
    }
  })
})

function put(server: Served, document: unknown): Promise<Response> {
  return fetch(`${server.url}/v1/catalogue`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': '*' },
    body: JSON.stringify(document),
  })
}

async function publish(server: Served, number: number): Promise<void> {
  const reply = await put(server, numberedCatalogue(number))
  const text = await reply.text()
  if (reply.status !== 200) throw new Error(`publication ${number}: ${reply.status} ${text}`)
  const { publication } = JSON.parse(text) as { publication: { version: string; publishedAt: string } }
  published.set(publication.version, { number, at: Date.parse(publication.publishedAt) })
}

async function tryBad(server: Served, number: number): Promise<void> {
  const before = await versionOf(server)
  const { status } = await put(server, badCatalogue(number))
  refusals.push({ status, before, after: await Promise.all(servers.map(versionOf)) })
}

/** What the store says that serves, as this process reads it. */
async function versionOf({ url }: Served): Promise<string> {
  const reply = await fetch(`${url}/v1/catalogue`)
  await reply.arrayBuffer()
  return reply.headers.get('etag')!.replaceAll('"', '')
}

/** The number of a version; -1 when it was never published. */
function numberOf(version: string): number {
  return published.get(version)?.number ?? -1
}

/** When a process first answered with this catalogue or a newer one, in epoch milliseconds; NaN when it never did. */
function firstAnswer(observations: readonly Observation[], number: number): number {
  const times = observations.filter(({ version }) => numberOf(version) >= number).map((one) => one.answered)
  return times.length === 0 ? Number.NaN : Math.min(...times)
}

/** Answers with an older version than some answer had that came before they were asked for. */
function backwards(observations: readonly Observation[]): unknown[] {
  const answers = [...observations].sort((a, b) => a.answered - b.answered)
  let seen = -1
  let next = 0
  return [...observations]
    .sort((a, b) => a.sent - b.sent)
    .flatMap((one) => {
      for (; next < answers.length && answers[next]!.answered < one.sent; next++)
        seen = Math.max(seen, numberOf(answers[next]!.version))
      return numberOf(one.version) < seen ? [{ ...one, seen }] : []
    })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
