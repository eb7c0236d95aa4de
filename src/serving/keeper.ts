import type { Serving } from '../decide/parts.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, failure } from '../domain/errors.ts'
import { NO_RUN_TIME, type RunTime } from '../domain/run-time.ts'
import type { CatalogueStore } from '../ports/catalogue-store.ts'
import type { Model } from '../ports/scorer.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { makeRetirement } from './retirement.ts'

/** A catalogue with what scores it, ready to serve. */
export interface Prepared extends Omit<Serving, 'runTime'> {
  /** The open ones, by id: the next version takes over what it names too, and the rest is closed here. */
  readonly models: ReadonlyMap<string, Model>
}

export interface KeeperParts {
  readonly store: CatalogueStore
  /** Builds a stored document and chooses its models; `before` serves now, and may lend its own. */
  readonly prepare: (document: Json, version: string, before: Prepared | null) => Promise<Prepared>
  /** What serves while the store does not answer at the start; null: nothing, it has to. */
  readonly meanwhile: (() => Promise<Prepared>) | null
  /** Told what keeps a newer version from serving; asked again after a while. */
  readonly onTrouble: (error: unknown) => void
  /** Told when another version begins to serve. */
  readonly onServing: (catalogue: Catalogue) => void
}

/** Keeps what serves equal to what the store says, and hands it out as one value. */
export interface Keeper {
  /** What decides now. Take it once per decision. */
  serving(): Serving
  /**
   * Looks at the store now: at everything unless told what. Resolves when what it says serves, or was found wanting.
   * The run-time state never waits for a catalogue that is being built.
   */
  refresh(what?: 'catalogue' | 'runTime'): Promise<void>
  close(): Promise<void>
}

/** How often a process looks for something newer: well inside the second that is promised. */
const LOOK_EVERY_MS = 100
/** A version that could not be prepared is tried again after this many looks. */
const LOOKS_UNTIL_RETRY = 100
/** A replaced model may still be asked by decisions under way. */
const RETIRE_AFTER_MS = 30_000

/**
 * @throws EmmaError for a store without a catalogue, or one that cannot be built: there is nothing older to serve; for
 *   one that does not answer, unless something serves meanwhile.
 */
export async function openKeeper(parts: KeeperParts): Promise<Keeper> {
  const { store, prepare, onTrouble, onServing } = parts
  let { version, runTime, prepared } = await readFirst(parts)
  let serving = toServing(prepared, runTime)
  let refused: { readonly sequence: number; looks: number } | null = null
  let closed = false
  const retirement = makeRetirement(RETIRE_AFTER_MS, onTrouble)

  async function lookForCatalogue(): Promise<void> {
    const newest = await store.newestPublication()
    if (newest === null || newest.version === version) return
    if (refused?.sequence === newest.sequence && ++refused.looks < LOOKS_UNTIL_RETRY) return
    const document = await readDocument(store, newest.version)
    const next = await prepare(document, newest.version, prepared).catch((error: unknown) => {
      // A store that fails for a moment says nothing about the document.
      const code = error instanceof EmmaError ? error.code : 'internal_error'
      // What this release cannot build once, it never can.
      const looks = code === 'catalogue_invalid' ? Number.NEGATIVE_INFINITY : 0
      if (code !== 'store_unavailable') refused = { sequence: newest.sequence, looks }
      throw error
    })
    for (const [id, model] of prepared.models) if (next.models.get(id) !== model) retirement.retire(model)
    prepared = next
    version = newest.version
    refused = null
    serving = toServing(prepared, runTime)
    onServing(prepared.catalogue)
  }

  async function lookForRunTime(): Promise<void> {
    const position = await store.runTimePosition()
    const known = runTime.position
    if (position?.epoch === known?.epoch && position?.revision === known?.revision) return
    runTime = await readRunTime(store)
    serving = toServing(prepared, runTime)
  }

  const looking = (lookFor: () => Promise<void>) =>
    oneAtATime(async () => {
      if (!closed) await lookFor().catch(onTrouble)
    })
  const looks = { catalogue: looking(lookForCatalogue), runTime: looking(lookForRunTime) }
  const timer = setInterval(() => {
    for (const look of Object.values(looks)) if (!look.isRunning()) void look.run()
  }, LOOK_EVERY_MS)
  timer.unref()

  return {
    serving: () => serving,
    async refresh(what) {
      if (what !== undefined) return looks[what].run()
      await Promise.all([looks.runTime.run(), looks.catalogue.run()])
    },
    async close() {
      closed = true
      clearInterval(timer)
      await Promise.all([looks.runTime.idle(), looks.catalogue.idle()])
      for (const model of prepared.models.values()) retirement.retire(model)
      await retirement.closeAll()
    },
  }
}

/** What the keeper begins with. */
interface First {
  /** Null while nobody knows what the store says. */
  readonly version: string | null
  readonly runTime: RunTime
  readonly prepared: Prepared
}

async function readFirst({ store, prepare, meanwhile }: KeeperParts): Promise<First> {
  try {
    const first = await store.newestPublication()
    if (first === null)
      throw failure('catalogue_invalid', 'store', 'the store holds no catalogue', 'publish one')
    const { version } = first
    const runTime = await readRunTime(store)
    return { version, runTime, prepared: await prepare(await readDocument(store, version), version, null) }
  } catch (error) {
    const isAway = error instanceof EmmaError && error.code === 'store_unavailable'
    if (!isAway || meanwhile === null) throw error
    return { version: null, runTime: NO_RUN_TIME, prepared: await meanwhile() }
  }
}

async function readDocument(store: CatalogueStore, version: string): Promise<Json> {
  const found = await store.document(version)
  if (found !== null) return found
  const what = `the store names catalogue ${version} and does not hold it`
  throw failure('store_unavailable', 'store', what, 'publish it again')
}

async function readRunTime(store: CatalogueStore): Promise<RunTime> {
  const found = await store.runTimeState()
  if (found !== null) return found
  throw failure('store_unavailable', 'store', 'the run-time state is not there', 'restart, or tell it again')
}

function toServing({ catalogue, scorer, challenger, degraded }: Prepared, runTime: RunTime): Serving {
  return { catalogue, runTime, scorer, challenger, degraded }
}
