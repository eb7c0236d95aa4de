import autocannon from 'autocannon'
import type { ServerProcess } from './server-process.ts'

/** What a server did while so many connections asked as fast as they were answered. */
export interface ClosedLoop {
  readonly perSecond: number
  readonly requests: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of its core, 0–1. */
  readonly cpuShare: number
  /** CPU of the server for one request, µs. */
  readonly cpuMicros: number
}

export interface Asked {
  /** With its leading slash. */
  readonly path: string
  readonly method?: 'POST' | 'GET'
  /** The body of the n-th request. */
  readonly body?: (n: number) => string
}

export interface Loop {
  readonly seconds: number
  readonly connections?: number
  /** Where the numbering of requests begins: rounds go on with other customers. */
  readonly from?: number
}

/** @throws Error when an answer was not 2xx, or a request failed: such a figure would be of something else. */
export async function closedLoop(server: ServerProcess, asked: Asked, loop: Loop): Promise<ClosedLoop> {
  const { path, method = 'POST', body } = asked
  let n = loop.from ?? 0
  const before = server.cpuSeconds()
  const started = performance.now()
  const result = await autocannon({
    url: `${server.url}${path}`,
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          requests: [{ setupRequest: (request) => ({ ...request, body: body(n++) }) }],
        }),
    connections: loop.connections ?? 16,
    duration: loop.seconds,
    // It looks so often whether its time is over.
    sampleInt: 100,
  })
  const seconds = (performance.now() - started) / 1000
  const cpu = server.cpuSeconds() - before
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} requests failed`)
  return {
    perSecond: result.requests.total / seconds,
    requests: result.requests.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuShare: cpu / seconds,
    cpuMicros: (1e6 * cpu) / result.requests.total,
  }
}
