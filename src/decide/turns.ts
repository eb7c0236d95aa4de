/** A place in a queue. */
export interface Turn {
  /** Resolves when everybody who came before has left. */
  readonly ready: Promise<void>
  /** To be called once, whether its turn came or not. */
  leave(): void
}

/** Queues by name: under each, one at a time goes on, in the order they came. */
export function makeTurns(): (name: string) => Turn {
  const last = new Map<string, Promise<void>>()
  return (name) => {
    const ready = last.get(name) ?? Promise.resolve()
    let leave = () => {}
    const left = new Promise<void>((resolve) => {
      leave = resolve
    })
    // Who gives up waiting does not let the next one pass those before him.
    const done = ready.then(() => left)
    last.set(name, done)
    void done.then(() => {
      if (last.get(name) === done) last.delete(name)
    })
    return { ready, leave }
  }
}
