import type { Clock } from '../ports/clock.ts'
import type { DecisionStore } from '../ports/decision-store.ts'
import { oneAtATime } from './one-at-a-time.ts'

/** Often enough that what runs out is back within a moment; a sweep that finds nothing costs next to nothing. */
const EVERY_MS = 250
/** At once one after the other while there is more, so that what runs out together does not pile up. */
const MOST_SWEEPS = 20

/** Holds that run out give back what they took, whether or not anybody asks for their customers again. */
export function startSweeping(
  store: Pick<DecisionStore, 'sweep'>,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): { close(): Promise<void> } {
  let isClosed = false
  const sweeps = oneAtATime(async () => {
    try {
      for (let i = 0; i < MOST_SWEEPS && !isClosed; i++) {
        const { expired } = await store.sweep(clock())
        if (expired === 0) return
      }
    } catch (error) {
      onTrouble(error)
    }
  })
  const timer = setInterval(() => {
    if (!sweeps.isRunning()) void sweeps.run()
  }, EVERY_MS)
  timer.unref()
  return {
    async close() {
      isClosed = true
      clearInterval(timer)
      await sweeps.idle()
    },
  }
}
