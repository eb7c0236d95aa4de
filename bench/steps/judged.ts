import { buildCatalogue } from '../../src/catalogue/build.ts'
import { gather } from '../../src/decide/gather.ts'
import { makeRuleContext } from '../../src/decide/judge/engaged.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Action, Catalogue } from '../../src/domain/catalogue.ts'
import type { DecisionRequest } from '../../src/domain/decision-request.ts'
import type { PlacementId } from '../../src/domain/ids.ts'
import { type Rule, Undecided } from '../../src/domain/rule.ts'
import type { Situation } from '../../src/domain/situation.ts'
import type { CustomerStore } from '../../src/ports/customer-store.ts'
import { libraryRule, otherRule } from './library-rules.ts'
import { FEATURES, type Person, type RuleSet } from './rule-sets.ts'

const HERO = 'hero' as PlacementId
/** A Sunday, 10:00 in Berlin. */
const NOW = Date.parse('2026-11-01T09:00:00Z')

export type Outcome = boolean | 'undecided'

/** One catalogue four times: its rules as Emma compiles them, by two libraries, and by hand; and without any. */
export interface Catalogues {
  readonly emma: Catalogue
  readonly library: Catalogue
  readonly other: Catalogue
  readonly hand: Catalogue
  readonly none: Catalogue
}

export function built({ document }: Pick<RuleSet, 'document'>): Catalogue {
  return buildCatalogue(parseWritten(JSON.stringify(document), 'bench.json', 'catalogue_invalid'), {
    features: new Set(FEATURES.indexOf.keys()),
  })
}

export function cataloguesOf(set: RuleSet): Catalogues {
  const real = built(set)
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
export function withRules(catalogue: Catalogue, replace: (rule: Rule) => Rule): Catalogue {
  const replaced = new Map<Rule, Rule>()
  const of = (rule: Rule): Rule => {
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

/** What each person’s decision depends on, gathered as a decision gathers it. */
export function situations(
  catalogue: Catalogue,
  set: RuleSet,
  people: readonly Person[],
): Promise<Situation[]> {
  const runTime = { position: null, state: { live: set.live, off: new Map() } }
  return Promise.all(
    people.map((person, i) =>
      gather(ask(`c-${i}`, person), { catalogue, runTime }, NOW, storeOf(person), fail, () => 'nobody'),
    ),
  )
}

/** A store that holds one customer. */
function storeOf({ attributes, vector }: Person): CustomerStore {
  const stored = {
    profile: { attributes, updatedAt: NOW },
    featureSet: FEATURES,
    vector,
    vectorDamaged: false,
  }
  return {
    person: (id: string) => ({ key: id, bucket: 0 }),
    hmac: (text: string) => text,
    gather: async () => stored,
  } as unknown as CustomerStore
}

function fail(error: unknown): never {
  throw error
}

function ask(customer: string, { budget }: Person): DecisionRequest {
  return {
    requestId: undefined,
    customer,
    channel: 'web',
    slates: [{ placement: HERO, limit: 3, kinds: undefined }],
    context: { budget },
    locale: undefined,
    include: undefined,
    exclude: [],
    mode: 'live',
    at: undefined,
    explain: 'none',
  } as unknown as DecisionRequest
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

/** How many actions the judging step permits. */
export function judgeAll(situation: Situation): number {
  let permitted = 0
  for (const { refusals } of judge(situation)) if (refusals.length === 0) permitted++
  return permitted
}
