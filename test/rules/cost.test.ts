import { describe, expect, test } from 'vitest'
import type { RuleFault } from '../../src/domain/rule.ts'
import { compileCondition } from '../../src/rules/compile-rule.ts'
import { loopsOf, stepsOf } from '../../src/rules/cost.ts'
import { parseRule } from '../../src/rules/parse.ts'
import type { Node } from '../../src/rules/tree.ts'
import { contextOf, SCOPE } from './scope.ts'

const tree = (source: string) => parseRule(source) as Node

describe('the steps of a rule', () => {
  test.each([
    ['true', 1],
    ['customer.age', 2],
    ['1 < 2', 3],
    ['true && true && true', 4],
    ['!true', 2],
    ['size("a")', 2],
    // What a choice asks is worked out twice where it is undecided.
    ['true ? 1 : 2', 5],
    ['(true ? true : false) ? true : false', 13],
    // Lists: their elements, and one comparison for each that is held against another.
    ['[1, 2, 3]', 4],
    ['1 in [1, 2, 3]', 9],
    ['[1, 2, 3] == [1, 2]', 10],
    ['[[1, 2], [3]] == [[1, 2], [3]]', 17],
    ['[1] in [[1], [2], [3]]', 13],
    ['[1, 2] in [[1, 2], [3, 4]]', 15],
    ['[[1, 2], [3, 4]][0] == [1, 2]', 15],
    ['(true ? [1, 2, 3] : [1]) == [1, 2]', 15],
    // Loops: what they do, for every element.
    ['[1, 2, 3].all(x, x > 1)', 16],
    ['[1, 2].exists(x, [1, 2, 3].exists(y, x < y))', 37],
    ['[1, 2].all(x, x == 1)', 11],
    ['[[1, 2], [3, 4]].all(l, l == [1, 2])', 23],
    ['[[1, 2, 3]].all(l, l.all(x, x > 1))', 19],
    ['[1, 2].map(x, [x, x]) == [[1], [2]]', 19],
    ['[1, 2].map(x, [x, x]) == [[1, 1], [2, 2]]', 23],
    ['[1, 2, 3].filter(x, x > 1) == [1, 2, 3]', 24],
  ])('%s: %i', (source, steps) => expect(stepsOf(tree(source))).toBe(steps))
})

describe('loops inside one another', () => {
  test.each([
    ['1 < 2', 0],
    ['[1].all(x, x > 1)', 1],
    ['[1].filter(x, x > 1).map(x, x).all(x, x > 1)', 1],
    ['[1].all(x, [2].exists(y, x == y)) && [1].all(x, x > 1)', 2],
    ['[1].all(x, [2].exists(y, [3].map(z, z) == [x]))', 3],
    ['[1].filter(x, [2].all(y, [3].exists(z, true))).all(x, true)', 3],
  ])('%s: %i', (source, loops) => expect(loopsOf(tree(source))).toBe(loops))
})

describe('the dearest rules that are taken', () => {
  const list = (length: number) => `[${Array.from({ length }, (_, i) => i + 1).join(', ')}]`

  test('are not choices by choices, which take twice as long with every one', () => {
    const rule = (depth: number) => `${'('.repeat(depth)}customer.age > 1${' ? true : false)'.repeat(depth)}`
    expect(compileCondition(rule(8), SCOPE)).toHaveProperty('evaluate')
    const [fault] = compileCondition(rule(24), SCOPE) as readonly RuleFault[]
    expect(fault?.what).toMatch(/^this may take \d+ steps, and 10000 are allowed$/)
  })

  test('stay below the bound', () => {
    const rule = (length: number) => `${list(length)}.all(x, ${list(length)}.exists(y, x + y < 0) || x > 0)`
    expect(compileCondition(rule(36), SCOPE)).toHaveProperty('evaluate')
    const [fault] = compileCondition(rule(40), SCOPE) as readonly RuleFault[]
    expect(fault?.what).toMatch(/^this may take \d+ steps, and 10000 are allowed$/)
  })

  test('are as deep as may be', () => {
    const deep = (levels: number) => `${'!'.repeat(levels)}customer.vip`
    const outcome = (levels: number) => {
      const rule = compileCondition(deep(levels), SCOPE)
      return 'evaluate' in rule ? rule.evaluate(contextOf({ customer: { vip: true } })) : rule[0]?.what
    }
    expect(outcome(198)).toBe(true)
    expect(outcome(199)).toBe('this rule is nested too deeply')
  })

  test('have hundreds of terms', () => {
    const terms = Array.from({ length: 499 }, (_, i) => `${i} < 0`)
    const rule = compileCondition(terms.join(' || '), SCOPE)
    expect('evaluate' in rule && rule.evaluate(contextOf())).toBe(false)
  })
})
