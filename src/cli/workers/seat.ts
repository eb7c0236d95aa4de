import cluster, { type Worker } from 'node:cluster'
import type { Settings } from '../../config/schema.ts'
import type { Ready } from '../ready.ts'
import { returnUntaken } from './handed-over.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

/** How a worker ended. */
export interface Ending {
  /** Its exit code; null where it had none. */
  readonly code: number | null
  /** In a few words, such as `ended by SIGKILL`. */
  readonly why: string
  readonly pid: number | undefined
  readonly livedMs: number
}

/** One worker, as long as it lives. */
export interface Seated {
  /** No other worker ever has it. */
  readonly id: number
  tell(message: ToWorker): void
}

export interface SeatParts {
  /** From 1; a worker that takes the place of another has its number. */
  readonly number: number
  /** What the next worker is started with. */
  settings(): Settings
  /** Whether a worker of another seat answers. */
  hasOthers(): boolean
  /** A worker of this seat answers. */
  onReady(worker: Seated, ready: Ready): void
  onMessage(worker: Seated, message: Exclude<ToPrimary, { emma: 'listening' | 'ready' }>): void
  /** A worker of this seat is gone, and the seat is empty. */
  onEnded(worker: Seated, ending: Ending): void
}

/** A place for one worker at a time. */
export interface Seat {
  readonly number: number
  isEmpty(): boolean
  isReady(): boolean
  /** Starts a worker. May be called only while the seat is empty. */
  start(tellsNotices: boolean): void
  /** Asks the worker to finish what it has begun and to end. */
  stop(): void
  /** Ends the worker whatever it does. */
  kill(): void
}

export function makeSeat({ number, settings, hasOthers, onReady, onMessage, onEnded }: SeatParts): Seat {
  let worker: Worker | null = null
  let isReady = false

  function watch(one: Worker, tellsNotices: boolean): void {
    const started = performance.now()
    const seated: Seated = {
      id: one.id,
      tell(message) {
        // One that is just dying hears nothing; its end will tell.
        if (one.isConnected()) one.send(message, () => {})
      },
    }
    returnUntaken(one, hasOthers)
    let isOver = false
    const end = (code: number | null, why: string) => {
      if (isOver) return
      isOver = true
      worker = null
      isReady = false
      onEnded(seated, { code, why, pid: one.process.pid, livedMs: performance.now() - started })
    }
    one.on('message', (message: ToPrimary) => {
      if (message.emma === 'listening')
        seated.tell({ emma: 'start', number, tellsNotices, settings: settings() })
      else if (message.emma === 'ready') {
        isReady = true
        onReady(seated, message.ready)
      } else onMessage(seated, message)
    })
    one.on('exit', (code: number | null, signal: string | null) =>
      end(code, signal === null ? `ended with code ${code}` : `ended by ${signal}`),
    )
    // Also told where a message did not arrive; only one that never was has no number.
    one.on('error', (error) => {
      if (one.process.pid === undefined) end(null, `could not be started (${error.message})`)
    })
  }

  return {
    number,
    isEmpty: () => worker === null,
    isReady: () => isReady,
    start(tellsNotices) {
      worker = cluster.fork()
      watch(worker, tellsNotices)
    },
    stop() {
      // One that does not listen yet has begun nothing.
      if (isReady) worker?.send({ emma: 'stop' } satisfies ToWorker, () => {})
      else worker?.process.kill('SIGTERM')
    },
    kill() {
      worker?.process.kill('SIGKILL')
    },
  }
}
