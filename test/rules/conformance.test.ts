import { describe, expect, test } from 'vitest'
import { compileCondition } from '../../src/rules/compile-rule.ts'
import { type Case, conformanceCases, type LeftOut } from './conformance-cases.ts'
import { contextOf, told } from './scope.ts'

/** Cases of the specification that end differently here, on purpose. */
const DIVERGENCES: ReadonlyMap<string, string> = new Map([
  ['timestamps/timestamp_range/add_duration_nanos_over', 'moments are kept in milliseconds'],
  ['timestamps/timestamp_range/add_duration_nanos_under', 'moments are kept in milliseconds'],
])

/** How many cases are run, and why the others are none for this language: a smaller subset shows here. */
const COUNTS = {
  differs: 2,
  'left out: "…" compares a … with a …': 5,
  'left out: "…" gives a … or a …': 1,
  'left out: "…" has no meaning for a … and a …': 6,
  'left out: "…" is for whole numbers, and numbers here are not': 10,
  'left out: "…" needs true or false here, this is a …': 4,
  'left out: a number begins with a digit': 1,
  'left out: a variable is needed here': 8,
  'left out: a … holds a …': 7,
  'left out: an invisible character stands here': 1,
  'left out: binds what is no number, text or truth value': 103,
  'left out: bytes are not part of this rule language': 20,
  'left out: divides whole numbers': 41,
  'left out: expects what is no number, text, truth value or list of these': 440,
  'left out: is about the limits of whole numbers': 101,
  'left out: maps are not part of this rule language': 91,
  'left out: null is not part of this rule language': 9,
  'left out: only asks for a type': 25,
  'left out: optional fields are not part of this rule language': 2,
  'left out: the rule cannot be read from "…" on': 314,
  'left out: there is no function of this name': 154,
  'left out: there is no method of this name': 461,
  'left out: there is no such name': 21,
  'left out: there is one kind of number here': 35,
  'left out: this has no fields': 1,
  'left out: …() is not for a …': 6,
  'left out: …() is not offered: a pattern can take for ever': 9,
  'left out: …() takes a variable and what is to be said of it': 13,
  'run: refused': 21,
  'run: true': 427,
  'run: undecided': 5,
}

const cases = conformanceCases()
const inside = cases.filter((entry): entry is readonly [string, Case] => !('leftOut' in entry[1]))
const outside = cases.filter((entry): entry is readonly [string, LeftOut] => 'leftOut' in entry[1])

describe('the specification’s own cases', () => {
  test.each(inside.filter(([name]) => !DIVERGENCES.has(name)))('%s', (_name, read) => {
    expect(outcomeOf(read), read.source).toBe(read.expected)
  })

  test.each(inside.filter(([name]) => DIVERGENCES.has(name)))('%s differs', (_name, read) => {
    expect(outcomeOf(read), read.source).not.toBe(read.expected)
  })

  test('are counted', () => {
    const counts: Record<string, number> = {}
    const count = (key: string) => {
      counts[key] = (counts[key] ?? 0) + 1
    }
    for (const [name, { expected }] of inside) count(DIVERGENCES.has(name) ? 'differs' : `run: ${expected}`)
    for (const [, { leftOut }] of outside) count(`left out: ${leftOut}`)
    expect(counts).toEqual(COUNTS)
  })
})

function outcomeOf({ source, scope, customer }: Case): string {
  const rule = compileCondition(source, scope)
  if (!('evaluate' in rule)) return 'refused'
  const outcome = told(rule.evaluate(contextOf({ customer })))
  return outcome.startsWith('failed') ? 'undecided' : outcome
}
