import { fileURLToPath } from 'node:url'
import { uuidv7 } from 'uuidv7'
import { buildCatalogue } from './catalogue/build.ts'
import type { Settings } from './config/schema.ts'
import { type Customers, makeCustomers } from './customers/change-customer.ts'
import { makeRecordConsents, type RecordConsents } from './customers/record-consents.ts'
import { makeRecordContacts, type RecordContacts } from './customers/record-contacts.ts'
import { makeRecordOutcomes, type RecordOutcomes } from './customers/record-outcomes.ts'
import { type Decide, makeDecide } from './decide/decide.ts'
import { makeNameDecision } from './decide/name-decision.ts'
import type { Serving } from './decide/parts.ts'
import { readDocument } from './documents/read-parts.ts'
import type { Json } from './domain/canonical-json.ts'
import type { Catalogue } from './domain/catalogue.ts'
import { EmmaError } from './domain/errors.ts'
import type { FeatureSet } from './domain/feature-set.ts'
import { isRedisUrl } from './domain/redis-url.ts'
import type { Readiness } from './http/routes/health.ts'
import { type Metrics, makeMetrics } from './observe/metrics.ts'
import { provideSample, SAMPLE_CATALOGUE } from './sample/provide.ts'
import { chooseScorers } from './scoring/choose-scorers.ts'
import { priorScorer } from './scoring/prior-scorer.ts'
import { unseenNote } from './scoring/unseen-note.ts'
import { type Catalogues, makeCatalogues } from './serving/catalogues.ts'
import { startDeadline } from './serving/deadline.ts'
import { openKeeper, type Prepared } from './serving/keeper.ts'
import { modelTroubles } from './serving/model-troubles.ts'
import { makePreparing } from './serving/prepare.ts'
import { startProviding } from './serving/providing.ts'
import { makeReadiness } from './serving/readiness.ts'
import { makeReadingAside } from './serving/reading-aside.ts'
import { makeRunTimeControl, type RunTimeControl } from './serving/run-time-control.ts'
import { seedCatalogue } from './serving/seed.ts'
import { startSweeping } from './serving/sweeping.ts'
import { folderFor, openStore, PATIENT, type Store, type StoreOptions } from './stores/open-store.ts'

const BUILT_IN_MODELS = fileURLToPath(new URL('../models', import.meta.url))

/** Everything wired, ready to answer. */
export interface Emma {
  readonly decide: Decide
  readonly customers: Customers
  readonly recordContacts: RecordContacts
  readonly recordConsents: RecordConsents
  readonly recordOutcomes: RecordOutcomes
  readonly catalogues: Catalogues
  readonly runTime: RunTimeControl
  readonly readiness: Readiness
  readonly metrics: Metrics
  /** What decides now. */
  serving(): Serving
  close(): Promise<void>
}

export interface Listeners {
  /** Told what takes its time, and what changed. */
  onProgress(message: string): void
  /** Told what is not as somebody might expect, though nothing is broken. */
  onNotice(message: string): void
  /** Told why the model does not serve, and what store or model threw while a decision went on without it. */
  onTrouble(error: unknown): void
}

/**
 * Wires the concrete pieces by hand. The store’s catalogue serves; an empty store is given that of CATALOGUE, or the
 * sample shop, whose customers are then made and loaded.
 * @throws EmmaError for settings, catalogue or store that cannot be used. A model that cannot is replaced by the prior.
 */
