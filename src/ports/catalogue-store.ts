import type { Json } from '../domain/canonical-json.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { RunTimeChange, RunTimePosition } from '../domain/run-time-state.ts'

/** One time that a version began to serve. */
export interface Publication {
  /** 1, 2, 3, …; a rollback is a publication too. */
  readonly sequence: number
  readonly version: string
  /** Epoch milliseconds. */
  readonly at: number
  /** `sample`: the built-in shop; `seed`: CATALOGUE into an empty store. */
  readonly origin: 'sample' | 'seed' | 'publish' | 'rollback'
  readonly note: string | null
}

/** How many publications, and their documents, a store keeps at least. */
export const KEPT_PUBLICATIONS = 1000

/** For how many milliseconds at least a run-time epoch is kept after the next one opened: 400 days. */
export const KEPT_EPOCHS_MS = 400 * 86_400_000

/**
 * The catalogue versions of a store, and the run-time state beside them. Every call may throw EmmaError
 * `store_unavailable`. What one process has written and awaited, every process of the same store reads afterwards.
 */
export interface CatalogueStore {
  /** What serves now; null in a store that was never given a catalogue. Cheap: asked several times a second. */
  newestPublication(): Promise<Publication | null>
  /** The document of a version as it was written, or null when it is not kept. */
  document(version: string): Promise<Json | null>
  /** Newest first, only those with a smaller sequence than `before` when given. */
  publications(limit: number, before?: number): Promise<readonly Publication[]>
  /**
   * Makes a document serve, in one transaction, if `expected` serves now (null: nothing does; undefined: whatever
   * does). Otherwise changes nothing.
   * @returns what serves afterwards, and whether it is this publication
   */
  publish(
    document: Json,
    publication: Omit<Publication, 'sequence'>,
    expected: string | null | undefined,
  ): Promise<{ readonly published: boolean; readonly newest: Publication | null }>

  /** Where the run-time state stands; null when nothing was ever told. Cheap: asked several times a second. */
  runTimePosition(): Promise<RunTimePosition | null>
  /** The state now with its position, or as it was at a position; null when that is not kept. */
  runTimeState(at?: RunTimePosition): Promise<RunTime | null>
  /**
   * Records the changes, at least one, in one transaction, all or nothing, in order. By the first one's `at` it may open
   * an epoch for them, see `epochEnds`.
   * @returns where the state stands after them
   */
  changeRunTime(changes: readonly RunTimeChange[]): Promise<RunTimePosition>
}
