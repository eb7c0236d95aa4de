import type { Attributes } from '../../src/domain/attributes.ts'
import type { Action } from '../../src/domain/catalogue.ts'
import {
  type Condition,
  RULE_ROOTS,
  type RuleContext,
  type RuleScope,
  Undecided,
} from '../../src/domain/rule.ts'
import { compileCondition } from '../../src/rules/compile-rule.ts'

/** A scope in which every kind of name occurs. */
export const SCOPE: RuleScope = {
  customer: new Map([
    ['age', { type: 'number' }],
    ['visits', { type: 'number' }],
    ['score', { type: 'number' }],
    ['country', { type: 'string' }],
    ['name', { type: 'string' }],
    ['joined', { type: 'string' }],
    ['vip', { type: 'bool' }],
    ['optedIn', { type: 'bool' }],
    ['constructor', { type: 'string' }],
  ]),
  context: new Map([
    ['intent', { type: 'string', default: '' }],
    ['basketValue', { type: 'number', default: 0 }],
    ['returning', { type: 'bool' }],
  ]),
  features: new Set(['returns_rate', 'orders']),
  attributes: new Map([
    ['category', 'string'],
    ['price', 'number'],
    ['sale', 'bool'],
    ['size', 'mixed'],
  ]),
  ids: {
    channel: new Set(['web', 'email']),
    placement: new Set(['home-hero', 'mail-top']),
    action: new Set(['winter-boots', 'sandals']),
    group: new Set(['shoes']),
  },
  roots: new Set(RULE_ROOTS),
}

export const ACTION = {
  id: 'winter-boots',
  active: true,
  kind: 'offer',
  tier: 'marketing',
  group: 'shoes',
  value: 12.5,
  minPropensity: 0,
  validFrom: 0,
  validTo: Number.MAX_SAFE_INTEGER,
  attributes: { category: 'shoes', price: 89.9 },
  treatments: [],
} as unknown as Action

export interface Given {
  readonly customer?: Record<string, unknown>
  readonly context?: Record<string, unknown>
  readonly features?: Record<string, unknown>
  readonly action?: Partial<Action> | { readonly attributes: Record<string, unknown> }
  readonly live?: Record<string, unknown>
  readonly channel?: string
  readonly placement?: string
  readonly now?: number | string
}

/** A moment of a decision; what is not given is absent. Values may be of wrong types on purpose. */
export function contextOf(given: Given = {}): RuleContext {
  const features = new Map(Object.entries(given.features ?? {}))
  return {
    customer: (given.customer ?? {}) as Attributes,
    context: (given.context ?? {}) as Attributes,
    feature: (name) => features.get(name) as number | undefined,
    channel: given.channel ?? 'web',
    placement: given.placement ?? 'home-hero',
    action: { ...ACTION, ...given.action } as Action,
    live: given.live ?? {},
    now: typeof given.now === 'number' ? given.now : Date.parse(given.now ?? '2026-11-22T12:00:00Z'),
  }
}

export function conditionOf(source: string, scope: RuleScope = SCOPE): Condition {
  const rule = compileCondition(source, scope)
  if (!('evaluate' in rule)) throw new Error(`${source}\n${JSON.stringify(rule, null, 1)}`)
  return rule
}

/** `true`, `12.5`, `missing customer.age`, `open context.intent`, `failed …`. */
export function told(outcome: boolean | number | Undecided): string {
  return outcome instanceof Undecided ? `${outcome.kind} ${outcome.name}` : String(outcome)
}
