import { Agent, request } from 'node:http'
import { createRandom } from '../../src/sample/random.ts'
import type { Asked } from './closed-loop.ts'
import { quantile } from './statistics.ts'

/** What callers saw who came by chance, whether or not those before them had been answered. */
export interface OpenLoop {
  readonly offered: number
  readonly answered: number
  readonly failed: number
  /** Milliseconds from the moment a request was due, not from when it could be sent. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** How late requests were sent: the 99th percentile, ms. Where it is not small, the generator was measured. */
  readonly sentLateP99: number
}

export interface Arrivals {
  /** A second, on average: the time between two is exponential (a Poisson process). */
  readonly rate: number
  readonly seconds: number
  readonly seed: number
  readonly connections?: number
  /** Where the numbering of requests begins. */
  readonly from?: number
}

/** Waiting for less than this is done by looking again and again: timers are only good to a millisecond. */
const POLLED_MS = 2

/** Requests at moments drawn beforehand. A failed one is counted, and no latency is told of it. */
export async function openLoop(url: string, asked: Asked, arrivals: Arrivals): Promise<OpenLoop> {
  const { seconds, connections = 256, from = 0 } = arrivals
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { port } = new URL(url)
  const moments = momentsOf(arrivals)
  const latencies: number[] = []
  const late: number[] = []
  let failed = 0
  const began = performance.now() + 20
  const send = (n: number, due: number) =>
    new Promise<void>((resolve) => {
      const body = asked.body?.(from + n) ?? ''
      const fail = () => {
        failed++
        resolve()
      }
      late.push(performance.now() - began - due)
      const call = request(
        {
          agent,
          port,
          host: '127.0.0.1',
          path: asked.path,
          method: asked.method ?? 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          timeout: 10_000,
        },
        (answer) => {
          answer.resume()
          answer.once('error', fail)
          answer.once('end', () => {
            if (answer.statusCode !== 200) return fail()
            latencies.push(performance.now() - began - due)
            resolve()
          })
        },
      )
      call.once('timeout', () => call.destroy())
      call.once('error', fail)
      call.end(body)
    })
  const all: Promise<void>[] = []
  for (const [n, due] of moments.entries()) {
    await until(began + due)
    all.push(send(n, due))
  }
  await Promise.all(all)
  agent.destroy()
  return {
    offered: moments.length / seconds,
    answered: latencies.length / seconds,
    failed,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    longest: Math.max(...latencies),
    sentLateP99: quantile(late, 0.99),
  }
}

function momentsOf({ rate, seconds, seed }: Arrivals): number[] {
  const random = createRandom(seed, 0)
  const moments: number[] = []
  let at = 0
  for (;;) {
    at += (-Math.log(1 - random.below(1_000_000) / 1_000_000) / rate) * 1000
    if (at > seconds * 1000) return moments
    moments.push(at)
  }
}

async function until(moment: number): Promise<void> {
  for (let left = moment - performance.now(); left > 0; left = moment - performance.now()) {
    await (left > POLLED_MS
      ? new Promise((resolve) => setTimeout(resolve, left - POLLED_MS))
      : new Promise((resolve) => setImmediate(resolve)))
  }
}
