import { fileURLToPath } from 'node:url'
import * as ort from 'onnxruntime-node'
import { GROUPS } from '../../reference/catalogue.ts'
import { featureSpecs } from '../../reference/features.ts'
import { type Action, actions } from './catalogue.ts'
import type { Profile } from './profile.ts'

const MODEL = fileURLToPath(new URL('../../reference/row-wise.onnx', import.meta.url))
const FEATURES = featureSpecs().map(({ name }) => name)
/** A row: the customer’s features, four attributes and the group of the action, and two features of its category. */
export const COLUMNS = FEATURES.length + 4 + GROUPS + 2

export async function openSession(): Promise<ort.InferenceSession> {
  // One core is used. More threads than cores wait for one another, and a batch this small is not worth dividing.
  return ort.InferenceSession.create(MODEL, { intraOpNumThreads: 1, interOpNumThreads: 1 })
}

/** By the action’s position. */
const ownColumns = actions.map(columnsOf)

/** @returns the propensity of each of some actions, from one run of the model for all of them */
export async function openScorer() {
  const session = await openSession()
  return async (features: Profile['features'], candidates: readonly Action[]): Promise<Float32Array> => {
    const rows = new ort.Tensor('float32', rowsFor(features, candidates), [candidates.length, COLUMNS])
    const { propensity } = await session.run({ rows })
    return propensity!.data as Float32Array
  }
}

/** One row for each candidate, one after the other. */
export function rowsFor(features: Profile['features'], candidates: readonly Action[]): Float32Array {
  const customer = Float32Array.from(FEATURES, (name) => features[name] ?? 0)
  const rows = new Float32Array(candidates.length * COLUMNS)
  for (const [i, { position, attributes }] of candidates.entries()) {
    const at = i * COLUMNS
    rows.set(customer, at)
    rows.set(ownColumns[position]!, at + FEATURES.length)
    rows[at + COLUMNS - 2] = features[`f16_${attributes.category}`] ?? 0
    rows[at + COLUMNS - 1] = features[`u8_${attributes.category}`] ?? 0
  }
  return rows
}

/** The columns that are the same for every customer. */
function columnsOf({ attributes, group }: Action): Float32Array {
  const { price, margin, popularity, novelty } = attributes
  const groups = Array.from({ length: GROUPS }, (_, i) => (i === group ? 1 : 0))
  return Float32Array.from([price, margin, popularity, novelty, ...groups])
}
