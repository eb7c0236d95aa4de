import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scalar } from '../../src/domain/attributes.ts'
import { withValue } from '../../src/domain/named-value.ts'
import type { RuleContext, RuleScope } from '../../src/domain/rule.ts'
import { type Comparison, witnessOf } from '../../src/domain/rule-comparison.ts'
import { contextOfKnown, someCondition, someKnown, someOneFails, someValue } from './conditions.ts'
import { conditionOf, contextOf, type Given, SCOPE } from './scope.ts'

/** What alone keeps a rule from being true (from being false): as it is told, or null. */
type Row = readonly [rule: string, given: Given, decisive: string | null]

const ANNA: Given = {
  customer: { age: 17, visits: 3, country: 'DE', vip: false, optedIn: true },
  context: { intent: 'return', basketValue: 40, returning: true },
  features: { returns_rate: 0.6, orders: 2 },
  live: { stock: 0 },
}

const COMPARISONS: readonly Row[] = [
  ['customer.age == 18', ANNA, 'customer.age == 18'],
  ['customer.age != 17', ANNA, 'customer.age != 17'],
  ['customer.age < 17', ANNA, 'customer.age < 17'],
  ['customer.age <= 16', ANNA, 'customer.age <= 16'],
  ['customer.age > 17', ANNA, 'customer.age > 17'],
  ['customer.age >= 18', ANNA, 'customer.age >= 18'],
  ['customer.age in [18, 19]', ANNA, 'customer.age in [18,19]'],
  ['customer.age >= -(-18)', ANNA, 'customer.age >= 18'],
  ['customer.age < -5', ANNA, 'customer.age < -5'],
  ['customer.country == "AT"', ANNA, 'customer.country == "AT"'],
  ['customer.country in ["AT", "CH"]', ANNA, 'customer.country in ["AT","CH"]'],
  ['customer.country > "DE"', ANNA, 'customer.country > "DE"'],
  ['customer.country < "DE"', ANNA, 'customer.country < "DE"'],
  // The name on the right.
  ['18 == customer.age', ANNA, 'customer.age == 18'],
  ['17 != customer.age', ANNA, 'customer.age != 17'],
  ['17 < customer.age', ANNA, 'customer.age > 17'],
  ['18 <= customer.age', ANNA, 'customer.age >= 18'],
  ['17 > customer.age', ANNA, 'customer.age < 17'],
  ['16 >= customer.age', ANNA, 'customer.age <= 16'],
  // Truth values.
  ['customer.vip', ANNA, 'customer.vip == true'],
  ['!customer.optedIn', ANNA, 'customer.optedIn == false'],
  ['customer.vip == true', ANNA, 'customer.vip == true'],
  ['customer.vip != false', ANNA, 'customer.vip == true'],
  ['customer.optedIn == false', ANNA, 'customer.optedIn == false'],
  ['customer.optedIn != true', ANNA, 'customer.optedIn == false'],
  ['customer.optedIn < true', ANNA, 'customer.optedIn == false'],
  ['false < customer.vip', ANNA, 'customer.vip == true'],
  ['customer.vip >= true', ANNA, 'customer.vip == true'],
  ['customer.optedIn <= false', ANNA, 'customer.optedIn == false'],
  ['customer.vip in [true]', ANNA, 'customer.vip in [true]'],
  // Every kind of name.
  ['context.basketValue >= 45', ANNA, 'context.basketValue >= 45'],
  ['features.returns_rate < 0.6', ANNA, 'features.returns_rate < 0.6'],
  ['live.stock > 0', ANNA, 'live.stock > 0'],
  ['action.price < 50', ANNA, 'action.price < 50'],
  ['action.tier == "service"', ANNA, 'action.tier == "service"'],
  ['action.id != "winter-boots"', ANNA, 'action.id != "winter-boots"'],
  ['channel == "email"', ANNA, 'channel == "email"'],
  ['placement in ["mail-top"]', ANNA, 'placement in ["mail-top"]'],
]

