/**
 * How many decisions does one core answer, as a share of what bare Fastify answers on the same core in the same run?
 * Closed loop (autocannon), interleaved, medians of pairs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { saveResult, thisMachine } from '../results-page.ts'
import { freePort, type ServerProcess, startServer } from './server-process.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/http/decision.ts [--seconds 5] [--rounds 5]')
  process.exit(0)
}
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)
const CONNECTIONS = 16
const CUSTOMERS = 2000

/** The sample shop’s home page: two placements, 4 actions out of 60, a customer of 2,000 chosen in turn. */
const body = (n: number) =>
  JSON.stringify({
    customer: { id: `c-${String(1 + (n % CUSTOMERS)).padStart(4, '0')}` },
    channel: 'web',
    placements: [{ id: 'home-hero' }, { id: 'home-strip', limit: 3 }],
  })

interface Measure {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuShare: number
}

const folder = mkdtempSync(join(tmpdir(), 'emma-bench-'))
const running: ServerProcess[] = []
try {
  const emmaPort = await freePort()
  console.error('starting Emma with the sample shop …')
  const env = { PORT: String(emmaPort), STORE_URL: `embedded:${folder}`, LOG_LEVEL: 'warn', CATALOGUE: '' }
  const emma = await startServer(['src/cli/emma.mjs', 'serve'], emmaPort, env, '/readyz')
  running.push(emma)
  const ready = (await (await fetch(`${emma.url}/readyz`)).json()) as {
    status: string
    versions: { model: string }
  }
  if (ready.status !== 'ready')
    throw new Error(`Emma is ${ready.status}: the bench would measure the prior, not the model`)
  const answer = await (
    await fetch(`${emma.url}/v1/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body(0),
    })
  ).text()
  const barePort = await freePort()
  const bare = await startServer(
    ['--import', 'tsx', 'bench/http/bare-server.ts', String(barePort), answer],
    barePort,
    {},
    '/',
  )
  running.push(bare)

  await load(emma, 2)
  await load(bare, 2)
  const rounds: { emma: Measure; bare: Measure }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const pair = { bare: await load(bare, SECONDS), emma: await load(emma, SECONDS) }
    rounds.push(pair)
    console.error(
      `round ${round}/${ROUNDS}: bare ${pair.bare.perSecond.toFixed(0)}/s, Emma ${pair.emma.perSecond.toFixed(0)}/s, ratio ${(pair.emma.perSecond / pair.bare.perSecond).toFixed(3)}`,
    )
  }
  report(rounds, ready.versions.model, answer.length)
} finally {
  for (const server of running) await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function load(server: ServerProcess, seconds: number): Promise<Measure> {
  let n = 0
  const before = server.cpuSeconds()
  const started = performance.now()
  const result = await autocannon({
    url: `${server.url}/v1/decisions`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, body: body(n++) }) }],
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} requests failed`)
  const elapsed = (performance.now() - started) / 1000
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuShare: (server.cpuSeconds() - before) / elapsed,
  }
}

function report(rounds: { emma: Measure; bare: Measure }[], model: string, answerBytes: number): void {
  const row = (name: string, pick: (pair: { emma: Measure; bare: Measure }) => Measure) => {
    const of = (part: keyof Measure) => rounds.map((pair) => pick(pair)[part])
    return [
      name,
      Math.round(median(of('perSecond'))),
      median(of('p50')),
      median(of('p99')),
      `${Math.round(100 * median(of('cpuShare')))} %`,
    ]
  }
  const ratios = rounds.map(({ emma, bare }) => emma.perSecond / bare.perSecond)
  const ratio = `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)})`
  console.log(`ratio Emma / bare Fastify: ${ratio}`)
  saveResult('http-decision', {
    title: 'Decisions per second, against bare Fastify',
    question: 'What share of a bare Fastify route’s throughput is left when the route decides?',
    command: 'node --import tsx bench/http/decision.ts',
    machine: thisMachine(),
    ranAt: new Date().toISOString(),
    tables: [
      {
        caption: `Medians of ${rounds.length} interleaved rounds of ${SECONDS} s, ${CONNECTIONS} connections, server on one core`,
        columns: ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU of its core'],
        rows: [row('bare Fastify, same answer', (pair) => pair.bare), row('Emma', (pair) => pair.emma)],
      },
      {
        caption: 'Ratio, round by round',
        columns: ['median', 'least', 'most'],
        rows: [[median(ratios).toFixed(3), Math.min(...ratios).toFixed(3), Math.max(...ratios).toFixed(3)]],
      },
    ],
    text: [
      `One decision of the sample shop’s home page: 2 placements, up to 4 of 60 actions, each customer of ${CUSTOMERS.toLocaleString('en')} in turn, features from the embedded store, one run of model ${model}, an answer of ${answerBytes.toLocaleString('en')} bytes. Closed loop; the generator runs on the same machine.`,
      'For the record before anything was tuned: contact policy is in it, over empty ledgers; holds and the decision log are not yet.',
    ],
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
