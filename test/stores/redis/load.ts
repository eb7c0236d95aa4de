import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Settled {
  /** Milliseconds from the call until it was answered or rejected. */
  readonly took: number
  /** When it was made, on the scale of `performance.now()`. */
  readonly at: number
  /** What it was rejected with, in words. */
  readonly error: string | undefined
}

export interface Load {
  /** Everything that has settled so far. */
  readonly settled: readonly Settled[]
  /** Calls that have not settled yet. */
  pending(): number
  /** The longest that this process itself was late, in milliseconds: no call can be blamed for it. */
  lateness(): number
  stop(): Promise<void>
}

/** Makes some calls every few milliseconds, whether or not the earlier ones have settled. */
export const startLoad = (call: (count: number) => Promise<unknown>, perTurn = 4): Load => {
  const settled: Settled[] = []
  let isStopped = false
  let count = 0
  let pending = 0
  let late = 0
  const run = (async () => {
    while (!isStopped) {
      for (let turn = 0; turn < perTurn; turn += 1) {
        const at = performance.now()
        pending += 1
        count += 1
        const note = (error: string | undefined) => {
          pending -= 1
          settled.push({ at, took: performance.now() - at, error })
        }
        void call(count).then(
          () => note(undefined),
          (error: Error) => note(error.message),
        )
      }
      const before = performance.now()
      await sleep(4)
      late = Math.max(late, performance.now() - before - 4)
    }
    while (pending > 0) await sleep(1)
  })()
  return {
    settled,
    pending: () => pending,
    lateness: () => late,
    stop: async () => {
      isStopped = true
      await run
    },
  }
}

/** Milliseconds until so many calls in a row have been answered. */
export const untilServed = async (call: (count: number) => Promise<unknown>, times = 30): Promise<number> => {
  const start = performance.now()
  for (let inRow = 0, count = 0; inRow < times; count += 1) {
    const isServed = await call(count).then(
      () => true,
      () => false,
    )
    inRow = isServed ? inRow + 1 : 0
    if (!isServed) await sleep(2)
    if (performance.now() - start > 20_000) throw new Error('20 s have passed without service')
  }
  return performance.now() - start
}
