import { EmmaError, type Fault } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { ModelInput, ModelInputs } from '../domain/model.ts'

export type Scalar = string | number | boolean

/** What a model may read of an action. */
export interface ModelAction {
  readonly id: string
  readonly kind: string
  readonly tier: string
  readonly group?: string | undefined
  readonly attributes: Readonly<Record<string, Scalar>>
}

/** What a model may read of the request. */
export interface ModelContext {
  readonly channel: string
  /** 0–23 in the catalogue’s zone. */
  readonly hour: number
  /** 0 = Sunday, in the catalogue’s zone. */
  readonly weekday: number
  readonly fields: Readonly<Record<string, Scalar>>
}

/** Tensors of one broadcast run, row-major: customer [1,1,Fc], action [N,Fa], pair [1,N,Fp]. */
export interface ModelRows {
  readonly count: number
  readonly customer: Float32Array
  readonly action: Float32Array
  readonly pair: Float32Array
}

/** A model’s inputs resolved against one list of actions and one feature set, once; {@link RowPlan.rows} is then only copying. */
export interface RowPlan {
  readonly widths: { readonly customer: number; readonly action: number; readonly pair: number }
  /** Rows for the actions at `positions` (indexes into the list the plan was compiled for), in that order. */
  rows(vector: Float32Array, context: ModelContext, positions: ArrayLike<number>): ModelRows
}

type ReadRequest = (vector: Float32Array, context: ModelContext) => number

/**
 * Resolves every input by name.
 * @throws EmmaError `model_invalid` with all inputs that the feature set cannot feed.
 */
export function compileRowPlan(
  inputs: ModelInputs,
  actions: readonly ModelAction[],
  set: FeatureSet,
): RowPlan {
  const faults: Fault[] = []
  const lacking: string[] = []
  const readers = inputs.customer.map((input, i) =>
    requestReader(input, set, lacking, faults, `inputs.customer[${i}]`),
  )
  if (lacking.length > 0) {
    faults.push({
      place: 'inputs.customer',
      what: `the model reads ${lacking.join(', ')}, which feature set ${set.manifest.name} does not have`,
      remedy: 'load a feature set with these features, or train the model on the features you have',
    })
  }
  const actionRows = fillActions(inputs.action, actions, faults)
  const pairs = resolvePairs(inputs.pair, actions, set, faults)
  if (faults.length > 0) throw new EmmaError('model_invalid', faults)

  const widths = { customer: inputs.customer.length, action: inputs.action.length, pair: inputs.pair.length }
  return {
    widths,
    rows(vector, context, positions) {
      const count = positions.length
      const customer = new Float32Array(widths.customer)
      for (let j = 0; j < readers.length; j++) customer[j] = readers[j]!(vector, context)
      const action = new Float32Array(count * widths.action)
      const pair = new Float32Array(count * widths.pair)
      for (let row = 0; row < count; row++) {
        const position = positions[row]!
        const from = position * widths.action
        for (let j = 0; j < widths.action; j++) action[row * widths.action + j] = actionRows[from + j]!
        for (let j = 0; j < widths.pair; j++) {
          const at = position * widths.pair + j
          const index = pairs.featureIndex[at]!
          pair[row * widths.pair + j] = index < 0 ? pairs.missing[j]! : vector[index]!
        }
      }
      return { count, customer, action, pair }
    },
  }
}

function requestReader(
  input: ModelInput,
  set: FeatureSet,
  lacking: string[],
  faults: Fault[],
  place: string,
): ReadRequest {
  if (input.source === 'customer') {
    const index = set.indexOf.get(input.feature)
    if (index !== undefined) return (vector) => vector[index]!
    lacking.push(input.feature)
    return () => Number.NaN
  }
  if (input.source === 'context') {
    const { property, field, missing = 0, equals } = input
    if ((property === undefined) === (field === undefined)) faults.push(eitherOr(place, 'property', 'field'))
    if (property !== undefined) return (_, context) => asNumber(context[property], equals, missing)
    return (_, context) => asNumber(ownValue(context.fields, field ?? ''), equals, missing)
  }
  faults.push(wrongTensor(place, input.source, 'customer'))
  return () => Number.NaN
}

function fillActions(
  inputs: readonly ModelInput[],
  actions: readonly ModelAction[],
  faults: Fault[],
): Float32Array {
  const rows = new Float32Array(inputs.length * actions.length)
  inputs.forEach((input, j) => {
    const place = `inputs.action[${j}]`
    if (input.source !== 'action') {
      faults.push(wrongTensor(place, input.source, 'action'))
      return
    }
    const { attribute, property, equals, missing = 0 } = input
    if ((property === undefined) === (attribute === undefined)) {
      faults.push(eitherOr(place, 'property', 'attribute'))
      return
    }
    actions.forEach((action, i) => {
      const value = property !== undefined ? action[property] : ownValue(action.attributes, attribute!)
      rows[i * inputs.length + j] = asNumber(value, equals, missing)
    })
  })
  return rows
}

/** For every action and pair input the position of the feature to look up, or -1 for "missing". */
function resolvePairs(
  inputs: readonly ModelInput[],
  actions: readonly ModelAction[],
  set: FeatureSet,
  faults: Fault[],
) {
  const featureIndex = new Int32Array(inputs.length * actions.length).fill(-1)
  const missing = inputs.map((input) => (input.source === 'pair' ? (input.missing ?? 0) : 0))
  inputs.forEach((input, j) => {
    const place = `inputs.pair[${j}]`
    if (input.source !== 'pair') {
      faults.push(wrongTensor(place, input.source, 'pair'))
      return
    }
    const parts = /^([a-z0-9_]*)\{([A-Za-z_][A-Za-z0-9_]*)\}([a-z0-9_]*)$/.exec(input.feature)
    if (parts === null) {
      faults.push({
        place,
        what: `"${input.feature}" is not a feature name with one {attribute} in it`,
        remedy: 'write it like share_category_{category}',
      })
      return
    }
    const [, before, attribute, after] = parts
    let found = 0
    actions.forEach((action, i) => {
      const value = ownValue(action.attributes, attribute!)
      if (value === undefined) return
      const index = set.indexOf.get(`${before}${featureSlug(String(value))}${after}`)
      if (index === undefined) return
      featureIndex[i * inputs.length + j] = index
      found++
    })
    if (found === 0 && actions.some((action) => ownValue(action.attributes, attribute!) !== undefined)) {
      faults.push({
        place,
        what: `no feature of set ${set.manifest.name} fits ${input.feature} for any action’s ${attribute}`,
        remedy: 'load a feature set with these features, or train the model on the features you have',
      })
    }
  })
  return { featureIndex, missing }
}

/** The part of a feature name that stands for a product, category or the like: `Home & Living` → `home_living`. */
export function featureSlug(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}

function asNumber(value: Scalar | undefined, equals: string | boolean | undefined, missing: number): number {
  if (equals !== undefined) return value === equals ? 1 : 0
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return missing
}

function ownValue(record: Readonly<Record<string, Scalar>>, key: string): Scalar | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function wrongTensor(place: string, source: string, tensor: string): Fault {
  return {
    place,
    what: `source ${source} cannot feed the ${tensor} tensor`,
    remedy: 'customer takes customer and context inputs, action takes action inputs, pair takes pair inputs',
  }
}

function eitherOr(place: string, one: string, other: string): Fault {
  return { place, what: `name either ${one} or ${other}`, remedy: 'remove one or add one' }
}
