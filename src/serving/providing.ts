import { EmmaError } from '../domain/errors.ts'

/** Often enough to be done within a moment after the store is back. */
const AGAIN_MS = 250
/** Once is not enough for somebody who looks at a log, and more often is a nuisance. */
const TOLD_EVERY_MS = 5_000

export interface ProvidingParts {
  /** What has to be in the store before it can serve. @throws EmmaError `store_unavailable` while it does not answer */
  readonly provide: () => Promise<void>
  /** Whether Emma can go on while the store does not answer. */
  readonly goesOnWithout: boolean
  /** Whether it is waited for otherwise. */
  readonly waits: boolean
  onNotice(message: string): void
  onTrouble(error: unknown): void
}

/**
 * Provides for the store; where it does not answer, as soon as it does.
 * @returns at once where Emma can go on without, else when it is provided for
 * @throws whatever `provide` throws, but for a store that is waited for
 */
export async function startProviding(parts: ProvidingParts): Promise<{ close(): Promise<void> }> {
  const { provide, goesOnWithout, waits, onNotice, onTrouble } = parts
  let isClosed = false
  let toldAt = Number.NEGATIVE_INFINITY
  const tell = (error: EmmaError, what: string): void => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return
    toldAt = performance.now()
    onNotice(`${what} (${error.message})`)
  }
  const untilProvided = async (what: string): Promise<void> => {
    while (!isClosed) {
      try {
        await provide()
        return
      } catch (error) {
        if (!isAway(error)) throw error
        tell(error, what)
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  }

  try {
    await provide()
    return { close: async () => {} }
  } catch (error) {
    if (!isAway(error) || !waits) throw error
    if (!goesOnWithout) {
      await untilProvided('waiting for the store, nothing is served before')
      return { close: async () => {} }
    }
    tell(error, 'serving the catalogue of CATALOGUE without the store: nothing that caps or volumes count')
    const providing = untilProvided('still without the store').catch(onTrouble)
    return {
      async close() {
        isClosed = true
        await providing
      },
    }
  }
}

function isAway(error: unknown): error is EmmaError {
  return error instanceof EmmaError && error.code === 'store_unavailable'
}
