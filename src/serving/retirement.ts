/** What can be closed. */
export interface Closable {
  close(): Promise<void>
}

/** Keeps what was replaced open for a while: decisions under way may still ask it. */
export interface Retirement {
  retire(replaced: Closable): void
  /** Closes all that is still open. Never rejects. */
  closeAll(): Promise<void>
}

export function makeRetirement(afterMs: number, onTrouble: (error: unknown) => void): Retirement {
  const retired = new Map<Closable, NodeJS.Timeout>()
  const end = (closable: Closable) => {
    clearTimeout(retired.get(closable))
    retired.delete(closable)
    return closable.close().catch(onTrouble)
  }
  return {
    retire(replaced) {
      retired.set(replaced, setTimeout(end, afterMs, replaced).unref())
    },
    async closeAll() {
      await Promise.all([...retired.keys()].map(end))
    },
  }
}
