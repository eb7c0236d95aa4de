import { compileRowPlan, type ModelAction, type RowPlan } from '../decide/model-rows.ts'
import { failure } from '../domain/errors.ts'
import { compileFeatureSet, type FeatureSet } from '../domain/feature-set.ts'
import type { ModelInputs } from '../domain/model.ts'
import { DRAFT_GROUP, itemAttributes } from '../features/draft-catalogue.ts'
import { readFeatureManifest, readItems } from '../features/feature-folder.ts'

/** One feature folder with the actions of its day, and the plan that turns both into a model’s rows. */
export interface FeatureDay {
  readonly asOf: string
  readonly folder: string
  readonly set: FeatureSet
  readonly actions: readonly ModelAction[]
  readonly plan: RowPlan
}

/**
 * @param actions - those of a catalogue, or the name of a dimension whose items become the actions
 * @throws EmmaError `features_invalid`, or `model_invalid` when the set cannot feed the inputs.
 */
export async function openFeatureDay(
  asOf: string,
  folder: string,
  actions: readonly ModelAction[] | string,
  inputs: ModelInputs,
): Promise<FeatureDay> {
  const set = compileFeatureSet(await readFeatureManifest(folder))
  const known = typeof actions === 'string' ? await dimensionActions(folder, actions) : actions
  return { asOf, folder, set, actions: known, plan: compileRowPlan(inputs, known, set) }
}

/** The actions that a draft catalogue of this day has. */
export async function dimensionActions(folder: string, dimension: string): Promise<ModelAction[]> {
  const items = (await readItems(folder)).filter((item) => item.dimension === dimension)
  if (items.length === 0) {
    throw failure(
      'features_invalid',
      folder,
      `the features have no dimension "${dimension}"`,
      'name a dimension of the mapping that they were built with',
    )
  }
  return items.map((item) => ({
    id: item.value,
    kind: 'offer',
    tier: 'marketing',
    group: DRAFT_GROUP,
    attributes: itemAttributes(item),
  }))
}
