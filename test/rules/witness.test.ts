import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scalar } from '../../src/domain/attributes.ts'
import { valueIn, withValue } from '../../src/domain/named-value.ts'
import { type Comparison, witnessOf } from '../../src/domain/rule-comparison.ts'
import { conditionOf, contextOf, told } from './scope.ts'

const OPS = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'] as const

describe('a value of which a comparison holds', () => {
  test.each<readonly [Comparison['op'], Comparison['wanted'], Scalar | undefined]>([
    ['==', 18, 18],
    ['!=', 18, 19],
    ['<', 18, 17],
    ['<=', 18, 18],
    ['>', 18, 19],
    ['>=', 18, 18],
    ['in', [18, 3], 18],
    ['not in', [3, 18, -5], 19],
    ['==', 'DE', 'DE'],
    ['!=', 'DE', 'DEa'],
    ['<', 'DE', ''],
    ['>', 'DE', 'DEa'],
    ['in', ['DE', 'AT'], 'DE'],
    ['not in', ['DE', 'Austria', 'AT'], 'Austriaa'],
    ['==', true, true],
    ['!=', true, false],
    ['not in', [false], true],
    // There is none, or none of a known type.
    ['<', '', undefined],
    ['not in', [true, false], undefined],
    ['in', [], undefined],
    ['not in', [], undefined],
    ['>', Number.MAX_VALUE, undefined],
    ['<', -Number.MAX_VALUE, undefined],
  ])('%s %j: %j', (op, wanted, witness) =>
    expect(witnessOf({ name: 'customer.age', op, wanted })).toBe(witness),
  )

  test('is one, of whatever numbers and texts', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const numbers = fc.oneof(number, fc.integer(), fc.maxSafeInteger())
    const texts = fc.string({ unit: 'binary' })
    const some = fc.oneof(
      fc.tuple(fc.constant('customer.age'), fc.array(numbers, { minLength: 1, maxLength: 5 })),
      fc.tuple(fc.constant('customer.country'), fc.array(texts, { minLength: 1, maxLength: 5 })),
    )
    fc.assert(
      fc.property(fc.constantFrom(...OPS), some, (op, [name, list]) => {
        const wanted = op === 'in' || op === 'not in' ? list : list[0]!
        const witness = witnessOf({ name, op, wanted })
        if (witness === undefined) return
        const literal = typeof wanted === 'object' ? `[${wanted.map(written).join(', ')}]` : written(wanted)
        const rule = conditionOf(op === 'not in' ? `!(${name} in ${literal})` : `${name} ${op} ${literal}`)
        expect(rule.evaluate(withValue(contextOf(), name, witness)), `${rule.source}: ${witness}`).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Whole numbers of 16 digits are written with an exponent in rules. */
function written(value: Scalar): string {
  return typeof value === 'number' ? value.toExponential() : JSON.stringify(value)
}

const context = contextOf({ customer: { visits: 3 }, features: { orders: 2 }, live: { price: 5 } })

describe('a value by its name', () => {
  test.each<readonly [name: string, value: Scalar | undefined]>([
    ['customer.visits', 3],
    ['customer.age', undefined],
    ['customer.constructor', undefined],
    ['context.intent', undefined],
    ['features.orders', 2],
    ['features.returns_rate', undefined],
    ['live.price', 5],
    ['live.stock', undefined],
    ['action.price', 89.9],
    ['action.sale', undefined],
    ['action.active', undefined],
    ['action.id', 'winter-boots'],
    ['action.group', 'shoes'],
    ['channel', 'web'],
    ['placement', 'home-hero'],
  ])('%s: %j', (name, value) => expect(valueIn(context, name)).toBe(value))
})

describe('a moment with one value different', () => {
  test.each<readonly [name: string, value: Scalar]>([
    ['customer.age', 18],
    ['customer.visits', 4],
    ['customer.constructor', 'x'],
    ['context.intent', 'return'],
    ['features.returns_rate', 0.5],
    ['features.orders', 0],
    ['live.stock', 0],
    ['live.price', 6],
    ['action.price', 12],
    ['action.category', 'sandals'],
    ['action.id', 'sandals'],
    ['action.kind', 'activity'],
    ['action.tier', 'service'],
    ['channel', 'email'],
    ['placement', 'mail-top'],
  ])('%s: %j', (name, value) => {
    const rule = conditionOf(`${name} == ${JSON.stringify(value)}`)
    expect(told(rule.evaluate(context))).not.toBe('true')
    expect(told(rule.evaluate(withValue(context, name, value)))).toBe('true')
    expect(valueIn(withValue(context, name, value), name)).toBe(value)
    expect(told(rule.evaluate(context))).not.toBe('true')
  })

  test('is the same otherwise', () => {
    const rest = conditionOf(
      'customer.visits == 3 && features.orders == 2 && live.price == 5 && action.price == 89.9 && action.group == "shoes"',
    )
    for (const name of [
      'customer.age',
      'features.returns_rate',
      'live.stock',
      'action.id',
      'action.category',
    ])
      expect(rest.evaluate(withValue(context, name, 'sandals'))).toBe(true)
  })
})
