import {
  type Arbitration,
  type ContextWeight,
  type Lever,
  leverFactor,
  PLAIN_POWERS,
} from '../domain/arbitration.ts'
import type { Action } from '../domain/catalogue.ts'
import type { ContactFacts } from '../domain/contact.ts'
import { fits, type Selection } from '../domain/contact-policy.ts'
import type { Experiments } from '../domain/experiment.ts'
import { DEFAULT_EXPLORATION, type Exploration } from '../domain/exploration.ts'
import type { RuleCompiler } from './compile-rules.ts'
import type { CatalogueDocument } from './document.ts'
import type { RuleScopes } from './rule-scopes.ts'
import { toSelection } from './selection.ts'

/** How far levers may move a priority where nothing is written. */
export const LEVER_BOUND = 0.25

/** What is best among what is allowed, as a document says it. */
export interface Choosing {
  readonly arbitration: Arbitration
  readonly exploration: Exploration
  readonly experiments: Experiments
  readonly maxPerSlate: ReadonlyMap<string, number>
  /** What moves the priority of an action on a channel, in a placement. */
  weighed(facts: ContactFacts, action: Action): Weighed
}

export interface Weighed {
  readonly levers: readonly Lever[]
  readonly lever: number
  readonly contextWeights: readonly ContextWeight[]
}

export function toChoosing(
  document: CatalogueDocument,
  scopes: RuleScopes,
  compiler: RuleCompiler,
): Choosing {
  const arbitration = toArbitration(document)
  const contextWeights = toContextWeights(document, scopes, compiler)
  const channelLevers = new Map(
    Object.entries(document.channels).map(([id, { lever }]) => [id, toLevers(`channel ${id}`, lever)]),
  )
  return {
    arbitration,
    exploration: toExploration(document),
    experiments: toExperiments(document),
    maxPerSlate: new Map(
      document.groups.flatMap(({ id, maxPerSlate }) =>
        maxPerSlate === undefined ? [] : [[id, maxPerSlate]],
      ),
    ),
    weighed(facts, action) {
      const levers = [...(channelLevers.get(facts.channel) ?? []), ...action.levers]
      return { levers, lever: leverFactor(levers, arbitration), contextWeights: contextWeights(facts) }
    },
  }
}

/** A lever of nothing pushes nothing. */
export function toLevers(name: string, percent: number | undefined): Lever[] {
  return percent === undefined || percent === 0 ? [] : [{ name, percent }]
}

function toArbitration({ arbitration }: CatalogueDocument): Arbitration {
  return {
    powers: arbitration?.powers ?? PLAIN_POWERS,
    leverBound: arbitration?.leverBound ?? LEVER_BOUND,
  }
}

function toExploration({ exploration }: CatalogueDocument): Exploration {
  if (exploration === undefined) return DEFAULT_EXPLORATION
  const { method, epsilon = DEFAULT_EXPLORATION.epsilon, temperature = 1 } = exploration
  return { method, epsilon: method === 'greedy' ? 0 : epsilon, temperature }
}

function toExperiments({ experiments, models }: CatalogueDocument): Experiments {
  const nobody = { share: 0, rotate: 'never' } as const
  return {
    holdout: experiments?.holdout ?? nobody,
    random: experiments?.random ?? nobody,
    model: { share: models[0]?.challenger?.share ?? 0, rotate: 'never' },
  }
}

/** Finds the weights that are for a candidate, in the order of the document. Equal lists are one. */
function toContextWeights(
  { arbitration }: CatalogueDocument,
  scopes: RuleScopes,
  compiler: RuleCompiler,
): (facts: ContactFacts) => readonly ContextWeight[] {
  const written = arbitration?.contextWeights ?? []
  const weights = written.flatMap(({ when, where, weight }, i): [Selection, ContextWeight][] => {
    const rule = compiler.condition(when, scopes.ofAll, ['arbitration', 'contextWeights', i, 'when'])
    return rule === undefined ? [] : [[toSelection(where), { when: rule, percent: weight }]]
  })
  const lists = new Map<string, readonly ContextWeight[]>()
  return (facts) => {
    const found = weights.flatMap(([where, weight], i) => (fits(where, facts) ? [[i, weight] as const] : []))
    const key = found.map(([i]) => i).join(' ')
    const list = lists.get(key) ?? found.map(([, weight]) => weight)
    lists.set(key, list)
    return list
  }
}
