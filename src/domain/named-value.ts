import type { Scalar } from './attributes.ts'
import { ACTION_FIELDS, type RuleContext } from './rule.ts'

type Root = 'customer' | 'context' | 'features' | 'live' | 'action'

/** What a name that rules say (`customer.age`, `channel`) is at this moment; undefined when nothing is known. */
export function valueIn(context: RuleContext, name: string): Scalar | undefined {
  const [root, field] = partsOf(name)
  if (field === null) return context[name as 'channel' | 'placement']
  if (root === 'features') return context.feature(field)
  const values = root === 'action' && !isActionField(field) ? context.action.attributes : context[root]
  return Object.hasOwn(values, field) ? (values as Readonly<Record<string, Scalar>>)[field] : undefined
}

/** The same moment with one thing different: `name` is `value`. */
export function withValue(context: RuleContext, name: string, value: Scalar): RuleContext {
  const [root, field] = partsOf(name)
  if (field === null) return { ...context, [name]: value }
  switch (root) {
    case 'features': {
      const { feature } = context
      return { ...context, feature: (asked) => (asked === field ? (value as number) : feature(asked)) }
    }
    case 'action':
      return { ...context, action: withFact(context.action, field, value) }
    default:
      return { ...context, [root]: { ...context[root], [field]: value } }
  }
}

function partsOf(name: string): readonly [root: Root, field: string | null] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name as Root, null] : [name.slice(0, dot) as Root, name.slice(dot + 1)]
}

function withFact(action: RuleContext['action'], field: string, value: Scalar): RuleContext['action'] {
  if (isActionField(field)) return { ...action, [field]: value }
  return { ...action, attributes: { ...action.attributes, [field]: value } }
}

function isActionField(field: string): boolean {
  return ACTION_FIELDS.some((own) => own === field)
}
