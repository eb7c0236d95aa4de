import type { Condition, Rule, RuleFault, RuleScope } from '../domain/rule.ts'
import { compileCondition, compileQuantity } from '../rules/compile-rule.ts'
import { parseRule } from '../rules/parse.ts'
import type { Reading } from './reading.ts'
import { type CatalogueNames, isMap } from './references/names.ts'
import type { Path } from './set-aside.ts'

/** Compiles the rules of a document. Equal rules of the same scope are one object: decisions keep outcomes by rule. */
export interface RuleCompiler {
  /** The rule, or undefined when it is at fault, which is then told at its character. */
  condition(source: string, scope: RuleScope, path: Path): Condition | undefined
  quantity(source: string, scope: RuleScope, path: Path): Rule<number> | undefined
  /** Tells what keeps a rule from being read, of names that mean nothing yet: what order lines have is not known. */
  syntax(source: string, path: Path): void
}

export function ruleCompiler(reading: Reading, names: CatalogueNames): RuleCompiler {
  const unsure = unsureNames(reading, names)
  return {
    condition: sharing(compileCondition, reading, unsure),
    quantity: sharing(compileQuantity, reading, unsure),
    syntax: (source, path) => {
      const parsed = parseRule(source)
      if (!('op' in parsed)) reading.tellWithin(path, parsed.offset, parsed.what, parsed.remedy)
    },
  }
}

function sharing<Compiled extends Condition | Rule<number>>(
  compile: (source: string, scope: RuleScope) => Compiled | readonly RuleFault[],
  reading: Reading,
  unsure: readonly RegExp[],
) {
  const compiled = new Map<RuleScope, Map<string, Compiled | readonly RuleFault[]>>()
  return (source: string, scope: RuleScope, path: Path): Compiled | undefined => {
    const ofScope = compiled.get(scope) ?? new Map<string, Compiled | readonly RuleFault[]>()
    compiled.set(scope, ofScope)
    const result = ofScope.get(source) ?? compile(source, scope)
    ofScope.set(source, result)
    if ('evaluate' in result) return result
    if (unsure.some((name) => name.test(source))) return undefined
    for (const { offset, what, remedy } of result) reading.tellWithin(path, offset, what, remedy)
    return undefined
  }
}

/** Names whose meaning is at fault itself: what a rule that says them gets wrong may be a consequence. */
export function unsureNames({ document, written }: Reading, names: CatalogueNames): RegExp[] {
  const words: string[] = []
  for (const root of ['customer', 'context'] as const) {
    if (!names[root].complete) words.push(root)
    for (const name of names[root].ids)
      if (!Object.hasOwn(document.types[root], name) && /^\w+$/.test(name)) words.push(name)
  }
  for (const kind of ['channel', 'placement', 'action', 'group'] as const)
    if (!names[kind].complete) words.push(kind)
  const actions = Array.isArray(written.actions) ? (written.actions as unknown[]) : []
  if (
    actions.some((action) => !isMap(action) || !(action.attributes === undefined || isMap(action.attributes)))
  )
    words.push('action')
  return words.map((word) => new RegExp(`\\b${word}\\b`))
}
