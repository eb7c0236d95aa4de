import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, failure } from '../domain/errors.ts'
import type { DegradedCode } from '../domain/situation.ts'
import type { Scorer } from '../ports/scorer.ts'
import { loadScorer, type OnnxScorer } from './onnx-scorer.ts'
import { priorScorer } from './prior-scorer.ts'

export interface ChosenScorer {
  readonly scorer: Scorer
  readonly degraded: readonly DegradedCode[]
  /** What is wrong with the model, to be told to the operator. */
  readonly trouble: EmmaError | null
  close(): Promise<void>
}

/**
 * The model that the catalogue names, or the prior: by choice when it names none, degraded when it cannot serve. Whether
 * the feature set in use can feed it is asked at every decision, for that set may be switched at any time.
 */
export async function chooseScorer(catalogue: Catalogue, models: string): Promise<ChosenScorer> {
  if (catalogue.model === undefined)
    return { scorer: priorScorer, degraded: [], trouble: null, close: async () => {} }
  let model: OnnxScorer | undefined
  try {
    model = await loadScorer(models, catalogue.model)
    checkTarget(model, catalogue)
    return { scorer: model, degraded: [], trouble: null, close: model.close }
  } catch (error) {
    if (!(error instanceof EmmaError)) throw error
    await model?.close()
    return { scorer: priorScorer, degraded: ['model_unavailable'], trouble: error, close: async () => {} }
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
