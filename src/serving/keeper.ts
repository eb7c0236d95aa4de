import type { Serving } from '../decide/decide.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { failure } from '../domain/errors.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { CatalogueStore } from '../ports/catalogue-store.ts'
import type { Scorer } from '../ports/scorer.ts'

/** A catalogue with its scorer, ready to serve. */
export interface Prepared {
  readonly catalogue: Catalogue
  readonly scorer: Scorer
  readonly degraded: Serving['degraded']
  close(): Promise<void>
}

export interface KeeperParts {
  readonly store: CatalogueStore
  /** Builds a stored document and chooses its scorer; `before` serves now, and may lend its scorer. */
  readonly prepare: (document: Json, version: string, before: Prepared | null) => Promise<Prepared>
  /** Told what keeps a newer version from serving; asked again after a while. */
  readonly onTrouble: (error: unknown) => void
  /** Told when another version begins to serve. */
  readonly onServing: (catalogue: Catalogue) => void
}

/** Keeps what serves equal to what the store says, and hands it out as one value. */
export interface Keeper {
  /** What decides now. Take it once per decision. */
  serving(): Serving
  /** Looks at the store now. Resolves when what it says serves, or was found wanting. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** How often a process looks for something newer: well inside the second that is promised. */
const LOOK_EVERY_MS = 200
/** A version that could not be built is tried again after this many looks. */
const LOOKS_UNTIL_RETRY = 50
/** A replaced scorer may still be asked by decisions under way. */
const RETIRE_AFTER_MS = 30_000

/** @throws EmmaError for a store without a catalogue, or one that cannot be built: there is nothing older to serve. */
export async function openKeeper({ store, prepare, onTrouble, onServing }: KeeperParts): Promise<Keeper> {
  const first = await store.newestPublication()
  const document = first === null ? null : await store.document(first.version)
  if (first === null || document === null) {
    throw failure('catalogue_invalid', 'store', 'the store holds no catalogue', 'publish one')
  }
  let prepared = await prepare(document, first.version, null)
  let version = first.version
  let runTime = await readRunTime(store)
  let serving = toServing(prepared, runTime)
  let refused: { readonly version: string; looks: number } | null = null
  const retiring = new Set<{ readonly timer: NodeJS.Timeout; readonly prepared: Prepared }>()

  async function lookForCatalogue(): Promise<void> {
    const newest = await store.newestPublication()
    if (newest === null || newest.version === version) return
    if (refused?.version === newest.version && ++refused.looks < LOOKS_UNTIL_RETRY) return
    try {
      const document = await store.document(newest.version)
      if (document === null) return
      const next = await prepare(document, newest.version, prepared)
      if (next.scorer !== prepared.scorer) retire(prepared)
      prepared = next
      version = newest.version
      refused = null
      serving = toServing(prepared, runTime)
      onServing(prepared.catalogue)
    } catch (error) {
      refused = { version: newest.version, looks: 0 }
      onTrouble(error)
    }
  }

  async function lookForRunTime(): Promise<void> {
    const position = await store.runTimePosition()
    const known = runTime.position
    if (position?.epoch === known?.epoch && position?.revision === known?.revision) return
    runTime = await readRunTime(store)
    serving = toServing(prepared, runTime)
  }

  function retire(replaced: Prepared): void {
    const entry = {
      prepared: replaced,
      timer: setTimeout(() => {
        retiring.delete(entry)
        replaced.close().catch(onTrouble)
      }, RETIRE_AFTER_MS),
    }
    entry.timer.unref()
    retiring.add(entry)
  }

  // One look after the other: two at once could exchange in the wrong order.
  let looking: Promise<void> = Promise.resolve()
  let waiting = 0
  const look = (): Promise<void> => {
    waiting++
    looking = looking.then(async () => {
      try {
        await lookForRunTime()
        await lookForCatalogue()
      } catch (error) {
        onTrouble(error)
      } finally {
        waiting--
      }
    })
    return looking
  }
  const timer = setInterval(() => waiting === 0 && void look(), LOOK_EVERY_MS)
  timer.unref()

  return {
    serving: () => serving,
    refresh: look,
    async close() {
      clearInterval(timer)
      await looking
      for (const entry of retiring) {
        clearTimeout(entry.timer)
        await entry.prepared.close()
      }
      await prepared.close()
    },
  }
}

async function readRunTime(store: CatalogueStore): Promise<RunTime> {
  const found = await store.runTimeState()
  if (found !== null) return found
  throw failure('store_unavailable', 'store', 'the run-time state is not there', 'restart, or tell it again')
}

function toServing({ catalogue, scorer, degraded }: Prepared, runTime: RunTime): Serving {
  return { catalogue, runTime, scorer, degraded }
}
