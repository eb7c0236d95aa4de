import { KEPT_EPOCHS_MS, KEPT_PUBLICATIONS } from '../ports/catalogue-store.ts'

/** How many publications are kept, and for how many milliseconds a closed epoch is. */
export interface Kept {
  readonly publications: number
  readonly epochsMs: number
}

/** What the port promises. */
export const KEPT: Kept = { publications: KEPT_PUBLICATIONS, epochsMs: KEPT_EPOCHS_MS }
