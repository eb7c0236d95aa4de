import { compileRowPlan, type RowPlan } from '../decide/model-rows.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { Model } from '../ports/scorer.ts'
import { runGolden } from './golden.ts'
import { findModelFolder, type ModelFolder, readModelFolder } from './model-folder.ts'
import { rememberObservations } from './observations.ts'
import { type OnnxSession, openOnnxSession } from './onnx-session.ts'

/** A model that passed its checks, ready to score. */
export interface OnnxScorer extends Model {
  readonly manifest: ModelFolder['manifest']
}

/** Finds, checks and warms up the newest version of a model. @throws EmmaError `model_invalid` */
export async function loadScorer(models: string, id: string): Promise<OnnxScorer> {
  return openScorer(await readModelFolder(await findModelFolder(models, id)))
}

/** @throws EmmaError `model_invalid` when it cannot be run, or its golden rows come out otherwise. */
export async function openScorer(model: ModelFolder): Promise<OnnxScorer> {
  const session = await openProven(model)
  const { manifest } = model
  const planFor = rememberPlans((catalogue, set) => compileRowPlan(manifest.inputs, catalogue.actions, set))
  const observationsAt = manifest.evidence && rememberObservations(manifest.evidence)
  return {
    version: `${manifest.name}/${manifest.version}@${manifest.file.sha256.slice(0, 12)}`,
    manifest,
    fits: planFor,
    score({ catalogue, featureSet, customer, local, request }, positions) {
      const evidence = observationsAt?.(catalogue, positions) ?? null
      if (positions.length === 0) return { propensity: new Float32Array(0), evidence }
      const plan = planFor(catalogue, featureSet!)
      const context = {
        channel: request.channel,
        hour: local.hour,
        weekday: local.weekday,
        fields: request.context,
      }
      const propensity = session.run(plan.rows(customer.vector!, context, positions))
      return { propensity, evidence }
    },
    close: async () => session.release(),
  }
}

/** A session that gave the golden answers; one that does not is not left open. */
async function openProven({ folder, manifest, golden, onnx }: ModelFolder): Promise<OnnxSession> {
  const session = openOnnxSession(onnx, manifest.output.name, folder)
  try {
    await runGolden(session, golden, folder)
    return session
  } catch (error) {
    session.release()
    throw error
  }
}

type Plans = (catalogue: Catalogue, set: FeatureSet) => RowPlan

/** One plan per catalogue and feature set, for as long as both are in use; and one refusal, where there is no plan. */
function rememberPlans(compile: Plans): Plans {
  const plans = new WeakMap<Catalogue, WeakMap<FeatureSet, RowPlan | EmmaError>>()
  return (catalogue, set) => {
    let bySet = plans.get(catalogue)
    if (bySet === undefined) {
      bySet = new WeakMap()
      plans.set(catalogue, bySet)
    }
    let plan = bySet.get(set)
    if (plan === undefined) {
      plan = compiled(compile, catalogue, set)
      bySet.set(set, plan)
    }
    if (plan instanceof EmmaError) throw plan
    return plan
  }
}

function compiled(compile: Plans, catalogue: Catalogue, set: FeatureSet): RowPlan | EmmaError {
  try {
    return compile(catalogue, set)
  } catch (error) {
    if (error instanceof EmmaError) return error
    throw error
  }
}
