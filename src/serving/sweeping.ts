import type { Clock } from '../ports/clock.ts'
import type { DecisionStore } from '../ports/decision-store.ts'
import { oneAtATime } from './one-at-a-time.ts'

/** Often enough that what runs out is back within a moment; a sweep that finds nothing costs next to nothing. */
const EVERY_MS = 250

/** Holds that run out give back what they took, whether or not anybody asks for their customers again. */
export function startSweeping(
  store: Pick<DecisionStore, 'sweep'>,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): { close(): Promise<void> } {
  const sweeps = oneAtATime(async () => {
    await store.sweep(clock()).catch(onTrouble)
  })
  const timer = setInterval(() => {
    if (!sweeps.isRunning()) void sweeps.run()
  }, EVERY_MS)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await sweeps.idle()
    },
  }
}
