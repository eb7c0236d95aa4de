/**
 * What does a publication cost the requests beside it? Open loop: requests are sent at fixed times whatever the server
 * does, and their latency counts from the time they were due.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { saveResult, thisMachine } from '../measuring/results-page.ts'
import { freePort } from '../measuring/server-process.ts'
import { ACTIONS_PER_PLACEMENT, swapCatalogue } from './swap-catalogue.ts'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '60,1000,10000' },
    publications: { type: 'string', default: '6' },
    rate: { type: 'string', default: '200' },
    emma: { type: 'string', default: 'src/cli/emma.mjs' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log(
    'node --import tsx bench/http/swap.ts [--sizes 60,1000,10000] [--publications 6] [--rate 200] [--emma <emma.mjs>] [--dry-run]',
  )
  process.exit(0)
}
const SIZES = options.sizes.split(',').map(Number)
const PUBLICATIONS = Number(options.publications)
const RATE = Number(options.rate)
const EVERY_MS = 2_000

type Row = readonly (string | number)[]

const rows: Row[] = []
/** A publication that takes too long for its connection is cut off, and made all the same. */
let cutOff = 0
for (const size of SIZES) await measure(size)
report()

/** One server with a catalogue of this size: quiet, then published by PUT, then by the command line. */
async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'emma-bench-'))
  const env = { STORE_URL: `embedded:${join(folder, 'store')}`, LOG_LEVEL: 'warn' }
  let generation = 0
  // One generation is written ahead: the load must not wait for it.
  const write = () => {
    const path = join(folder, `generation-${++generation}.yaml`)
    const document = swapCatalogue(size, generation)
    writeFileSync(path, stringify(document))
    return { path, json: JSON.stringify(document) }
  }
  const server = await startServer({ ...env, CATALOGUE: write().path })
  try {
    const written = Array.from({ length: 2 * PUBLICATIONS + 2 }, write)
    // What is compiled only after a while is compiled now.
    await window(server, size, 2, async () => void (await put(server, written.pop()!.json)))
    await window(server, size, PUBLICATIONS, async () => {})
    row(size, 'none', await window(server, size, PUBLICATIONS, async () => {}), '', '')
    for (const [by, publish] of [
      ['PUT, JSON', (one: { json: string }) => put(server, one.json)],
      ['emma catalogue publish', (one: { path: string }) => runEmma(['catalogue', 'publish', one.path], env)],
    ] as const) {
      const took: number[] = []
      const known: number[] = []
      const seen = await window(server, size, PUBLICATIONS, async (answered) => {
        const began = performance.now()
        await publish(written.pop()!)
        took.push(performance.now() - began)
        known.push(await firstAnswer(server, answered))
      })
      row(size, by, seen, range(took), range(known))
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function row(size: number, by: string, seen: Seen, took: string, known: string): void {
  const cells = [
    `${size.toLocaleString('en')}, ${by}`,
    seen.latencies.length,
    seen.failed,
    at(seen.latencies, 0.5).toFixed(1),
    at(seen.latencies, 0.99).toFixed(1),
    range(seen.waits),
    range(seen.blocks),
    took,
    known,
  ]
  console.error(cells.join(' | '), `(${cutOff} cut off)`)
  rows.push(cells)
}

interface Seen {
  readonly latencies: readonly number[]
  readonly failed: number
  /** Between one publication and the next: the longest latency, and for how long the event loop stood still. */
  readonly waits: readonly number[]
  readonly blocks: readonly number[]
}

/** When each version was answered first, in epoch milliseconds. */
type Answered = ReadonlyMap<string, number>

/** Decisions at the fixed rate while so many publications are made, one every two seconds at most. */
async function window(
  server: Server,
  size: number,
  publications: number,
  publish: (answered: Answered) => Promise<void>,
): Promise<Seen> {
  const agent = new Agent({ keepAlive: true })
  const latencies: number[] = []
  const waits: number[] = []
  const blocks: number[] = []
  const answered = new Map<string, number>()
  const open = new Set<Promise<void>>()
  let failed = 0
  const send = async (n: number, due: number) => {
    const reply = await decide(server, agent, n % Math.ceil(size / ACTIONS_PER_PLACEMENT)).catch(() => null)
    latencies.push(performance.now() - due)
    if (reply?.status !== 200) failed++
    else if (!answered.has(reply.version)) answered.set(reply.version, Date.now())
  }
  await server.longestBlock()
  const began = performance.now()
  let n = 0
  const timer = setInterval(() => {
    for (; began + (n * 1000) / RATE <= performance.now(); n++) {
      const sent = send(n, began + (n * 1000) / RATE).finally(() => open.delete(sent))
      open.add(sent)
    }
  }, 1)
  for (let i = 0; i < publications; i++) {
    const next = pause(EVERY_MS)
    const before = latencies.length
    await publish(answered)
    await next
    waits.push(latencies.slice(before).reduce((longest, ms) => Math.max(longest, ms), 0))
    blocks.push(await server.longestBlock())
  }
  clearInterval(timer)
  await Promise.all(open)
  agent.destroy()
  return { latencies, failed, waits, blocks }
}

function decide(
  { port }: Server,
  agent: Agent,
  place: number,
): Promise<{ readonly status: number | undefined; readonly version: string }> {
  const body = JSON.stringify({ channel: 'web', locale: 'en', placements: [{ id: `web-${place}` }] })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const call = request({ port, path: '/v1/decisions', method: 'POST', agent, headers }, (reply) => {
      let text = ''
      reply.on('data', (part) => {
        text += part
      })
      reply.on('end', () =>
        resolve({ status: reply.statusCode, version: /"catalogue":"(\w+)"/.exec(text)?.[1] ?? '' }),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}

async function put(server: Server, body: string): Promise<void> {
  const before = (await newest(server)).sequence
  const headers = { 'content-type': 'application/json', 'if-match': '*' }
  const url = `http://127.0.0.1:${server.port}/v1/catalogue`
  const text = await fetch(url, { method: 'PUT', headers, body }).then(
    async (reply) => (reply.ok ? null : `${reply.status} ${(await reply.text()).slice(0, 500)}`),
    () => {
      cutOff++
      return null
    },
  )
  if (text !== null) throw new Error(`PUT: ${text}`)
  for (let tries = 0; (await newest(server)).sequence === before; tries++) {
    if (tries === 600) throw new Error('PUT: cut off, and not published')
    await pause(100)
  }
}

interface Publication {
  readonly sequence: number
  readonly version: string
  readonly publishedAt: string
}

async function newest({ port }: Server): Promise<Publication> {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/catalogue/versions?limit=1`)
  if (!reply.ok) throw new Error(`versions: ${reply.status} ${await reply.text()}`)
  return ((await reply.json()) as { publications: [Publication] }).publications[0]
}

/** Milliseconds from the newest publication to the first decision with it. */
async function firstAnswer(server: Server, answered: Answered): Promise<number> {
  const { version, publishedAt } = await newest(server)
  for (let tries = 0; tries < 3_000; tries++) {
    const first = answered.get(version)
    if (first !== undefined) return first - Date.parse(publishedAt)
    await pause(10)
  }
  throw new Error(`version ${version} never served`)
}

async function runEmma(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [options.emma, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`emma ${args.join(' ')} ended with ${code}`)
}

interface Server {
  readonly port: number
  /** Milliseconds for which its event loop stood still at the longest, since it was asked last. */
  longestBlock(): Promise<number>
  stop(): Promise<void>
}

async function startServer(env: NodeJS.ProcessEnv): Promise<Server> {
  const port = await freePort()
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', './bench/measuring/probe.mjs', options.emma, 'serve'],
    {
      env: { ...process.env, ...env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  for (let tries = 0; !(await isReady(port)); tries++) {
    if (tries === 240 || child.exitCode !== null) throw new Error('the server did not get ready')
    await pause(250)
  }
  return {
    port,
    async longestBlock() {
      const told = once(child, 'message') as Promise<[{ longestMs: number }]>
      child.send('tell')
      return (await told)[0].longestMs
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    () => true,
    () => false,
  )
}

/** A quantile from 0 to 1, by nearest rank. */
function at(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN
}

function range(values: readonly number[]): string {
  return `${at(values, 0.5).toFixed(0)} (${at(values, 1).toFixed(0)})`
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function report(): void {
  if (options['dry-run']) return
  saveResult('http-swap', {
    title: 'What a publication costs the requests beside it',
    question: 'How long do decisions wait while the catalogue that they are made from is exchanged?',
    command: ['node --import tsx bench/http/swap.ts', ...process.argv.slice(2)].join(' '),
    machine: thisMachine(),
    ranAt: new Date().toISOString(),
    tables: [
      {
        caption: `One server, ${RATE} decisions a second (open loop), ${PUBLICATIONS} publications, one every 2 s at most; last four columns: ms for each publication, median (max)`,
        columns: [
          'actions, published by',
          'decisions',
          'failed',
          'p50 ms',
          'p99 ms',
          'longest wait',
          'longest block of the event loop',
          'publishing takes',
          'to the first answer',
        ],
        rows,
      },
    ],
    text: [
      `Every action has a rule of three clauses and two treatments, one of them with a template; one action in a hundred changes with each publication. ${ACTIONS_PER_PLACEMENT} actions play in each placement, so that a decision costs the same in all sizes. Latency counts from the time a request was due. The first answer counts from the time of the publication in the store. Generator, server and command line share the machine’s cores: what the command line computes also keeps the others from computing. The rows without publications tell what else kept them waiting. ${cutOff} of the PUTs lasted so long that the server cut off their connection, and were published all the same.`,
    ],
  })
}
