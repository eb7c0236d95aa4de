import type { Attributes, AttributeType, Scalar, TypeSpec } from './attributes.ts'
import type { Comparison } from './rule-comparison.ts'
import type { ActionLive } from './run-time-state.ts'

/** What rules may name at their root. */
export const RULE_ROOTS = [
  'customer',
  'features',
  'context',
  'channel',
  'placement',
  'action',
  'live',
  'now',
] as const
export type RuleRoot = (typeof RULE_ROOTS)[number]

/**
 * What a rule comes to when it is neither true nor false. `missing`: it needs a value that nobody gave and that has no
 * default. `failed`: a value could not be worked with, such as a text that is no time. `open`: it depends on what only
 * the moment of a decision knows; only checks of a catalogue use it.
 */
export class Undecided {
  readonly kind: 'missing' | 'failed' | 'open'
  /** The name that is missing or open (`customer.age`), or what failed. */
  readonly name: string

  constructor(kind: Undecided['kind'], name: string) {
    this.kind = kind
    this.name = name
  }
}

/** What every action has, and what its attributes may therefore not be called. */
export const ACTION_FIELDS = ['id', 'kind', 'tier', 'group'] as const

/** What rules and templates may say of an action. */
export interface ActionFacts {
  readonly id: string
  readonly kind: string
  readonly tier: string
  readonly group: string | undefined
  readonly attributes: Attributes
}

/** Everything a rule may look at. Values of customer and context are of their declared types. */
export interface RuleContext {
  readonly customer: Attributes
  readonly context: Attributes
  /** The value of a feature, or undefined when the feature set has none of this name. */
  readonly feature: (name: string) => number | undefined
  readonly channel: string
  readonly placement: string
  readonly action: ActionFacts
  readonly live: ActionLive
  /** Epoch milliseconds. */
  readonly now: number
}

/** A checked and compiled rule: a pure function of its context. It never throws. */
export interface Rule<Value extends boolean | number = boolean> {
  /** As it was written. */
  readonly source: string
  /** Every name it reads: `customer.age`, `live.stock`, `now`. */
  readonly reads: ReadonlySet<string>
  /** False when it reads nothing of placement, action and live: it then has one outcome per decision. */
  readonly perCandidate: boolean
  evaluate(context: RuleContext): Value | Undecided
}

/** A comparison of something known of the customer or the context with what is written out. */
export interface Clause {
  /** Never of the candidate: `customer.age`, `features.churn`. */
  readonly name: string
  readonly read: (context: RuleContext) => Scalar | Undecided
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly bound: Scalar
}

/** A rule that is true or false, with what it would take. */
export interface Condition extends Rule {
  /** The comparisons that must all hold, where the rule says nothing else; null for any other rule. */
  readonly clauses: readonly Clause[] | null
  /**
   * The one comparison that alone keeps the rule from coming to `wanted` here: were it to hold, and nothing else changed,
   * the rule would be `wanted`. Null where none does alone, or it is no comparison of a name with what is written out.
   */
  decisive(context: RuleContext, wanted: boolean): Comparison | null
}

/** What the names of a rule mean where it stands. */
export interface RuleScope {
  readonly customer: ReadonlyMap<string, TypeSpec>
  readonly context: ReadonlyMap<string, TypeSpec>
  /** Names of the features; null when they are not known yet, and any name is taken. */
  readonly features: ReadonlySet<string> | null
  /** Attributes of the actions that the rule is for; `mixed` when they do not agree on the type. */
  readonly attributes: ReadonlyMap<string, AttributeType | 'mixed'>
  /** The ids that exist, so that `channel == "wbe"` is found out. */
  readonly ids: {
    readonly channel: ReadonlySet<string>
    readonly placement: ReadonlySet<string>
    readonly action: ReadonlySet<string>
    readonly group: ReadonlySet<string>
  }
  /** Roots that mean something here: a block knows no action. */
  readonly roots: ReadonlySet<RuleRoot>
}

/** What is wrong with a rule, and where in its text: a zero-based offset in UTF-16 code units. */
export interface RuleFault {
  readonly offset: number
  readonly what: string
  readonly remedy: string
}
