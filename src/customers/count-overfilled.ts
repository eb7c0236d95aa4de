import type { Catalogue } from '../domain/catalogue.ts'
import { type Counted, overfilledBy } from '../domain/overfilled.ts'

/**
 * What a store tells contacts to that count from now on.
 * @param onOverfilled - called once for each cap that one of them overfilled
 * @returns undefined where no cap counts anything: then the store need not look
 */
export function countOverfilled(
  { caps, historyHorizonMs }: Pick<Catalogue, 'caps' | 'historyHorizonMs'>,
  now: number,
  onOverfilled: () => void,
): ((counted: Counted) => void) | undefined {
  if (caps.length === 0) return undefined
  return (counted) => {
    for (const _ of overfilledBy(counted, caps, { now, historyHorizonMs })) onOverfilled()
  }
}
