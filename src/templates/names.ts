import type { Attributes, AttributeType, Scalar, TypeSpec } from '../domain/attributes.ts'
import { didYouMean } from '../domain/nearest.ts'
import { ACTION_FIELDS } from '../domain/rule.ts'
import { LIVE_FIELDS } from '../domain/run-time-state.ts'
import type { TemplateScope, TemplateValues, TextFault } from '../domain/template.ts'
import type { Hole } from './parse-text.ts'

/** A name that is known. */
export interface Reader {
  readonly type: 'number' | 'string'
  /** The value, or undefined when there is none that could be shown. */
  read(values: TemplateValues): string | number | undefined
}

/** What a hole’s name reads, or what is wrong with it. */
export function resolveName(hole: Hole, scope: TemplateScope): Reader | TextFault {
  const [root, field, ...rest] = hole.name.split('.') as [string, ...string[]]
  const fault = (what: string, remedy: string): TextFault => ({ offset: hole.offset, what, remedy })
  const isRoot = root === 'customer' || root === 'context' || root === 'action' || root === 'live'
  if (isRoot && field === undefined)
    return fault(`${root} is not a value by itself`, `name one of its fields: ${root}.…`)
  if (!isRoot || rest.length > 0) {
    const remedy = didYouMean(hole.name, namesOf(scope), '')
    return fault(`there is no ${hole.name}`, remedy)
  }
  switch (root) {
    case 'live':
      return (
        liveReader(field!) ?? fault(`there is no ${hole.name}`, didYouMean(field!, LIVE_FIELDS, '', 'live.'))
      )
    case 'action':
      return actionReader(hole, field!, scope.attributes)
    default:
      return declaredReader(hole, root, field!, scope[root])
  }
}

function namesOf({ customer, context, attributes }: TemplateScope): string[] {
  return [
    ...[...customer.keys()].map((name) => `customer.${name}`),
    ...[...context.keys()].map((name) => `context.${name}`),
    ...[...ACTION_FIELDS, ...attributes.keys()].map((name) => `action.${name}`),
    ...LIVE_FIELDS.map((name) => `live.${name}`),
  ]
}

function declaredReader(
  hole: Hole,
  root: 'customer' | 'context',
  field: string,
  types: ReadonlyMap<string, TypeSpec>,
): Reader | TextFault {
  const spec = types.get(field)
  if (spec === undefined || isInherited(field)) {
    const remedy = didYouMean(field, shown(types), `declare it under types.${root}`, `${root}.`)
    return { offset: hole.offset, what: `${hole.name} is not declared under types.${root}`, remedy }
  }
  return reader(hole, spec.type, (values) => own(values[root], field))
}

function actionReader(
  hole: Hole,
  field: string,
  attributes: TemplateScope['attributes'],
): Reader | TextFault {
  const fixed = ACTION_FIELDS.find((known) => known === field)
  if (fixed !== undefined) return reader(hole, 'string', ({ action }) => action[fixed])
  const type = attributes.get(field)
  if (type === undefined || isInherited(field)) {
    const remedy = didYouMean(field, [...ACTION_FIELDS, ...shown(attributes)], '', 'action.')
    return { offset: hole.offset, what: `no action that says this has an attribute ${field}`, remedy }
  }
  if (type === 'mixed') {
    return {
      offset: hole.offset,
      what: `attribute ${field} is not of the same type in all actions`,
      remedy: 'give it one type everywhere',
    }
  }
  return reader(hole, type, ({ action }) => own(action.attributes, field))
}

function liveReader(field: string): Reader | undefined {
  const known = LIVE_FIELDS.find((name) => name === field)
  return known && { type: 'number', read: ({ live }) => showable(live[known], 'number') }
}

function reader(
  hole: Hole,
  type: AttributeType,
  read: (values: TemplateValues) => Scalar | undefined,
): Reader | TextFault {
  if (type === 'bool') {
    return {
      offset: hole.offset,
      what: `${hole.name} is true or false, which is nothing to print`,
      remedy: 'decide by a rule instead, and give each case a content of its own',
    }
  }
  return { type, read: (values) => showable(read(values), type) }
}

/** Names that every object inherits never resolve, whoever declares them. */
function isInherited(field: string): boolean {
  return field in Object.prototype || field === 'prototype'
}

function shown(names: ReadonlyMap<string, unknown>): string[] {
  return [...names.keys()].filter((name) => !isInherited(name))
}

function own(values: Attributes, field: string): Scalar | undefined {
  return Object.hasOwn(values, field) ? values[field] : undefined
}

const VISIBLE = /[^\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u

/** A value of another type (an older catalogue took it), a text without a visible letter and no number are no value. */
function showable(value: Scalar | undefined, type: 'number' | 'string'): string | number | undefined {
  if (typeof value === 'string' && type === 'string') return VISIBLE.test(value) ? value : undefined
  if (typeof value === 'number' && type === 'number') return Number.isFinite(value) ? value : undefined
  return undefined
}
