import { buildSteps } from '../catalogue/build.ts'
import type { WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { ChosenScorers } from '../ports/chosen-scorers.ts'
import { inSlices } from './in-slices.ts'
import type { Prepared } from './keeper.ts'
import { modelTroubles } from './model-troubles.ts'
import { stored } from './stored-document.ts'

export interface PrepareParts {
  /** Loads the models that a catalogue names, but for those that are lent, by id. */
  readonly chooseScorers: (catalogue: Catalogue, lent: Prepared['models']) => Promise<ChosenScorers>
  readonly featureSet: () => Promise<FeatureSet | null>
  /** Told why a model does not serve, or cannot be fed. */
  readonly onTrouble: (error: unknown) => void
}

/** Two ways from a document to a catalogue: strictly before it is published, and forgivingly once it is. */
export interface Preparing {
  /** @throws EmmaError `catalogue_invalid`, `model_invalid` with everything that keeps it from serving well */
  prove(written: WrittenDocument): Promise<Catalogue>
  /** @throws EmmaError `catalogue_invalid`; the prior stands in for a model that cannot serve, nothing for a challenger */
  prepare(document: Json, version: string, before: Prepared | null): Promise<Prepared>
}

export function makePreparing({ chooseScorers, featureSet, onTrouble }: PrepareParts): Preparing {
  /** What was proven last is about to be published: it need not be built twice. */
  let proven: Catalogue | null = null
  let inService: Prepared | null = null
  return {
    async prove(written) {
      const set = await featureSet()
      const features = set === null ? null : new Set(set.indexOf.keys())
      const catalogue = await inSlices(buildSteps(written, { features }))
      await proveModels(catalogue, set)
      proven = catalogue
      return catalogue
    },
    async prepare(document, version, before) {
      const known = proven?.version === version ? proven : null
      proven = null
      const catalogue = known ?? (await inSlices(buildSteps(stored(document, version), { version })))
      // Before a model is loaded: were the store to fail afterwards, nobody would close it.
      const set = await featureSet()
      const chosen = await chooseScorers(catalogue, lendable(before, catalogue))
      tryTo(() => modelTroubles(chosen, catalogue, set).forEach(onTrouble), onTrouble)
      const { scorer, challenger, degraded, models } = chosen
      inService = { catalogue, scorer, challenger, degraded, models }
      return inService
    },
  }

  async function proveModels(catalogue: Catalogue, set: FeatureSet | null): Promise<void> {
    const chosen = await chooseScorers(catalogue, lendable(inService, catalogue))
    try {
      const faults = modelTroubles(chosen, catalogue, set).flatMap((trouble) => trouble.faults)
      if (faults.length > 0) throw new EmmaError('model_invalid', faults)
    } finally {
      await chosen.closeLoaded()
    }
  }
}

const NO_MODELS: Prepared['models'] = new Map()

/** The models of what serves, for a catalogue in which they mean the same. */
function lendable(serving: Prepared | null, { target }: Catalogue): Prepared['models'] {
  if (serving === null) return NO_MODELS
  const { outcome, within } = serving.catalogue.target
  return outcome === target.outcome && within === target.within ? serving.models : NO_MODELS
}

function tryTo(work: () => void, onFailure: (error: unknown) => void): void {
  try {
    work()
  } catch (error) {
    onFailure(error)
  }
}
