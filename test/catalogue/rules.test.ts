import { describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EmmaError } from '../../src/domain/errors.ts'

interface Shop {
  readonly actions: readonly object[]
  readonly groups?: readonly object[]
  readonly more?: object
  readonly features?: ReadonlySet<string> | null
}

function build({ actions, groups = [], more = {}, features }: Shop): Catalogue {
  const treatments = [{ id: 't', for: ['hero'], content: { en: 'Hi' } }]
  const document = {
    schema: 'emma/v1',
    types: { customer: { age: 'number' }, context: { intent: 'string' } },
    placements: [{ id: 'hero', channel: 'web' }],
    groups,
    ...more,
    actions: actions.map((action, i) => ({ id: `a${i}`, treatments, ...action })),
  }
  const written = parseWritten(JSON.stringify(document), 'shop.json', 'catalogue_invalid')
  return buildCatalogue(written, features === undefined ? undefined : { features })
}

/** What refuses it, without the line and column of JSON in one line. */
function refusals(shop: Shop): string[] {
  try {
    build(shop)
  } catch (error) {
    if (error instanceof EmmaError)
      return error.faults.map(({ place, what }) => `${place.split(' ')[1]} ${what}`)
    throw error
  }
  return []
}

describe('the rules of an action', () => {
  it('are its group’s first, then its own, by level', () => {
    const rules = {
      suitability: 'customer.age > 3',
      eligibility: 'customer.age > 1',
      applicability: 'customer.age > 2',
    }
    const [action] = build({
      groups: [{ id: 'g', ...rules, purpose: 'p' }],
      actions: [{ group: 'g', applicability: 'live.stock > 0' }],
      more: { purposes: { p: { basis: 'contract' } } },
    }).actions
    expect(action!.policy.map(({ level, group, rule }) => [level, group, rule.source])).toEqual([
      ['eligibility', 'g', 'customer.age > 1'],
      ['applicability', 'g', 'customer.age > 2'],
      ['suitability', 'g', 'customer.age > 3'],
      ['applicability', undefined, 'live.stock > 0'],
    ])
    expect(action!.purpose).toBe('p')
  })

  it('leave its own purpose before its group’s', () => {
    const purposes = { p: { basis: 'contract' }, q: { basis: 'contract' } }
    const { actions } = build({
      groups: [{ id: 'g', purpose: 'p' }],
      actions: [{ group: 'g', purpose: 'q' }, { group: 'g' }, {}],
      more: { purposes },
    })
    expect(actions.map(({ purpose }) => purpose)).toEqual(['q', 'p', undefined])
  })

  it('are one object where they are equal, so that an outcome can be kept', () => {
    const rule = 'customer.age > 1 && action.price < 3.0'
    const { actions } = build({
      groups: [{ id: 'g', eligibility: 'customer.age > 2' }],
      actions: [
        { eligibility: rule, attributes: { price: 1 } },
        { suitability: rule, attributes: { price: 2, size: 'XL' } },
        { group: 'g' },
        { group: 'g' },
      ],
    })
    const rules = actions.map(({ policy }) => policy[0]!.rule)
    expect(rules[0]).toBe(rules[1])
    expect(rules[2]).toBe(rules[3])
    expect(rules[0]).not.toBe(rules[2])
  })

  it('are not one object where a name means something else', () => {
    const { actions } = build({
      actions: [
        { eligibility: 'action.size == action.size', attributes: { size: 1 } },
        { eligibility: 'action.size == action.size', attributes: { size: 'XL' } },
        { eligibility: 'action.size == action.size', attributes: { size: 'S' } },
      ],
    })
    const rules = actions.map(({ policy }) => policy[0]!.rule)
    expect(rules[0]).not.toBe(rules[1])
    expect(rules[1]).toBe(rules[2])
  })
})

describe('attributes in rules', () => {
  it('are of the type that the action gives them, whatever others do', () => {
    expect(
      refusals({
        actions: [
          { eligibility: 'action.size > 1', attributes: { size: 2 } },
          { eligibility: 'action.size > 1', attributes: { size: 'XL' } },
        ],
      }),
    ).toEqual([expect.stringContaining('(actions.1.eligibility)')])
  })

  it('may be those of other actions, and no others', () => {
    const eligibility = 'action.colour == "red"'
    expect(refusals({ actions: [{ eligibility }, { attributes: { colour: 'red' } }] })).toEqual([])
    expect(refusals({ actions: [{ eligibility }, {}] })).toEqual([
      expect.stringContaining('(actions.0.eligibility)'),
    ])
  })

  it('are in a group’s rules those of its members', () => {
    const groups = [{ id: 'g', eligibility: 'action.price < 3' }]
    expect(refusals({ groups, actions: [{ group: 'g', attributes: { price: 2 } }] })).toEqual([])
    expect(refusals({ groups, actions: [{ group: 'g' }, { attributes: { price: 2 } }] })).toEqual([
      expect.stringContaining('(groups.0.eligibility)'),
    ])
  })

  it('are in context weights those of all actions, and in blocks none', () => {
    const more = (when: string) => ({ arbitration: { contextWeights: [{ when, weight: 1 }] } })
    const actions = [{ attributes: { price: 2 } }]
    expect(refusals({ actions, more: more('action.price < 3') })).toEqual([])
    expect(refusals({ actions, more: more('action.prise < 3') })).toHaveLength(1)
    expect(
      refusals({ actions, more: { blocks: [{ id: 'b', tier: 'marketing', when: 'action.price < 3' }] } }),
    ).toEqual([expect.stringContaining('(blocks.0.when) action means nothing here')])
  })
})

describe('features in rules', () => {
  const actions = [{ suitability: 'features.returns_rate < 0.6' }]

  it('may have any name while they are not known', () => {
    expect(refusals({ actions })).toEqual([])
    expect(refusals({ actions, features: null })).toEqual([])
  })

  it('must be in the feature set once it is known', () => {
    expect(refusals({ actions, features: new Set(['returns_rate']) })).toEqual([])
    expect(refusals({ actions, features: new Set(['visits']) })).toEqual([
      expect.stringContaining('(actions.0.suitability)'),
    ])
  })
})

describe('a fault in a rule', () => {
  it('is told of every action that has it, and each of several', () => {
    const eligibility = 'customer.aeg > 1 && customer.agee > 1'
    expect(refusals({ actions: [{ eligibility }, { eligibility }] })).toHaveLength(4)
  })

  it.each([
    ['a rule for a value that gives no number', { value: 'customer.age > 1' }, 'value'],
    ['a rule that is no rule', { applicability: 'customer.age >' }, 'applicability'],
    ['an id that does not exist', { eligibility: 'channel == "wbe"' }, 'eligibility'],
  ])('may be %s', (_, action, key) => {
    expect(refusals({ actions: [action] })).toEqual([expect.stringContaining(`(actions.0.${key})`)])
  })
})
