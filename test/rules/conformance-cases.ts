import { getConformanceSuite, type IncrementalTest } from '@bufbuild/cel-spec/testdata/tests.js'
import type { AttributeType, Scalar, TypeSpec } from '../../src/domain/attributes.ts'
import type { RuleFault, RuleScope } from '../../src/domain/rule.ts'
import { compileCondition } from '../../src/rules/compile-rule.ts'
import { SCOPE } from './scope.ts'

/** One case of the CEL specification as this rule language can be asked it. */
export interface Case {
  /** A condition. */
  readonly source: string
  /** `true`: it must be so. `undecided`: it fails. `refused`: it is refused for its types, or for what is written out. */
  readonly expected: 'true' | 'undecided' | 'refused'
  readonly scope: RuleScope
  readonly customer: Readonly<Record<string, Scalar>>
}

export interface LeftOut {
  readonly leftOut: string
}

type Test = IncrementalTest['original']
type Value = Extract<Test['resultMatcher'], { case: 'value' }>['value']

/** Every case of the specification, by name: as a case for us, or with the reason why it is none. */
export function conformanceCases(): (readonly [name: string, read: Case | LeftOut])[] {
  const cases: (readonly [string, Case | LeftOut])[] = []
  const walk = (suite: ReturnType<typeof getConformanceSuite>, path: readonly string[]): void => {
    for (const { name, original } of suite.tests) cases.push([[...path, name].join('/'), read(original)])
    for (const inner of suite.suites) walk(inner, [...path, inner.name])
  }
  walk(getConformanceSuite(), [])
  return cases
}

function read(test: Test): Case | LeftOut {
  if (test.checkOnly) return { leftOut: 'only asks for a type' }
  const bound = boundValues(test.bindings)
  if (bound === null) return { leftOut: 'binds what is no number, text or truth value' }
  const { customer, scope } = bound
  const expr = asWrittenHere(test.expr, Object.keys(customer))
  const whole = needsWholeNumbers(expr)
  if (whole !== null) return { leftOut: whole }
  if (test.resultMatcher.case === 'evalError') {
    // Whatever its type, a failure equals nothing.
    const source = `(${expr}\n) == (${expr}\n)`
    const faults = faultsOf(source, scope)
    if (faults.length === 0) return { source, expected: 'undecided', customer, scope }
    return faults.every(({ what }) => RIGHTLY_REFUSED.test(what))
      ? { source, expected: 'refused', customer, scope }
      : { leftOut: reasonOf(faults) }
  }
  const literal = literalOf(wantedOf(test.resultMatcher))
  if (literal === null) return { leftOut: 'expects what is no number, text, truth value or list of these' }
  const source = literal === '[]' ? `size(${expr}\n) == 0` : `(${expr}\n) == ${literal}`
  const faults = faultsOf(source, scope)
  return faults.length === 0 ? { source, expected: 'true', customer, scope } : { leftOut: reasonOf(faults) }
}

/** Refusals that are this language’s way of the specification’s errors. */
const RIGHTLY_REFUSED =
  /compares a|has no meaning|is no RFC 3339 time|is no duration|true or false|gives a .* or a|no element at/

/** Bindings `x` become declared attributes `customer.x`. */
function boundValues(bindings: Test['bindings']): Pick<Case, 'customer' | 'scope'> | null {
  const types = new Map<string, TypeSpec>()
  const customer: Record<string, Scalar> = {}
  for (const [name, { kind }] of Object.entries(bindings)) {
    const bound = kind.case === 'value' ? scalarOf(kind.value) : null
    if (bound === null || !/^\w+$/.test(name)) return null
    types.set(name, { type: bound[0] })
    customer[name] = bound[1]
  }
  return { customer, scope: { ...SCOPE, customer: types } }
}

function scalarOf({ kind }: Value): readonly [AttributeType, Scalar] | null {
  switch (kind.case) {
    case 'boolValue':
      return ['bool', kind.value]
    case 'stringValue':
      return ['string', kind.value]
    case 'doubleValue':
      return ['number', kind.value]
    case 'int64Value':
      return ['number', Number(kind.value)]
    default:
      return null
  }
}

const TEXT = /("""|'''|"|')(\\[\s\S]|(?!\1)[\s\S])*\1/g

/** The zone UTC, which CEL assumes, is written out here. */
function asWrittenHere(expr: string, names: readonly string[]): string {
  const renamed = names.reduce(
    (text, name) => text.replace(new RegExp(`(?<![\\w."'])${name}(?!\\w)`, 'g'), `customer.${name}`),
    expr,
  )
  return renamed.replace(/^(timestamp\([^)]*\)\.get\w+)\(\)/, '$1("UTC")')
}

/** There are no whole numbers here: what rests on their limits or on their division is another language. */
function needsWholeNumbers(expr: string): string | null {
  const bare = expr.replace(TEXT, '""')
  if (bare.includes('/') && !/\d\.\d/.test(bare)) return 'divides whole numbers'
  const limits = /\d{16}|\d{10} \* \d{10}|\d{10}\) \* \d{10}|int\(1e99\)/
  return limits.test(bare) ? 'is about the limits of whole numbers' : null
}

function wantedOf(matcher: Test['resultMatcher']): Value['kind'] {
  if (matcher.case === 'value') return matcher.value.kind
  if (matcher.case === 'typedResult') return matcher.value.result?.kind ?? { case: undefined }
  return { case: 'boolValue', value: true }
}

function literalOf(kind: Value['kind']): string | null {
  switch (kind.case) {
    case 'boolValue':
    case 'int64Value':
      return String(kind.value)
    case 'doubleValue':
      return Number.isFinite(kind.value) ? String(kind.value) : null
    case 'stringValue':
      return JSON.stringify(kind.value)
    case 'listValue': {
      const literals = kind.value.values.map((value) => literalOf(value.kind))
      return literals.includes(null) ? null : `[${literals.join(', ')}]`
    }
    default:
      return null
  }
}

function faultsOf(source: string, scope: RuleScope): readonly RuleFault[] {
  const rule = compileCondition(source, scope)
  return 'evaluate' in rule ? [] : rule
}

/** The first fault, without what is the case’s own. */
function reasonOf([fault]: readonly RuleFault[]): string {
  return fault!.what
    .replace(/^(there is no (?:method|function|time zone)) .*/, '$1 of this name')
    .replace(/^there is no (?!method|function|time zone).*/, 'there is no such name')
    .replace(/"[\s\S]*"/, '"…"')
    .replace(/^\w+\(\) /, '…() ')
    .replace(/\ba (?:list of )*(?:bool|number|string|timestamp|duration|list)\b(?! begins)/g, 'a …')
}
