import { describe, expect, it } from 'vitest'
import {
  compileRowPlan,
  featureSlug,
  type ModelAction,
  type ModelContext,
} from '../../src/decide/model-rows.ts'
import type { EmmaError } from '../../src/domain/errors.ts'
import { compileFeatureSet } from '../../src/domain/feature-set.ts'
import type { ModelInput, ModelInputs } from '../../src/domain/model.ts'
import { FEATURE_SET } from './fake-store.ts'

const NAMES = ['recency_days', 'share_category_home_living', 'share_category_shoes', 'share_brand_7_last']
const set = compileFeatureSet({
  ...FEATURE_SET.manifest,
  features: NAMES.map((name) => ({ name, storage: 'f32', unit: 'x', default: 0, meaning: name })),
})
const vector = Float32Array.of(10, 20, 30, 40)

const actions: ModelAction[] = [
  {
    id: 'boots',
    kind: 'offer',
    tier: 'marketing',
    group: 'shoes',
    attributes: { category: 'Shoes', price: 89.9, sale: true, brand: 7 },
  },
  {
    id: 'vase',
    kind: 'offer',
    tier: 'marketing',
    attributes: { category: 'Home & Living', price: 20, sale: false },
  },
  { id: 'survey', kind: 'activity', tier: 'service', attributes: {} },
]
const context: ModelContext = {
  channel: 'web',
  hour: 18,
  weekday: 6,
  fields: { basket: 49, intent: 'return', guest: true },
}

type Part = Partial<ModelInputs>
const plan = (inputs: Part) => compileRowPlan({ customer: [], action: [], pair: [], ...inputs }, actions, set)
const customer = (...inputs: ModelInput[]) => [
  ...plan({ customer: inputs }).rows(vector, context, [0]).customer,
]
/** One input of the action or the pair, for each of the three actions. */
const column = (input: ModelInput) => {
  const rows = plan({ [input.source]: [input] }).rows(vector, context, [0, 1, 2])
  return [...(input.source === 'pair' ? rows.pair : rows.action)]
}
const faultsOf = (inputs: Part) => {
  try {
    plan(inputs)
  } catch (error) {
    expect(error).toMatchObject({ code: 'model_invalid' })
    return (error as EmmaError).message.split('\n')
  }
  return []
}

describe('inputs of the customer', () => {
  it('are features of his vector, by name', () => {
    const feature = (name: string): ModelInput => ({ name, source: 'customer', feature: name })
    expect(customer(feature('share_category_shoes'), feature('recency_days'))).toEqual([30, 10])
  })
})

describe('inputs of the context', () => {
  const input = (more: object) => ({ name: 'x', source: 'context', ...more }) as ModelInput

  it.each<[string, object, number]>([
    ['the hour', { property: 'hour' }, 18],
    ['the weekday', { property: 'weekday' }, 6],
    ['1 for this channel', { property: 'channel', equals: 'web' }, 1],
    ['0 for another channel', { property: 'channel', equals: 'email' }, 0],
    ['a number of the request', { field: 'basket' }, 49],
    ['1 for true', { field: 'guest' }, 1],
    ['1 for the text it equals', { field: 'intent', equals: 'return' }, 1],
    ['0 for any other text', { field: 'intent', equals: 'buy' }, 0],
    ['0 for a field that is missing', { field: 'weather' }, 0],
    ['the value for missing where one is named', { field: 'weather', missing: -1 }, -1],
    ['the value for missing where a text is no number', { field: 'intent', missing: -1 }, -1],
    ['0 for a missing field that should equal something', { field: 'weather', equals: 'rain' }, 0],
  ])('are %s', (_, more, expected) => {
    expect(customer(input(more))).toEqual([expected])
  })
})

describe('inputs of the action', () => {
  const input = (more: object) => ({ name: 'x', source: 'action', ...more }) as ModelInput

  it.each<[string, object, number[]]>([
    ['a number among its attributes', { attribute: 'price', missing: -1 }, [Math.fround(89.9), 20, -1]],
    ['1 and 0 for true and false', { attribute: 'sale', missing: 9 }, [1, 0, 9]],
    ['1 for the category it equals', { attribute: 'category', equals: 'Shoes' }, [1, 0, 0]],
    ['1 for what is false, if asked for', { attribute: 'sale', equals: false }, [0, 1, 0]],
    ['1 for its kind', { property: 'kind', equals: 'activity' }, [0, 0, 1]],
    ['1 for its tier', { property: 'tier', equals: 'marketing' }, [1, 1, 0]],
    ['1 for its group, 0 without one', { property: 'group', equals: 'shoes' }, [1, 0, 0]],
    ['1 for its id', { property: 'id', equals: 'vase' }, [0, 1, 0]],
  ])('are %s', (_, more, expected) => {
    expect(column(input(more))).toEqual(expected)
  })
})

describe('inputs of the pair', () => {
  const input = (feature: string, missing?: number): ModelInput => ({
    name: 'x',
    source: 'pair',
    feature,
    ...(missing === undefined ? {} : { missing }),
  })

  it('are the customer’s feature for the action’s own category', () => {
    expect(column(input('share_category_{category}', -1))).toEqual([30, 20, -1])
  })

  it('find numbers and parts on both sides of the name', () => {
    expect(column(input('share_brand_{brand}_last'))).toEqual([40, 0, 0])
  })

  it('are missing for a category without a feature', () => {
    const sold = [...actions, { ...actions[0]!, attributes: { category: 'Garden' } }]
    const inputs = { customer: [], action: [], pair: [input('share_category_{category}', -1)] }
    expect([...compileRowPlan(inputs, sold, set).rows(vector, context, [3, 0]).pair]).toEqual([-1, 30])
  })
})