const NEGATED: readonly Row[] = [
  ['!(customer.age == 17)', ANNA, 'customer.age != 17'],
  ['!(customer.age != 18)', ANNA, 'customer.age == 18'],
  ['!(customer.age < 18)', ANNA, 'customer.age >= 18'],
  ['!(customer.age <= 17)', ANNA, 'customer.age > 17'],
  ['!(customer.age > 16)', ANNA, 'customer.age <= 16'],
  ['!(customer.age >= 17)', ANNA, 'customer.age < 17'],
  ['!(customer.age in [16, 17])', ANNA, 'customer.age not in [16,17]'],
  ['!(17 <= customer.age)', ANNA, 'customer.age < 17'],
  ['!(customer.vip == false)', ANNA, 'customer.vip == true'],
  ['!(customer.vip != true)', ANNA, 'customer.vip == true'],
  ['!(customer.vip < true)', ANNA, 'customer.vip == true'],
  ['!!!(customer.age < 18)', ANNA, 'customer.age >= 18'],
  // De Morgan.
  ['!(customer.age < 18 || customer.country != "DE")', ANNA, 'customer.age >= 18'],
  ['!(customer.age < 18 || !(customer.visits > 2 && customer.optedIn))', ANNA, 'customer.age >= 18'],
  ['!(customer.visits < 2 || !(customer.visits > 2 && customer.vip))', ANNA, 'customer.vip == true'],
  ['!(customer.age < 18 && customer.country == "DE")', ANNA, null],
]

const CHAINS: readonly Row[] = [
  ['customer.country == "DE" && customer.age >= 18', ANNA, 'customer.age >= 18'],
  ['customer.age >= 18 && customer.country == "DE"', ANNA, 'customer.age >= 18'],
  ['customer.optedIn && customer.age >= 18 && customer.visits > 2', ANNA, 'customer.age >= 18'],
  ['customer.optedIn && ((customer.visits > 2 && (customer.age >= 18)))', ANNA, 'customer.age >= 18'],
  ['(customer.vip || customer.optedIn) && customer.age >= 18', ANNA, 'customer.age >= 18'],
  // A comparison that is not described may stand beside it, as long as it is true.
  ['customer.visits < customer.age && live.stock > 0', ANNA, 'live.stock > 0'],
  ['has(live.stock) && live.stock > 0', ANNA, 'live.stock > 0'],
  // Two fail.
  ['customer.age >= 18 && customer.vip', ANNA, null],
  ['customer.age >= 18 && customer.age >= 16', { customer: { age: 10 } }, null],
  ['has(live.price) && live.price < 50', ANNA, null],
  // Any of them would do.
  ['customer.age >= 18 || customer.vip', ANNA, null],
  ['!has(live.stock) || live.stock > 0', ANNA, null],
  ['(customer.age >= 18 || customer.vip) && customer.optedIn', ANNA, null],
]

const UNDECIDED: readonly Row[] = [
  ['customer.age >= 18', {}, 'customer.age >= 18'],
  ['!(customer.age < 18)', {}, 'customer.age >= 18'],
  ['!customer.vip', {}, 'customer.vip == false'],
  ['customer.age >= 18 && channel == "web"', {}, 'customer.age >= 18'],
  ['!(customer.age < 18 || channel != "web")', {}, 'customer.age >= 18'],
  ['features.orders > 0', {}, 'features.orders > 0'],
  ['customer.age >= 18', { customer: { age: 'old' } }, 'customer.age >= 18'],
  ['customer.age >= 18 && customer.vip', {}, null],
  // Every value would do, and none is told.
  ['customer.vip in [true, false]', {}, 'customer.vip in [true,false]'],
  ['!(customer.vip in [true, false])', {}, null],
  ['customer.vip <= true', {}, null],
  ['!(customer.age in [])', {}, null],
]

