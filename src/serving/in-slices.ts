import { setImmediate } from 'node:timers/promises'
import type { Steps } from '../domain/steps.ts'

/** For how long work may keep the event loop, in milliseconds: about as long as a few decisions take. */
const SLICE_MS = 5

/** All steps, giving way to requests whenever a slice of time is used up. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  for (let until = performance.now() + SLICE_MS; ; ) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() < until) continue
    await setImmediate()
    until = performance.now() + SLICE_MS
  }
}
