import { type CelResult, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { describe, expect, test } from 'vitest'
import { type Rule, type RuleScope, Undecided } from '../../src/domain/rule.ts'
import { compileCondition, compileQuantity } from '../../src/rules/compile-rule.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Expression, expression, NAMES } from './expressions.ts'
import { contextOf, type Given, SCOPE } from './scope.ts'

/**
 * This rule language against another implementation of CEL, on expressions made by chance: equal values, or a failure
 * for both. Left out by construction, because the meaning differs on purpose or the other one is wrong:
 * - whole numbers: literals are written 18 here and 18.0 there; what counts is put into double(…) there;
 * - int() of what is calculated: a result beyond 64 bits fails there; int() and double() of texts that are no numbers:
 *   there, JavaScript reads them;
 * - the order of texts with characters from U+E000 to U+FFFF: there, in UTF-16 units;
 * - days that do not exist (30 February): there, they roll over;
 * - days, months and years in zones that have a name: there, the hour after midnight is of the next day;
 * - calendar parts without a zone (refused here), empty lists (without a type here), parts of a millisecond.
 */
process.env.TZ = 'UTC'

const ENVIRONMENT = celEnv()
const RULES = 2_600
const CONTEXTS = 20
const SEEDS = [20_261_122, Math.floor(Math.random() * 2 ** 31)]

describe.each(SEEDS)('expressions by the seed %i', (seed) => {
  const chance = chanceOf(seed)
  const contexts = Array.from({ length: CONTEXTS }, () => someContext(chance))
  const tally = { true: 0, false: 0, number: 0, undecided: 0 }

  test('come to the same here and there', () => {
    for (let i = 0; i < RULES; i++) {
      const kind = chance.odds(0.85) ? 'bool' : 'number'
      const pair = expression(kind, 1 + chance.below(4), chance)
      const here = ruleOf(kind, pair)
      const there = plan(ENVIRONMENT, parse(pair.cel).expr) as (given: object) => CelResult
      for (const context of contexts) {
        const outcome = here.evaluate(contextOf(context))
        const expected = comparable(there(celBindings(context)))
        if (comparable(outcome) !== expected) {
          expect.fail(
            `${pair.here}\nhere ${comparable(outcome)}, there ${expected}: ${pair.cel}\n${JSON.stringify(context)}`,
          )
        }
        tally[kindOf(outcome)]++
      }
    }
  })

  test('come to every kind of outcome often enough to mean something', () => {
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan((RULES * CONTEXTS) / 20)
  })
})

function kindOf(outcome: boolean | number | Undecided): 'true' | 'false' | 'number' | 'undecided' {
  if (outcome instanceof Undecided) return 'undecided'
  return typeof outcome === 'number' ? 'number' : outcome ? 'true' : 'false'
}

const SCOPE_HERE: RuleScope = {
  ...SCOPE,
  customer: new Map([...SCOPE.customer, ['digits', { type: 'string' }]]),
}

function ruleOf(kind: 'bool' | 'number', { here }: Expression): Rule<boolean | number> {
  const rule = kind === 'bool' ? compileCondition(here, SCOPE_HERE) : compileQuantity(here, SCOPE_HERE)
  if (!('evaluate' in rule)) throw new Error(`${here}\n${JSON.stringify(rule)}`)
  return rule
}

/** What is not finite fails here when a number is asked for. */
function comparable(outcome: unknown): boolean | number | 'failure' {
  if (typeof outcome === 'boolean') return outcome
  return typeof outcome === 'number' && Number.isFinite(outcome) ? outcome + 0 : failureOf(outcome)
}

function failureOf(outcome: unknown): 'failure' {
  const known = outcome instanceof Undecided || typeof outcome === 'number' || isCelError(outcome)
  if (!known) throw new Error(`not comparable: ${String(outcome)}`)
  return 'failure'
}

const VALUES: { readonly [kind in keyof typeof NAMES]: readonly (boolean | number | string)[] } = {
  bool: [true, false],
  number: [0, 1, 2, 3, 0.5, 2.25, 10, 18, 50, -1, 1000],
  string: ['', 'a', 'ab', 'DE', 'de', 'ß', 'a😀b', '😀', '日本'],
}

/** Every name is missing in a sixth of the contexts. */
function someContext(
  chance: Chance,
): Required<Pick<Given, 'customer' | 'context' | 'features' | 'live'>> & Given {
  const given: Record<string, Record<string, unknown>> = {
    customer: {},
    context: {},
    features: {},
    action: {},
    live: {},
  }
  for (const kind of ['bool', 'number', 'string'] as const) {
    for (const name of NAMES[kind]) {
      const [root, field] = name.split('.')
      if (chance.odds(5 / 6)) given[root!]![field!] = chance.pick<unknown>(VALUES[kind])
    }
  }
  const { customer, context, features, live } = given as Record<
    'customer' | 'context' | 'features' | 'live',
    Record<string, unknown>
  >
  if (chance.odds(5 / 6)) customer.digits = chance.pick(['12', '-3', '0', '007'])
  customer.joined = chance.pick(['2026-10-25T00:30:00Z', '2020-02-29T23:59:59.999+01:00', 'yesterday'])
  const now = chance.pick(['2026-03-29T00:59:59.500Z', '2026-11-01T06:30:00Z', '2026-06-15T12:00:00Z'])
  return { customer, context, features, live, action: { attributes: given.action! }, now }
}

function celBindings({
  customer,
  context,
  features,
  action,
  live,
  now,
}: ReturnType<typeof someContext>): object {
  const map = (fields: object) => new Map(Object.entries(fields))
  return {
    customer: map(customer),
    context: map(context),
    features: map(features),
    action: map(action!.attributes!),
    live: map(live),
    now,
  }
}
