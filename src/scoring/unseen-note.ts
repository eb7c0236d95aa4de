import type { Action } from '../domain/catalogue.ts'
import { findModelFolder, readModelFolder } from './model-folder.ts'
import { observationsOf } from './observations.ts'

/** Ids of unseen actions that a note names; of more it says how many. */
const NAMED = 5

/**
 * Says which of a catalogue’s actions a model never saw; null where it saw all, or does not tell what it saw.
 * @throws EmmaError `model_invalid`
 */
export async function unseenNote(
  models: string,
  id: string,
  actions: readonly Action[],
): Promise<string | null> {
  const { evidence } = (await readModelFolder(await findModelFolder(models, id))).manifest
  if (evidence === undefined) return null
  const unseen = actions.filter((action) => observationsOf(evidence, action.id) === 0)
  if (unseen.length === 0) return null
  const named = unseen.slice(0, NAMED).map((action) => action.id)
  const list = [...named, ...(unseen.length > NAMED ? ['…'] : [])].join(', ')
  return `model ${id} never saw ${unseen.length} of ${actions.length} actions (${list}): minPropensity does not hold them back`
}
