import { buildSteps } from '../catalogue/build.ts'
import type { WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { EmmaError } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { Scorer } from '../ports/scorer.ts'
import { inSlices } from './in-slices.ts'
import type { Prepared } from './keeper.ts'
import { stored } from './stored-document.ts'

/** A scorer as chosen for a catalogue; with `trouble` it is the prior in place of the model that the catalogue names. */
export interface Chosen {
  readonly scorer: Scorer
  readonly degraded: Prepared['degraded']
  readonly trouble: EmmaError | null
  close(): Promise<void>
}

export interface PrepareParts {
  readonly chooseScorer: (catalogue: Catalogue) => Promise<Chosen>
  readonly featureSet: () => Promise<FeatureSet | null>
  /** Told why the model does not serve, or cannot be fed. */
  readonly onTrouble: (error: unknown) => void
}

/** Two ways from a document to a catalogue: strictly before it is published, and forgivingly once it is. */
export interface Preparing {
  /** @throws EmmaError `catalogue_invalid`, `model_invalid` with everything that keeps it from serving well */
  prove(written: WrittenDocument): Promise<Catalogue>
  /** @throws EmmaError `catalogue_invalid`; a model that cannot serve is replaced by the prior */
  prepare(document: Json, version: string, before: Prepared | null): Promise<Prepared>
}

export function makePreparing({ chooseScorer, featureSet, onTrouble }: PrepareParts): Preparing {
  /** What was proven last is about to be published: it need not be built twice. */
  let proven: Catalogue | null = null
  let inService: Prepared | null = null
  return {
    async prove(written) {
      const set = await featureSet()
      const features = set === null ? null : new Set(set.indexOf.keys())
      const catalogue = await inSlices(buildSteps(written, { features }))
      await proveModel(catalogue, set)
      proven = catalogue
      return catalogue
    },
    async prepare(document, version, before) {
      const known = proven?.version === version ? proven : null
      proven = null
      const catalogue = known ?? (await inSlices(buildSteps(stored(document, version), { version })))
      const lent = before !== null && sameModel(before, catalogue) ? before : null
      // Before a scorer is loaded: were the store to fail afterwards, nobody would close it.
      const set = await featureSet()
      const chosen = lent ?? (await choose(catalogue))
      // Plans its rows now, and not in the first decision.
      if (set !== null) tryTo(() => chosen.scorer.fits(catalogue, set), onTrouble)
      inService = {
        catalogue,
        scorer: chosen.scorer,
        degraded: chosen.degraded,
        close: chosen.close,
      }
      return inService
    },
  }

  async function choose(catalogue: Catalogue): Promise<Chosen> {
    const chosen = await chooseScorer(catalogue)
    if (chosen.trouble !== null) onTrouble(chosen.trouble)
    return chosen
  }

  async function proveModel(catalogue: Catalogue, set: FeatureSet | null): Promise<void> {
    if (inService !== null && sameModel(inService, catalogue)) {
      if (set !== null) inService.scorer.fits(catalogue, set)
      return
    }
    const chosen = await chooseScorer(catalogue)
    try {
      if (chosen.trouble !== null) throw chosen.trouble
      if (set !== null) chosen.scorer.fits(catalogue, set)
    } finally {
      await chosen.close()
    }
  }
}

/** Whether what serves has the very model that a catalogue names, for the same target. */
function sameModel({ catalogue, degraded }: Prepared, { model, target }: Catalogue): boolean {
  const same = catalogue.target.outcome === target.outcome && catalogue.target.within === target.within
  return same && catalogue.model === model && degraded.length === 0
}

function tryTo(work: () => void, onFailure: (error: unknown) => void): void {
  try {
    work()
  } catch (error) {
    onFailure(error)
  }
}
