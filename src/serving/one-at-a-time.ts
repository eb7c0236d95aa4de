/** Work that never runs twice at once. */
export interface OneAtATime {
  /** Resolves when a run that began after this call has ended. Who asks while one runs shares the next. */
  run(): Promise<void>
  isRunning(): boolean
  /** Resolves when nothing runs and nobody waits. */
  idle(): Promise<void>
}

/** `work` must not reject. */
export function oneAtATime(work: () => Promise<void>): OneAtATime {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return {
    run() {
      if (next !== null) return next
      if (running === null) return start()
      next = running.then(() => {
        next = null
        return start()
      })
      return next
    },
    isRunning: () => running !== null,
    async idle() {
      for (let last = next ?? running; last !== null; last = next ?? running) await last
    },
  }
}
