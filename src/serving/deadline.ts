import { failure } from '../domain/errors.ts'
import type { StartDeadline } from '../ports/deadline.ts'

/** Deadlines by the timers of the process. */
export const startDeadline: StartDeadline = (ms) => {
  const end = performance.now() + ms
  let hasRung = false
  let expire: (() => void) | undefined
  // After a busy moment timers run before the answers that have come in meanwhile: those are let in first.
  const timer = setTimeout(() => {
    hasRung = true
    setImmediate(() => expire?.())
  }, ms)
  // A timer may ring a little early, and rings once.
  const isOver = () => hasRung || performance.now() >= end
  return {
    within(work) {
      return new Promise((resolve, reject) => {
        expire = () => reject(tooSlow(ms))
        if (isOver()) setImmediate(() => expire?.())
        work.then(resolve, reject)
      })
    },
    isOver,
    end: () => clearTimeout(timer),
  }
}

function tooSlow(ms: number) {
  return failure(
    'store_unavailable',
    'store',
    `the store did not answer within ${ms} ms`,
    'check its load, or allow more with deadlineMs or DEADLINE_MS',
  )
}
