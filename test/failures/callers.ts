import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestFor, VISITS } from './shop.ts'

/** One decision as its caller saw it; times in milliseconds on the scale of `performance.now()`. */
export interface Answer {
  readonly customer: string
  readonly sentAt: number
  readonly took: number
  /** 0 when there was no answer; `said` is then why. */
  readonly status: number
  readonly said: string
  readonly decisionId: string
  readonly degraded: readonly string[]
  /** Ids of the actions shown. */
  readonly shown: readonly string[]
}

export interface Callers {
  readonly answers: readonly Answer[]
  /** What the probes answered that were not 200. */
  readonly badProbes: readonly string[]
  /** The longest that this process was late, or that a question which touches nothing took: the machine is to blame. */
  lateness(): number
  /** Milliseconds from now until `inRow` decisions in a row were everything there is; throws after 30 s. */
  untilFull(inRow?: number): Promise<number>
  /** Milliseconds from now until one decision said that the store is away; throws after 30 s. */
  untilDegraded(): Promise<number>
  /** Asks no more, and resolves when all are answered. */
  stop(): Promise<void>
}

const TURN_MS = 20
const PROBE_EVERY_TURNS = 5
const PATIENCE_MS = 30_000

export interface CallersWanted {
  /** So many requests every 20 ms, whether or not the earlier ones are answered. */
  readonly perTurn?: number
  /** Names these callers’ customers apart from those of others. */
  readonly name?: string
  /** So many customers, over and over; always new ones by default. */
  readonly customers?: number
  readonly probes?: boolean
}

/** Asks for decisions at an even pace, for one customer after the other, and looks at the probes beside it. */
export function startCallers(
  url: string,
  { perTurn = 1, name = 'c', customers = Number.POSITIVE_INFINITY, probes = true }: CallersWanted = {},
): Callers {
  const agent = new Agent({ keepAlive: true })
  const answers: Answer[] = []
  const badProbes: string[] = []
  const underWay = new Set<Promise<unknown>>()
  const track = (work: Promise<unknown>) => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }
  let isStopped = false
  let late = 0
  let asked = 0
  const ask = async () => {
    const customer = `${name}-${Math.floor(asked / VISITS) % customers}`
    asked += 1
    const sentAt = performance.now()
    const { status, text } = await call(`${url}/v1/decisions`, agent, requestFor(customer))
    answers.push({ customer, sentAt, took: performance.now() - sentAt, status, ...readAnswer(status, text) })
  }
  const probe = async (path: string) => {
    const sentAt = performance.now()
    const { status, text } = await call(url + path, agent)
    if (path === '/livez') late = Math.max(late, performance.now() - sentAt)
    if (status !== 200) badProbes.push(`${path}: ${status} ${text}`)
  }
  const running = (async () => {
    const start = performance.now()
    for (let turn = 0; !isStopped; turn += 1) {
      for (let i = 0; i < perTurn; i += 1) track(ask())
      if (probes && turn % PROBE_EVERY_TURNS === 0)
        for (const path of ['/livez', '/readyz']) track(probe(path))
      const due = start + (turn + 1) * TURN_MS
      await sleep(Math.max(0, due - performance.now()))
      late = Math.max(late, performance.now() - due)
    }
    await Promise.all(underWay)
    agent.destroy()
  })()

  const until = async (what: string, isSo: (from: number) => boolean): Promise<number> => {
    const start = performance.now()
    const from = answers.length
    while (!isSo(from)) {
      if (performance.now() - start > PATIENCE_MS)
        throw new Error(
          `${PATIENCE_MS} ms without ${what}; the last answer: ${JSON.stringify(answers.at(-1))}`,
        )
      await sleep(5)
    }
    return performance.now() - start
  }

  return {
    answers,
    badProbes,
    lateness: () => late,
    untilFull: async (inRow = 5) => {
      const start = performance.now()
      const runFrom = (from: number) => {
        const last = answers.slice(from).findLastIndex((answer) => !isFull(answer))
        return last < 0 ? from : from + last + 1
      }
      let first = 0
      await until('full answers', (from) => {
        first = runFrom(from)
        return answers.length - first >= inRow
      })
      const { sentAt, took } = answers[first]!
      return Math.max(0, sentAt + took - start)
    },
    untilDegraded: () =>
      until('a degraded answer', (from) =>
        answers.slice(from).some(({ degraded }) => degraded.includes('store_unavailable')),
      ),
    stop: () => {
      isStopped = true
      return running
    },
  }
}

/** Whether an answer was founded on everything there is. */
export function isFull({ status, degraded }: Answer): boolean {
  return status === 200 && degraded.length === 0
}

function readAnswer(
  status: number,
  text: string,
): Pick<Answer, 'said' | 'decisionId' | 'degraded' | 'shown'> {
  if (status !== 200) return { said: text, decisionId: '', degraded: [], shown: [] }
  const { decisionId, degraded, placements } = JSON.parse(text) as {
    readonly decisionId: string
    readonly degraded: readonly string[]
    readonly placements: readonly { readonly items: readonly { readonly actionId: string }[] }[]
  }
  const shown = placements.flatMap(({ items }) => items.map(({ actionId }) => actionId))
  return { said: '', decisionId, degraded, shown }
}

/** Never throws. */
async function call(url: string, agent: Agent, body?: string): Promise<{ status: number; text: string }> {
  try {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers })
    sent.end(body)
    const [reply] = await once(sent, 'response')
    let text = ''
    for await (const chunk of reply) text += chunk
    return { status: reply.statusCode, text }
  } catch (error) {
    return { status: 0, text: String(error) }
  }
}
