import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { uuidv7 } from 'uuidv7'
import { buildCatalogue } from './catalogue/build.ts'
import type { Settings } from './config/schema.ts'
import { type Customers, makeCustomers } from './customers/change-customer.ts'
import { type Decide, makeDecide } from './decide/decide.ts'
import { makeNameDecision } from './decide/name-decision.ts'
import { readDocument } from './documents/read-parts.ts'
import type { Catalogue } from './domain/catalogue.ts'
import { EmmaError } from './domain/errors.ts'
import type { DegradedCode } from './domain/situation.ts'
import type { Readiness } from './http/routes/health.ts'
import type { Scorer } from './ports/scorer.ts'
import { provideSample, SAMPLE_CATALOGUE } from './sample/provide.ts'
import { chooseScorer } from './scoring/choose-scorer.ts'
import { priorScorer } from './scoring/prior-scorer.ts'
import { type EmbeddedStore, openEmbeddedStore } from './stores/embedded/customer-store.ts'

/** Emma’s own version. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version

const BUILT_IN_MODELS = fileURLToPath(new URL('../models', import.meta.url))

/** Everything wired, ready to answer. */
export interface Emma {
  readonly decide: Decide
  readonly customers: Customers
  readonly readiness: Readiness
  readonly catalogue: Catalogue
  close(): Promise<void>
}

export interface Listeners {
  /** Told what takes its time. */
  onProgress(message: string): void
  /** Told why the model does not serve, and what store or model threw while a decision went on without it. */
  onTrouble(error: unknown): void
}

/**
 * Wires the concrete pieces by hand. Without a CATALOGUE the sample shop is served, and its customers are made and
 * loaded the first time.
 * @throws EmmaError for settings, catalogue or store that cannot be used. A model that cannot is replaced by the prior.
 */
export async function compose(settings: Settings, { onProgress, onTrouble }: Listeners): Promise<Emma> {
  const catalogue = await readCatalogue(settings.CATALOGUE)
  const store = await openStore(settings)
  try {
    if (settings.CATALOGUE === undefined) await provideSample(storeFolder(settings), store, onProgress)
    const chosen = await chooseScorer(catalogue, settings.MODELS ?? BUILT_IN_MODELS)
    const { scorer, degraded, trouble } = chosen
    if (trouble !== null) onTrouble(trouble)
    const featureSet = await store.featureSet()
    if (featureSet !== null) tryTo(() => scorer.fits(catalogue, featureSet), onTrouble)
    const clock = Date.now
    const nameDecision = makeNameDecision(store, uuidv7)
    return {
      decide: makeDecide({
        serving: () => ({ catalogue, scorer, degraded }),
        store,
        prior: priorScorer,
        clock,
        nameDecision,
        newVisitor: uuidv7,
        onTrouble,
      }),
      customers: makeCustomers(store, () => catalogue, clock),
      async readiness() {
        const versions = { catalogue: catalogue.version, model: scorer.version }
        const trouble = await feedingTrouble(store, scorer, catalogue)
        return { versions, degraded: trouble === null ? degraded : [...degraded, trouble] }
      },
      catalogue,
      async close() {
        await chosen.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

function tryTo(work: () => void, onFailure: (error: unknown) => void): void {
  try {
    work()
  } catch (error) {
    onFailure(error)
  }
}

/** What decisions lack now, as each of them would find out. */
async function feedingTrouble(
  store: EmbeddedStore,
  scorer: Scorer,
  catalogue: Catalogue,
): Promise<DegradedCode | null> {
  if (scorer === priorScorer) return null
  try {
    const set = await store.featureSet()
    if (set === null) return 'features_not_loaded'
    scorer.fits(catalogue, set)
    return null
  } catch (error) {
    return error instanceof EmmaError && error.code === 'store_unavailable'
      ? 'store_unavailable'
      : 'model_failed'
  }
}

/** A catalogue from a file, or from the parts of a folder. @throws EmmaError `catalogue_invalid` */
export async function readCatalogue(path: string = SAMPLE_CATALOGUE): Promise<Catalogue> {
  return buildCatalogue(await readDocument(path, 'catalogue_invalid'))
}

export function openStore(settings: Settings): Promise<EmbeddedStore> {
  return openEmbeddedStore(storeFolder(settings), settings.SECRET)
}

function storeFolder({ STORE_URL }: Settings): string {
  return resolve(STORE_URL.slice('embedded:'.length))
}