describe('rows', () => {
  const inputs: ModelInputs = {
    customer: [{ name: 'hour', source: 'context', property: 'hour' }],
    action: [
      { name: 'price', source: 'action', attribute: 'price' },
      { name: 'sale', source: 'action', attribute: 'sale' },
    ],
    pair: [{ name: 'share', source: 'pair', feature: 'share_category_{category}' }],
  }

  it('come in the order of the positions asked for, one of each width', () => {
    const { rows, widths } = plan(inputs)
    expect(widths).toEqual({ customer: 1, action: 2, pair: 1 })
    expect(rows(vector, context, [1, 0])).toEqual({
      count: 2,
      customer: Float32Array.of(18),
      action: Float32Array.of(20, 0, 89.9, 1),
      pair: Float32Array.of(20, 30),
    })
  })

  it('may be none', () => {
    expect(plan(inputs).rows(vector, context, [])).toMatchObject({ count: 0, action: new Float32Array(0) })
  })

  it('keep nothing of the customer before', () => {
    const { rows } = plan(inputs)
    const before = rows(vector, context, [0])
    expect(rows(Float32Array.of(0, 0, 0.5, 0), { ...context, hour: 1 }, [0])).toMatchObject({
      customer: Float32Array.of(1),
      pair: Float32Array.of(0.5),
    })
    expect(before.pair).toEqual(Float32Array.of(30))
  })
})

describe('inputs that cannot be fed', () => {
  it.each<[string, Part, string]>([
    [
      'a feature the set does not have',
      { customer: [{ name: 'x', source: 'customer', feature: 'churn' }] },
      'inputs.customer: the model reads churn, which feature set test does not have; load a feature set with these features, or train the model on the features you have',
    ],
    [
      'a pair no action has a feature for',
      { pair: [{ name: 'x', source: 'pair', feature: 'views_{category}' }] },
      'inputs.pair[0]: no feature of set test fits views_{category} for any action’s category; load a feature set with these features, or train the model on the features you have',
    ],
    [
      'a pair without an attribute in its name',
      { pair: [{ name: 'x', source: 'pair', feature: 'recency_days' }] },
      'inputs.pair[0]: "recency_days" is not a feature name with one {attribute} in it; write it like share_category_{category}',
    ],
    [
      'neither a property nor a field',
      { customer: [{ name: 'x', source: 'context' }] },
      'inputs.customer[0]: name either property or field; remove one or add one',
    ],
    [
      'both a property and an attribute',
      { action: [{ name: 'x', source: 'action', property: 'kind', attribute: 'kind' }] },
      'inputs.action[0]: name either property or attribute; remove one or add one',
    ],
    ...(['customer', 'action', 'pair'] as const).map((tensor): [string, Part, string] => {
      const source = tensor === 'customer' ? 'action' : 'customer'
      const input = { name: 'x', source, feature: 'recency_days', attribute: 'price' } as ModelInput
      return [
        `a source in the wrong tensor, ${tensor}`,
        { [tensor]: [input] },
        `inputs.${tensor}[0]: source ${source} cannot feed the ${tensor} tensor; customer takes customer and context inputs, action takes action inputs, pair takes pair inputs`,
      ]
    }),
  ])('are refused with a sentence: %s', (_, inputs, text) => {
    expect(faultsOf(inputs)).toEqual([text])
  })

  it('are told all at once, what is lacking in one sentence', () => {
    const wrong: ModelInput = { name: 'x', source: 'customer', feature: 'churn' }
    expect(faultsOf({ customer: [wrong, wrong], action: [wrong], pair: [wrong] })).toHaveLength(3)
  })

  it('are none where no action has the attribute: there is nothing to look up', () => {
    expect(faultsOf({ pair: [{ name: 'x', source: 'pair', feature: 'views_{colour}' }] })).toEqual([])
  })
})

describe('names that every object has', () => {
  it.each(['constructor', '__proto__', 'toString'])('are missing like any other: %s', (name) => {
    expect(column({ name: 'x', source: 'action', attribute: name, missing: -1 })).toEqual([-1, -1, -1])
    expect(customer({ name: 'x', source: 'context', field: name, missing: -1 })).toEqual([-1])
    expect(column({ name: 'x', source: 'pair', feature: `share_category_{${name}}`, missing: -1 })).toEqual([
      -1, -1, -1,
    ])
  })

  it('are read where they are written', () => {
    const attributes = { constructor: 5 }
    const inputs: ModelInputs = {
      customer: [],
      pair: [],
      action: [{ name: 'x', source: 'action', attribute: 'constructor' }],
    }
    expect([
      ...compileRowPlan(inputs, [{ ...actions[0]!, attributes }], set).rows(vector, context, [0]).action,
    ]).toEqual([5])
  })
})

describe('the part of a feature name that stands for a value', () => {
  it.each([
    ['Home & Living', 'home_living'],
    ['  Shoes!', 'shoes'],
    ['7', '7'],
    ['a__b--c', 'a_b_c'],
    ['', ''],
  ])('is in small letters, digits and single underscores: %j → %j', (value, slug) => {
    expect(featureSlug(value)).toBe(slug)
    expect(featureSlug(slug)).toBe(slug)
  })
})
