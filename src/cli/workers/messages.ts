import type { Settings } from '../../config/schema.ts'
import type { Ready } from '../ready.ts'

/** What the primary tells a worker. */
export type ToWorker =
  /** Once, first of all. Settings come from here, so that a worker that is started later has those of the others. */
  | {
      readonly emma: 'start'
      readonly number: number
      /** Whether it alone tells what is to be noticed of the catalogue: all workers would say the same. */
      readonly tellsNotices: boolean
      readonly settings: Settings
    }
  | { readonly emma: 'stop' }
  | { readonly emma: 'tell-counts' }
  /** What all others have counted, those that are gone too. */
  | { readonly emma: 'counts-of-others'; readonly question: number; readonly counts: readonly string[] }

/** What a worker tells the primary. */
export type ToPrimary =
  /** First of all: what is told before somebody listens is lost. */
  | { readonly emma: 'listening' }
  | { readonly emma: 'ready'; readonly ready: Ready }
  | { readonly emma: 'counts'; readonly counts: string }
  | { readonly emma: 'ask-others'; readonly question: number; readonly own: string }

/** Signals that mean: finish what has begun, and end. */
export const ENDING_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const
