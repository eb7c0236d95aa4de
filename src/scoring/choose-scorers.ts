import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, failure } from '../domain/errors.ts'
import type { ChosenScorers } from '../ports/chosen-scorers.ts'
import type { Model } from '../ports/scorer.ts'
import { loadScorer, type OnnxScorer } from './onnx-scorer.ts'
import { priorScorer } from './prior-scorer.ts'

/**
 * The models that a catalogue names, out of `folder` unless they are among those that are `lent`, for the same target.
 * Whether the feature set in use can feed them is asked at every decision, for that set may be switched at any time.
 */
export async function chooseScorers(
  catalogue: Catalogue,
  folder: string,
  lent: ReadonlyMap<string, Model> = new Map(),
): Promise<ChosenScorers> {
  const models = new Map<string, Model>()
  const closeLoaded = async () => {
    const loaded = [...models].filter(([id, model]) => lent.get(id) !== model)
    await Promise.all(loaded.map(([, model]) => model.close()))
  }
  const choose = async (id: string | undefined): Promise<EmmaError | null> => {
    if (id === undefined || models.has(id)) return null
    try {
      models.set(id, lent.get(id) ?? (await loadForTarget(folder, id, catalogue)))
      return null
    } catch (error) {
      if (error instanceof EmmaError) return error
      await closeLoaded()
      throw error
    }
  }
  const troubles = {
    champion: await choose(catalogue.model),
    challenger: await choose(catalogue.challenger),
  }
  const chosen = (id: string | undefined) => (id === undefined ? undefined : models.get(id))
  return {
    scorer: chosen(catalogue.model) ?? priorScorer,
    challenger: chosen(catalogue.challenger) ?? null,
    degraded: troubles.champion === null ? [] : ['model_unavailable'],
    troubles,
    models,
    closeLoaded,
  }
}

/** @throws EmmaError `model_invalid` */
async function loadForTarget(folder: string, id: string, catalogue: Catalogue): Promise<OnnxScorer> {
  const model = await loadScorer(folder, id)
  try {
    checkTarget(model, catalogue)
    return model
  } catch (error) {
    await model.close()
    throw error
  }
}

/** A propensity of something else than what value is paid for would be multiplied with the wrong money. */
function checkTarget({ manifest }: OnnxScorer, { target }: Catalogue): void {
  const { outcome, within } = manifest.target
  if (outcome === target.outcome && within === target.within) return
  throw failure(
    'model_invalid',
    `model ${manifest.name}/${manifest.version}`,
    `it predicts ${outcome} within ${within}, the catalogue’s target is ${target.outcome} within ${target.within}`,
    'change the target in the catalogue, or name a model of this target',
  )
}
