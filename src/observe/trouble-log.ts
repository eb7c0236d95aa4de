import type { Logger } from 'pino'
import { EmmaError, sentence } from '../domain/errors.ts'

/** The same trouble is told again only after this long: a store that is down fails every request. */
const SILENT_FOR_MS = 60_000
/** Different sentences remembered; beyond, the oldest is forgotten. */
const REMEMBERED = 100

/** Logs what decisions have to do without, each sentence at most once a minute. */
export function makeTroubleLog(logger: Logger, clock: () => number): (error: unknown) => void {
  const lastTold = new Map<string, number>()
  return (error) => {
    const code = error instanceof EmmaError ? error.code : 'internal_error'
    const text = error instanceof EmmaError ? error.faults.map(sentence).join('. ') : (error as Error).message
    const now = clock()
    if (now - (lastTold.get(text) ?? Number.NEGATIVE_INFINITY) < SILENT_FOR_MS) return
    lastTold.delete(text)
    lastTold.set(text, now)
    if (lastTold.size > REMEMBERED) lastTold.delete(lastTold.keys().next().value!)
    logger.error({ code }, text)
  }
}
