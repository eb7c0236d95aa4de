/**
 * Writes that go on while the next rows are read, a bounded number of them, each noted in the order of the file: what
 * is noted holds for all rows before, too.
 * @param onDone - told of each write that is done, and all before it: the row it reaches to
 */
export function makeWritesInFlight(most: number, onDone: (reached: number) => Promise<void>) {
  const writes: { readonly done: Promise<void>; readonly reached: number }[] = []
  const settleOldest = async () => {
    const { done, reached } = writes.shift()!
    await done
    await onDone(reached)
  }
  return {
    /** Starts a write; waits while too many are under way. @throws what an earlier one threw */
    async add(write: () => Promise<void>, reached: number): Promise<void> {
      while (writes.length >= most) await settleOldest()
      const done = write()
      // Whoever waits for it hears of it; until then it is no unhandled rejection.
      done.catch(() => {})
      writes.push({ done, reached })
    },
    /** @throws what any of them threw */
    async all(): Promise<void> {
      while (writes.length > 0) await settleOldest()
    },
    /** Waits for what is under way, whatever became of it. */
    async settled(): Promise<void> {
      await Promise.allSettled(writes.map(({ done }) => done))
    },
  }
}
