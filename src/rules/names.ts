import type { Attributes, AttributeType, TypeSpec } from '../domain/attributes.ts'
import { didYouMean } from '../domain/nearest.ts'
import {
  ACTION_FIELDS,
  RULE_ROOTS,
  type RuleContext,
  type RuleRoot,
  type RuleScope,
  Undecided,
} from '../domain/rule.ts'
import { LIVE_FIELDS } from '../domain/run-time-state.ts'
import { FAULTY, fault, type Part, type Work } from './part.ts'
import type { Node } from './tree.ts'
import { type Evaluate, isUndecided, type Value } from './value.ts'

/** A name that stands alone: a variable, a root that has a value itself, or a fault. */
export function translateName(node: Node & { op: 'id' }, work: Work): Part {
  const name = node.args
  const variable = work.variables.get(name)
  if (variable !== undefined) {
    const { slot, type } = variable
    return { type, evaluate: () => work.slots[slot]! }
  }
  const root = rootOf(node, work)
  if (root === null) return FAULTY
  switch (root) {
    case 'now':
      work.reads.add(root)
      return { type: 'timestamp', evaluate: (context) => context.now }
    case 'channel':
    case 'placement':
      work.reads.add(root)
      return { type: 'string', evaluate: (context) => context[root], idOf: root }
    default:
      return fault(work, node, `${root} is not a value by itself`, `name one of its fields: ${root}.…`)
  }
}

/** `customer.age` and the like; null when the node is no such name. */
export function translateField(node: Node & { op: '.' }, work: Work): Part | null {
  const [owner, field] = node.args
  if (owner.op !== 'id' || work.variables.has(owner.args)) return null
  const root = rootOf(owner, work)
  if (root === null) return FAULTY
  const name = `${root}.${field}`
  work.reads.add(name)
  switch (root) {
    case 'customer':
    case 'context':
      return declared(node, root, field, work.scope[root], work)
    case 'features':
      if (work.scope.features?.has(field) === false) {
        const remedy = didYouMean(field, work.scope.features, 'load a feature set that has it', 'features.')
        return fault(work, node, `no feature is called ${field}`, remedy)
      }
      return {
        type: 'number',
        evaluate: guarded(work, 'number', name, (context) => context.feature(field)),
        name,
      }
    case 'live':
      if (field !== 'stock' && field !== 'price')
        return fault(work, node, `there is no ${name}`, didYouMean(field, LIVE_FIELDS, '', 'live.'))
      return { type: 'number', evaluate: guarded(work, 'number', name, ({ live }) => live[field]) }
    case 'action':
      return actionField(node, field, work)
    default:
      return fault(work, node, `${root} has no fields`, `write ${root} alone`)
  }
}

function rootOf(node: Node & { op: 'id' }, work: Work): RuleRoot | null {
  const root = RULE_ROOTS.find((known) => known === node.args)
  if (root !== undefined && work.scope.roots.has(root)) return root
  if (root !== undefined) {
    fault(work, node, `${root} means nothing here`, `this rule may name ${[...work.scope.roots].join(', ')}`)
  } else {
    const meant = rootsWith(node.args, work)
    const remedy =
      meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : didYouMean(node.args, work.scope.roots, '')
    fault(work, node, `there is no ${node.args}`, `${remedy}; a text stands in quotes`)
  }
  return null
}

/** Names that end like this: `customer.age` for `age`. */
function rootsWith(field: string, { scope }: Work): string[] {
  const owners: [RuleRoot, boolean | undefined][] = [
    ['customer', scope.customer.has(field)],
    ['context', scope.context.has(field)],
    ['features', scope.features?.has(field)],
    ['action', scope.attributes.has(field) || ACTION_FIELDS.some((own) => own === field)],
    ['live', LIVE_FIELDS.some((own) => own === field)],
  ]
  return owners.flatMap(([root, has]) => (has && scope.roots.has(root) ? [`${root}.${field}`] : []))
}

function declared(
  node: Node,
  root: 'customer' | 'context',
  field: string,
  types: ReadonlyMap<string, TypeSpec>,
  work: Work,
): Part {
  const spec = types.get(field)
  if (spec === undefined) {
    const remedy = didYouMean(field, [...types.keys()], `declare it under types.${root}`, `${root}.`)
    return fault(work, node, `${root}.${field} is not declared under types.${root}`, remedy)
  }
  const read = ownValue(field)
  return {
    type: spec.type,
    evaluate: guarded(work, spec.type, `${root}.${field}`, (context) => read(context[root])),
    name: `${root}.${field}`,
  }
}

function actionField(node: Node, field: string, work: Work): Part {
  const own = ACTION_FIELDS.find((known) => known === field)
  if (own !== undefined) {
    const read = guarded(work, 'string', `action.${own}`, ({ action }) => action[own])
    return { type: 'string', evaluate: read, idOf: own === 'id' ? 'action' : own }
  }
  const type = work.scope.attributes.get(field)
  if (type === undefined) {
    const names = [...ACTION_FIELDS, ...work.scope.attributes.keys()]
    const remedy = didYouMean(field, names, '', 'action.')
    return fault(work, node, `no action that this rule is for has an attribute ${field}`, remedy)
  }
  if (type === 'mixed') {
    return fault(
      work,
      node,
      `attribute ${field} is not of the same type in all actions`,
      'give it one type everywhere, or name it in rules of single actions only',
    )
  }
  const read = ownValue(field)
  return { type, evaluate: guarded(work, type, `action.${field}`, ({ action }) => read(action.attributes)) }
}

/** Reads an own property: `constructor` may be declared, and is missing all the same when nobody gave it. */
function ownValue(field: string): (values: Attributes) => Value | undefined {
  return field in Object.prototype
    ? (values) => (Object.hasOwn(values, field) ? values[field] : undefined)
    : (values) => values[field]
}

const TYPE_OF = { bool: 'boolean', number: 'number', string: 'string' } as const

/** Readers by scope, name and type: the rules of a catalogue share them, so that they stay in the processor’s cache. */
const readers = new WeakMap<RuleScope, Map<string, Evaluate>>()

/** What is absent is missing; what is of another type than declared (an older catalogue took it) cannot be worked with. */
function guarded(
  { scope }: Work,
  type: AttributeType,
  name: string,
  read: (context: RuleContext) => Value | undefined,
): Evaluate {
  const ofScope = readers.get(scope) ?? new Map<string, Evaluate>()
  readers.set(scope, ofScope)
  const key = `${type} ${name}`
  const known = ofScope.get(key)
  if (known !== undefined) return known
  const expected = TYPE_OF[type]
  const missing = new Undecided('missing', name)
  const failed = new Undecided('failed', `${name} is no ${type}`)
  const reader: Evaluate = (context) => {
    const value = read(context)
    if (typeof value === expected) return value!
    if (value === undefined || value === null) return missing
    return isUndecided(value) ? value : failed
  }
  ofScope.set(key, reader)
  return reader
}