export async function compose(
  settings: Settings,
  listeners: Listeners,
  { waitsForStore = false }: ComposeOptions = {},
): Promise<Emma> {
  const { onTrouble } = listeners
  const store = await openStore(settings, {
    patienceMs: settings.DEADLINE_MS,
    onChange: tellChange(listeners),
  })
  try {
    const { CATALOGUE, STORE_URL } = settings
    // An embedded store that fails will not come back by itself.
    const waits = waitsForStore && isRedisUrl(STORE_URL)
    const providing = await startProviding({
      provide: () => provide(settings, store, listeners),
      // A catalogue that the settings name can serve by itself; the sample shop must never stand in for somebody’s own.
      goesOnWithout: CATALOGUE !== undefined && waits,
      waits,
      ...listeners,
    })
    const models = settings.MODELS ?? BUILT_IN_MODELS
    const chooser = (catalogue: Catalogue, lent: Prepared['models']) => chooseScorers(catalogue, models, lent)
    const preparing = makePreparing({ chooseScorers: chooser, featureSet: store.featureSet, onTrouble })
    const unfed = makePreparing({ chooseScorers: chooser, featureSet: async () => null, onTrouble: () => {} })
    const keeper = await openKeeper({
      store: store.catalogues,
      prepare: preparing.prepare,
      meanwhile:
        CATALOGUE === undefined || !waits
          ? null
          : async () => {
              const { value } = await readDocument(CATALOGUE, 'catalogue_invalid')
              const { version } = await readCatalogue(CATALOGUE)
              return unfed.prepare(value as Json, version, null)
            },
      onTrouble: (error) => onTrouble(notServed(error)),
      onServing: (catalogue) => tellServing(catalogue, listeners),
    })
    const { serving, refresh } = keeper
    const aside = makeReadingAside(store.featureSet)
    const sweeping = startSweeping(store, Date.now, onTrouble)
    const clock = Date.now
    const metrics = makeMetrics({ ofProcess: true, sizes: store.health.sizes })
    const catalogueNow = () => serving().catalogue
    tellNotices(catalogueNow(), listeners)
    return {
      decide: makeDecide({
        serving,
        store,
        prior: priorScorer,
        clock,
        nameDecision: makeNameDecision(store, uuidv7),
        newVisitor: uuidv7,
        onTrouble,
        onDecided: metrics.onDecided,
        onCommit: metrics.onCommit,
        startDeadline,
        deadlineMs: settings.DEADLINE_MS,
      }),
      customers: makeCustomers(store, catalogueNow, clock),
      recordContacts: makeRecordContacts(store, catalogueNow, clock, metrics.onOverfilled),
      recordConsents: makeRecordConsents(store, catalogueNow, clock),
      recordOutcomes: makeRecordOutcomes({
        store,
        catalogue: catalogueNow,
        clock,
        onOutcome: metrics.onOutcome,
        onOverfilled: metrics.onOverfilled,
      }),
      catalogues: makeCatalogues({
        store: store.catalogues,
        prove: preparing.prove,
        clock,
        onPublished: refresh,
        aside,
      }),
      runTime: makeRunTimeControl({ store: store.catalogues, serving, refresh, clock }),
      readiness: makeReadiness({ serving, prior: priorScorer, featureSet: store.featureSet }),
      metrics,
      serving,
      async close() {
        await aside.close()
        await keeper.close()
        await sweeping.close()
        await providing.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

export interface ComposeOptions {
  /** Whether a store that does not answer at the start is waited for, or done without; else it is an error. */
  readonly waitsForStore?: boolean
}

/** Gives an empty store its catalogue; the sample’s customers belong to the sample’s catalogue only. */
async function provide(settings: Settings, store: Store, listeners: Listeners): Promise<void> {
  await provideCatalogue(settings, store, listeners)
  const serves = await store.catalogues.newestPublication()
  if (serves?.origin === 'sample') await provideSample(folderFor(settings), store, listeners.onProgress)
}

/** The store’s own catalogue, or its first one. */
async function provideCatalogue(settings: Settings, store: Store, { onNotice }: Listeners): Promise<void> {
  const given = settings.CATALOGUE ?? null
  await seedCatalogue({
    store: store.catalogues,
    given,
    read: () => readDocument(given ?? SAMPLE_CATALOGUE, 'catalogue_invalid'),
    build: (written) => buildCatalogue(written),
    clock: Date.now,
    onDifference: ({ version }, path) =>
      onNotice(
        `the store serves catalogue ${version}, and ${path} holds another one: publish it with emma catalogue publish ${path}`,
      ),
  })
}

/** Says once when Redis goes, and once when it is back. */
function tellChange({ onNotice }: Listeners): NonNullable<StoreOptions['onChange']> {
  return (isUp, reason) =>
    onNotice(isUp ? `the store answers again (${reason})` : `the store does not answer: ${reason}`)
}

/** A catalogue that a store holds and this process cannot build: another release may have published it. */
function notServed(error: unknown): unknown {
  if (!(error instanceof EmmaError) || error.code !== 'catalogue_invalid') return error
  const what = 'the newest catalogue cannot serve here, the one before it still does'
  const remedy = 'publish one that this release can serve, or update Emma'
  return new EmmaError(error.code, [{ place: 'store', what, remedy }, ...error.faults])
}

function tellServing(catalogue: Catalogue, listeners: Listeners): void {
  listeners.onProgress(`serving catalogue ${catalogue.version}, ${catalogue.actions.length} actions`)
  tellNotices(catalogue, listeners)
}

function tellNotices({ version, notices }: Catalogue, { onNotice }: Listeners): void {
  for (const notice of notices) onNotice(`catalogue ${version}: ${notice}`)
}

/** The catalogues of a store without serving them. Nothing is seeded. */
export async function openCatalogues(
  settings: Settings,
  onTrouble: (error: unknown) => void,
): Promise<{ readonly catalogues: Catalogues; close(): Promise<void> }> {
  const store = await openStore(settings, PATIENT)
  const models = settings.MODELS ?? BUILT_IN_MODELS
  const { prove } = makePreparing({
    chooseScorers: (catalogue, lent) => chooseScorers(catalogue, models, lent),
    featureSet: store.featureSet,
    onTrouble,
  })
  const parts = { store: store.catalogues, prove, clock: Date.now, onPublished: async () => {} }
  return { catalogues: makeCatalogues(parts), close: store.close }
}

/** What a marketer should know of the models that a catalogue names, before it is published. */
export async function modelNotes(
  settings: Settings,
  catalogue: Catalogue,
  set: FeatureSet | null,
): Promise<string[]> {
  const models = settings.MODELS ?? BUILT_IN_MODELS
  const chosen = await chooseScorers(catalogue, models)
  await chosen.closeLoaded()
  const troubles = modelTroubles(chosen, catalogue, set)
  if (troubles.length > 0)
    return troubles.map(({ message }) => `it could not be published as it is: ${message}`)
  const notes = [...chosen.models.keys()].map((id) => unseenNote(models, id, catalogue.actions))
  return (await Promise.all(notes)).filter((note) => note !== null)
}

/** Where the sample shop’s catalogue is. */
export const SAMPLE_PATH = SAMPLE_CATALOGUE

/** A catalogue from a file, or from the parts of a folder. @throws EmmaError `catalogue_invalid` */
export async function readCatalogue(path: string = SAMPLE_CATALOGUE): Promise<Catalogue> {
  return buildCatalogue(await readDocument(path, 'catalogue_invalid'))
}
