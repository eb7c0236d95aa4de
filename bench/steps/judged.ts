import { makeRuleContext } from '../../src/decide/judge/engaged.ts'
import type { Action, Catalogue } from '../../src/domain/catalogue.ts'
import type { PlacementId } from '../../src/domain/ids.ts'
import { EMPTY_PROFILE, NOTHING_STORED, type StoredCustomer } from '../../src/domain/profile.ts'
import { type Condition, type Rule, Undecided } from '../../src/domain/rule.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { libraryRule, otherRule } from './library-rules.ts'
import { FEATURES, type Person, type RuleSet } from './rule-sets.ts'
import { built, gathered, NOW } from './situation.ts'

const HERO = 'hero' as PlacementId

export type Outcome = boolean | 'undecided'

/** One catalogue four times: its rules as Emma compiles them, by two libraries, and by hand; and without any. */
export interface Catalogues {
  readonly emma: Catalogue
  readonly library: Catalogue
  readonly other: Catalogue
  readonly hand: Catalogue
  readonly none: Catalogue
}

export function cataloguesOf(set: RuleSet): Catalogues {
  const real = built(set.document, new Set(FEATURES.indexOf.keys()))
  // Copied like the others: where its objects lie in memory must not tell them apart.
  const emma = withRules(real, (rule) => ({ ...rule }))
  return {
    emma,
    library: withRules(emma, libraryRule),
    other: withRules(emma, otherRule),
    hand: withRules(emma, (rule) => ({ ...rule, evaluate: set.byHand.get(rule.source)! })),
    none: { ...emma, actions: emma.actions.map((action) => ({ ...action, policy: [] })) },
  }
}

/** The same catalogue with other rules in it; a rule that actions share stays one object. */
export function withRules(catalogue: Catalogue, replace: (rule: Condition) => Condition): Catalogue {
  const replaced = new Map<Condition, Condition>()
  const of = (rule: Condition): Condition => {
    const made = replaced.get(rule) ?? replace(rule)
    replaced.set(rule, made)
    return made
  }
  const actions = catalogue.actions.map((action) => ({
    ...action,
    policy: action.policy.map((policy) => ({ ...policy, rule: of(policy.rule) })),
  }))
  return { ...catalogue, actions }
}

/** What each person’s decision depends on. */
export function situations(
  catalogue: Catalogue,
  set: RuleSet,
  people: readonly Person[],
): Promise<Situation[]> {
  return Promise.all(
    people.map((person, i) =>
      gathered({
        catalogue,
        live: set.live,
        stored: storedOf(person),
        asked: { customer: `c-${i}`, channel: 'web', placement: HERO, context: { budget: person.budget } },
      }),
    ),
  )
}

function storedOf({ attributes, vector }: Person): StoredCustomer {
  const profile = { ...EMPTY_PROFILE, attributes, updatedAt: NOW }
  return { ...NOTHING_STORED, profile, featureSet: FEATURES, vector }
}

/** One rule and the first action that it is evaluated for in a decision. */
export interface Task {
  readonly rule: Rule
  readonly action: Action
}

/** The evaluations that one decision needs: each rule once, or once for each candidate when it speaks of candidates. */
export function tasksOf({ actions }: Catalogue): Task[] {
  const seen = new Set<Rule>()
  return actions.flatMap((action) =>
    action.policy.flatMap(({ rule }) => {
      if (!rule.perCandidate && seen.has(rule)) return []
      seen.add(rule)
      return [{ rule, action }]
    }),
  )
}

/** How many rules hold. Nothing but evaluation, and the making of a candidate’s context where rules need one. */
export function evaluateAll(tasks: readonly Task[], situation: Situation): number {
  const contextOf = makeRuleContext(situation)
  const shared = contextOf(tasks[0]!.action, HERO)
  let held = 0
  for (let i = 0; i < tasks.length; i++) {
    const { rule, action } = tasks[i]!
    if (rule.evaluate(rule.perCandidate ? contextOf(action, HERO) : shared) === true) held++
  }
  return held
}

export function outcomesOf(tasks: readonly Task[], situation: Situation): Outcome[] {
  const contextOf = makeRuleContext(situation)
  return tasks.map(({ rule, action }) => {
    const outcome = rule.evaluate(contextOf(action, HERO))
    return outcome instanceof Undecided ? 'undecided' : outcome
  })
}