const CHOICES: readonly Row[] = [
  ['customer.vip ? customer.visits > 9 : customer.age >= 18', ANNA, 'customer.age >= 18'],
  ['customer.optedIn ? customer.visits > 9 : customer.age >= 18', ANNA, 'customer.visits > 9'],
  ['!(customer.optedIn ? customer.visits < 9 : false)', ANNA, 'customer.visits >= 9'],
  ['customer.optedIn && (customer.optedIn ? customer.vip : true)', ANNA, 'customer.vip == true'],
  // Who becomes old enough would be asked something else.
  ['customer.age < 18 ? customer.age >= 18 : true', ANNA, null],
  ['customer.age < 16 ? false : customer.age >= 18', ANNA, null],
  ['[16].exists(x, x > customer.age) ? false : customer.age >= 18', ANNA, null],
  ['customer.vip ? customer.visits > 9 : customer.age >= 18', { customer: { visits: 3, age: 17 } }, null],
  ['(customer.vip ? 1 : 2) == 1', ANNA, null],
  ['live.stock >= (channel == "email" ? 50 : 5)', ANNA, null],
]

/** The name stands elsewhere too. */
const AGAIN: readonly Row[] = [
  ['customer.age >= 18 && customer.age < 65', ANNA, 'customer.age >= 18'],
  ['customer.age >= 18 && customer.age < 65', { customer: { age: 70 } }, 'customer.age < 65'],
  ['customer.age >= 18 && customer.age < 18', ANNA, null],
  ['customer.age > 17 && customer.age < 17.5', ANNA, null],
  ['customer.country != "DE" && (customer.country == "DE" || customer.vip)', ANNA, null],
]

const OTHERS: readonly Row[] = [
  ['now < timestamp("2020-01-01T00:00:00Z")', ANNA, null],
  ['timestamp("2030-01-01T00:00:00Z") <= now', ANNA, null],
  ['now - timestamp("2026-11-22T00:00:00Z") >= duration("8760h")', ANNA, null],
  ['customer.age == customer.visits', ANNA, null],
  ['customer.age < customer.visits', ANNA, null],
  ['customer.vip == customer.optedIn', ANNA, null],
  ['customer.age in [1, customer.visits]', ANNA, null],
  ['18 in [customer.age]', ANNA, null],
  ['customer.age in [1, 2].map(x, x * 2)', ANNA, null],
  ['customer.age in []', ANNA, null],
  ['customer.country < ""', ANNA, null],
  ['customer.age > 1.7976931348623157e308', ANNA, null],
  ['customer.age + 1 >= 19', ANNA, null],
  ['size(customer.country) > 2', ANNA, null],
  ['customer.country.startsWith("A")', ANNA, null],
  ['has(customer.name)', ANNA, null],
  ['["AT"].exists(c, c == customer.country)', ANNA, null],
  ['[1, 2].all(x, x > 2)', ANNA, null],
  ['(customer.age >= 18) == true', ANNA, null],
  ['1 > 2', ANNA, null],
  ['false', ANNA, null],
  ['false && customer.age >= 18', ANNA, null],
]

describe('what alone keeps a rule from being true', () => {
  describe.each([
    ['a comparison', COMPARISONS],
    ['negated', NEGATED],
    ['in a chain', CHAINS],
    ['undecided', UNDECIDED],
    ['in a choice', CHOICES],
    ['of a name that stands elsewhere too', AGAIN],
    ['nothing that is told', OTHERS],
  ])('%s', (_kind, rows) => {
    test.each(rows)('%s given %j: %s', (source, given, decisive) => {
      expect(told(conditionOf(source).decisive(contextOf(given), true))).toBe(decisive)
      // Its opposite is kept from being false by the same.
      expect(told(conditionOf(`!(${source})`).decisive(contextOf(given), false))).toBe(decisive)
    })
  })

  test('is nothing when it is true', () => {
    expect(conditionOf('customer.age >= 17').decisive(contextOf(ANNA), true)).toBeNull()
  })
})

describe('what alone keeps a rule from being false', () => {
  test.each<Row>([
    ['customer.optedIn', ANNA, 'customer.optedIn == false'],
    ['customer.age < 18', ANNA, 'customer.age >= 18'],
    ['customer.vip', {}, 'customer.vip == false'],
    ['customer.age < 18 || customer.vip', ANNA, 'customer.age >= 18'],
    ['customer.age < 18 || customer.vip', { customer: { vip: false } }, 'customer.age >= 18'],
    ['customer.vip || (customer.visits > 9 || customer.age < 18)', ANNA, 'customer.age >= 18'],
    ['customer.age < 18 || customer.optedIn', ANNA, null],
    ['customer.age < 18 && customer.optedIn', ANNA, null],
    ['customer.age >= 18', ANNA, null],
  ])('%s given %j: %s', (source, given, decisive) => {
    expect(told(conditionOf(source).decisive(contextOf(given), false))).toBe(decisive)
  })
})

