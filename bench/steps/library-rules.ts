import { celEnv, celMap, isCelError, parse, plan } from '@bufbuild/cel'
import { Environment } from '@marcbachmann/cel-js'
import { type Condition, type RuleContext, Undecided } from '../../src/domain/rule.ts'

/**
 * The same rules evaluated by two CEL libraries, behind the same port. Each is used as well as we know how: parsed and
 * checked once, types declared, one set of bindings that is pointed at the context instead of being built for each.
 */

/** Fields of one root; read on demand, so that no binding is copied. */
class Fields extends Map<string, unknown> {
  from: Readonly<Record<string, unknown>> = {}
  override get(name: string): unknown {
    return this.from[name]
  }
}
class CustomerFields extends Fields {}
class ContextFields extends Fields {}
class ActionFields extends Fields {}
class LiveFields extends Fields {}
class FeatureFields extends Map<string, unknown> {
  read: RuleContext['feature'] = () => undefined
  override get(name: string): unknown {
    return this.read(name)
  }
}

const customer = new CustomerFields()
const context = new ContextFields()
const action = new ActionFields()
const live = new LiveFields()
const features = new FeatureFields()
let pointedAt: RuleContext | null = null
let pointedAction: RuleContext['action'] | null = null

function pointAt(given: RuleContext): void {
  // One context is set for each candidate anew.
  if (given === pointedAt && given.action === pointedAction) return
  pointedAt = given
  pointedAction = given.action
  customer.from = given.customer
  context.from = given.context
  action.from = given.action.attributes
  live.from = given.live as Readonly<Record<string, unknown>>
  features.read = given.feature
}

const UNDECIDED = new Undecided('failed', 'the library says no more than this')

const environment = new Environment()
  .registerType('Customer', {
    ctor: CustomerFields,
    fields: { country: 'string', age: 'double', clubMember: 'bool' },
  })
  .registerType('Context', { ctor: ContextFields, fields: { budget: 'double' } })
  .registerType('Action', { ctor: ActionFields, fields: { price: 'double' } })
  .registerType('Live', { ctor: LiveFields, fields: { stock: 'double', price: 'double' } })
  .registerType('Features', { ctor: FeatureFields, fields: { returns_rate: 'double' } })
  .registerVariable('customer', 'Customer')
  .registerVariable('context', 'Context')
  .registerVariable('action', 'Action')
  .registerVariable('live', 'Live')
  .registerVariable('features', 'Features')
const bindings = { customer, context, action, live, features }

/** Parsed and type-checked by @marcbachmann/cel-js, as Emma parses. */
export function parseByLibrary(source: string): (given: object) => unknown {
  const parsed = environment.parse(source)
  const { valid, error } = parsed.check()
  if (!valid) throw new Error(`${source}: ${error?.message}`)
  return parsed
}

/** Evaluated by @marcbachmann/cel-js, whose way of saying “undecided” is to throw. */
export function libraryRule(rule: Condition): Condition {
  const evaluate = parseByLibrary(rule.source)
  return {
    ...rule,
    evaluate: (given) => {
      pointAt(given)
      try {
        return evaluate(bindings) as boolean
      } catch {
        return UNDECIDED
      }
    },
  }
}

const otherEnvironment = celEnv()
const otherBindings = {
  customer: celMap(customer as Map<string, unknown> as Map<string, never>),
  context: celMap(context as Map<string, unknown> as Map<string, never>),
  action: celMap(action as Map<string, unknown> as Map<string, never>),
  live: celMap(live as Map<string, unknown> as Map<string, never>),
  features: celMap(features as Map<string, unknown> as Map<string, never>),
}

/** Parsed and planned by @bufbuild/cel. */
export function parseByOther(source: string) {
  return plan(otherEnvironment, parse(source).expr!)
}

/** Evaluated by @bufbuild/cel, which gives errors as values. */
export function otherRule(rule: Condition): Condition {
  const evaluate = parseByOther(rule.source)
  return {
    ...rule,
    evaluate: (given) => {
      pointAt(given)
      const outcome = evaluate(otherBindings)
      return isCelError(outcome) ? UNDECIDED : (outcome as boolean)
    },
  }
}
