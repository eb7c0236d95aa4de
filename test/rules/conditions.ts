import fc from 'fast-check'
import type { Scalar } from '../../src/domain/attributes.ts'
import type { RuleContext } from '../../src/domain/rule.ts'
import { chanceOf } from './chance.ts'
import { expression, NAMES } from './expressions.ts'
import { contextOf } from './scope.ts'

const VALUES = {
  bool: [true, false],
  number: [-1, 0, 0.5, 1, 2, 3, 18, 1e300],
  string: ['a', 'ab', 'DE', 'de', 'ß', '😀'],
} as const
type Kind = keyof typeof VALUES
const KINDS = ['bool', 'number', 'string'] as const

/** Values by the names of rules; what is not in it is missing. */
export type Known = Readonly<Record<string, Scalar>>

/** Of some people much is known, of others little. */
export const someKnown: fc.Arbitrary<Known> = fc
  .tuple(
    fc.record(
      Object.fromEntries(
        KINDS.flatMap((kind) => NAMES[kind].map((name) => [name, someValue(kind)] as const)),
      ),
    ),
    fc.subarray(Object.values(NAMES).flat()),
  )
  .map(([all, names]) => Object.fromEntries(names.map((name) => [name, all[name]!])))

export function contextOfKnown(known: Known): RuleContext {
  const of = (root: string): Record<string, Scalar> =>
    Object.fromEntries(
      Object.entries(known).flatMap(([name, value]) =>
        name.startsWith(`${root}.`) ? [[name.slice(root.length + 1), value]] : [],
      ),
    )
  return contextOf({
    customer: of('customer'),
    context: of('context'),
    features: of('features'),
    live: of('live'),
    action: { attributes: of('action') },
  })
}

/** A comparison of a name with what is written out, or a name that is true or false. */
const someComparison: fc.Arbitrary<string> = fc.constantFrom(...KINDS).chain((kind) => {
  const name = fc.constantFrom<string>(...NAMES[kind])
  const op = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
  const literal = someValue(kind).map((value) => JSON.stringify(value))
  return fc.oneof(
    fc.tuple(name, op, literal).map((parts) => parts.join(' ')),
    fc.tuple(literal, op, name).map((parts) => parts.join(' ')),
    fc.tuple(name, fc.array(literal, { maxLength: 3 })).map(([of, list]) => `${of} in [${list.join(', ')}]`),
    fc.constantFrom<string>(...NAMES.bool),
  )
})

/** Whatever else this language has: loops, calls, calculations, times. */
const someExpression = fc.nat().map((seed) => expression('bool', 2, chanceOf(seed)).here)

/** Conditions, mostly of comparisons. They are written for a scope with `customer.digits`. */
export const someCondition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: someComparison },
    { weight: 1, arbitrary: someExpression },
    { weight: 3, arbitrary: joined('&&', tie('condition')) },
    { weight: 3, arbitrary: joined('||', tie('condition')) },
    { weight: 2, arbitrary: tie('condition').map((condition) => `!(${condition})`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('condition'), tie('condition'), tie('condition'))
        .map(([test, yes, no]) => `((${test}) ? (${yes}) : (${no}))`),
    },
  ),
})).condition

function joined(op: string, condition: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(condition, { minLength: 2, maxLength: 3 }).map((terms) => `(${terms.join(` ${op} `)})`)
}

/** Simple conditions of different names, with all that is known: every one of them is true, but the one of `fails`. */
export interface OneFails {
  readonly terms: readonly string[]
  readonly known: Known
  readonly fails: string
}

export const someOneFails: fc.Arbitrary<OneFails> = fc
  .uniqueArray(fc.constantFrom(...KINDS.flatMap((kind) => NAMES[kind].map((name) => ({ kind, name })))), {
    minLength: 2,
    maxLength: 5,
  })
  .chain((names) =>
    fc
      .tuple(
        fc.nat(names.length - 1),
        fc.boolean(),
        fc.tuple(...names.map(({ kind }) => fc.tuple(twoOf(kind), fc.nat()))),
      )
      .map(([at, isMissing, chosen]) => ({
        fails: names[at]!.name,
        terms: names.map(({ name }, i) => {
          const [[value, other], form] = chosen[i]!
          const forms = i === at ? falseOf(name, value, other) : trueOf(name, value, other)
          return forms[form % forms.length]!
        }),
        known: Object.fromEntries(
          names.flatMap(({ name }, i) => (i === at && isMissing ? [] : [[name, chosen[i]![0][0]]])),
        ),
      })),
  )

/** Two different values. */
function twoOf(kind: Kind): fc.Arbitrary<readonly [Scalar, Scalar]> {
  return fc
    .uniqueArray(someValue(kind), { minLength: 2, maxLength: 2 })
    .map(([value, other]) => [value!, other!] as const)
}

function trueOf(name: string, value: Scalar, other: Scalar): string[] {
  const [v, o] = [JSON.stringify(value), JSON.stringify(other)]
  const forms = [
    ...[`${name} == ${v}`, `${v} == ${name}`, `${name} != ${o}`, `${o} != ${name}`, `!(${name} == ${o})`],
    ...[`${name} in [${o}, ${v}]`, `!(${name} in [${o}])`],
  ]
  if (typeof value === 'boolean') return [...forms, value ? name : `!${name}`]
  return [...forms, `${name} >= ${v}`, `${v} >= ${name}`, `!(${name} > ${v})`, `!(${v} > ${name})`]
}

function falseOf(name: string, value: Scalar, other: Scalar): string[] {
  const [v, o] = [JSON.stringify(value), JSON.stringify(other)]
  const forms = [
    ...[`${name} != ${v}`, `${v} != ${name}`, `${name} == ${o}`, `${o} == ${name}`, `!(${name} == ${v})`],
    ...[`${name} in [${o}]`, `!(${name} in [${v}])`],
  ]
  if (typeof value === 'boolean') return [...forms, value ? `!${name}` : name]
  return [...forms, `${name} > ${v}`, `${v} > ${name}`, `!(${name} >= ${v})`, `!(${v} >= ${name})`]
}

export function someValue(kind: Kind): fc.Arbitrary<Scalar> {
  return fc.constantFrom<Scalar>(...VALUES[kind])
}