describe('a rule', () => {
  test('can be asked of one after the other', () => {
    const rule = conditionOf('customer.country == "DE" && customer.age >= 18')
    const asked = (age: number, country: string) =>
      told(rule.decisive(contextOf({ customer: { age, country } }), true))
    expect([asked(17, 'DE'), asked(18, 'AT'), asked(17, 'AT'), asked(18, 'DE')]).toEqual([
      'customer.age >= 18',
      'customer.country == "DE"',
      null,
      null,
    ])
  })

  test('as deep as may be is asked too', () => {
    const rule = conditionOf(`${'!'.repeat(198)}customer.vip`)
    expect(told(rule.decisive(contextOf(ANNA), true))).toBe('customer.vip == true')
  })
})

const DIGITS: RuleScope = {
  ...SCOPE,
  customer: new Map([...SCOPE.customer, ['digits', { type: 'string' }]]),
}

/** Some rule that is not `wanted` in some context; `decisive` is what it tells. */
const asked = fc.tuple(someCondition, someKnown, fc.boolean()).map(([source, known, wanted]) => {
  const rule = conditionOf(source, DIGITS)
  const context = contextOfKnown(known)
  return { source, rule, context, wanted, decisive: rule.decisive(context, wanted) }
})

describe('whatever the rule', () => {
  test('what is told is enough, and is all that is changed', () => {
    let found = 0
    fc.assert(
      fc.property(asked, ({ rule, context, wanted, decisive }) => {
        if (decisive === null) return
        found++
        expect(rule.evaluate(context)).not.toBe(wanted)
        const changed = withValue(context, decisive.name, witnessOf(decisive)!)
        expect(rule.evaluate(changed)).toBe(wanted)
        expect(holds(decisive, changed)).toBe(true)
        expect(holds(decisive, context)).not.toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(found).toBeGreaterThan(500)
  })

  test('every value would do of a name that stands in it once', () => {
    let tried = 0
    const values = fc.tuple(someValue('bool'), someValue('number'), someValue('string'))
    fc.assert(
      fc.property(asked, values, ({ source, rule, context, wanted, decisive }, some) => {
        if (decisive === null || source.split(decisive.name).length > 2) return
        for (const value of some) {
          const changed = withValue(context, decisive.name, value)
          if (holds(decisive, changed) !== true) continue
          tried++
          expect(rule.evaluate(changed)).toBe(wanted)
        }
      }),
      { numRuns: 3000 },
    )
    expect(tried).toBeGreaterThan(200)
  })

  test('nothing is told of one that is as wanted', () => {
    fc.assert(
      fc.property(asked, ({ rule, context, wanted, decisive }) => {
        if (rule.evaluate(context) === wanted) expect(decisive).toBeNull()
      }),
      { numRuns: 3000 },
    )
  })

  test('the one comparison that fails is found, whoever is asked', () => {
    fc.assert(
      fc.property(someOneFails, ({ terms, known, fails }) => {
        const context = contextOfKnown(known)
        const all = terms.join(' && ')
        const none = terms.map((term) => `!(${term})`).join(' || ')
        expect(conditionOf(all).decisive(context, true)?.name, all).toBe(fails)
        expect(conditionOf(none).decisive(context, false)?.name, none).toBe(fails)
      }),
      { numRuns: 1000 },
    )
  })
})

/** What the comparison comes to when it is a rule itself. */
function holds(comparison: Comparison, context: RuleContext) {
  const { name, op, wanted } = comparison
  const list = JSON.stringify(wanted)
  const source = op === 'not in' ? `!(${name} in ${list})` : `${name} ${op} ${list}`
  return conditionOf(source, DIGITS).evaluate(context)
}

function told(comparison: Comparison | null): string | null {
  if (comparison === null) return null
  const { name, op, wanted } = comparison
  return `${name} ${op} ${JSON.stringify(wanted satisfies Scalar | readonly Scalar[])}`
}
