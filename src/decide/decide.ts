import type { Catalogue } from '../domain/catalogue.ts'
import type { Decision } from '../domain/decision.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { DecisionId } from '../domain/ids.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { DegradedCode, Situation } from '../domain/situation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Scorer } from '../ports/scorer.ts'
import { checkRequest } from './check-request.ts'
import { conclude } from './conclude.ts'
import { fillSlates } from './fill.ts'
import { type GatheringStore, gather } from './gather.ts'
import { judge } from './judge/judge.ts'
import { addPropensity } from './propensity.ts'
import { weigh } from './weigh.ts'

/** What decides now: one catalogue version, the scorer it names and the run-time state, always exchanged together. */
export interface Serving {
  readonly catalogue: Catalogue
  readonly runTime: RunTime
  readonly scorer: Scorer
  /** The model that is tried beside it; null where the catalogue names none, or it cannot serve. */
  readonly challenger: Scorer | null
  /** Why the catalogue’s model is not the scorer, if so. */
  readonly degraded: readonly DegradedCode[]
}

export interface DecideParts {
  readonly serving: () => Serving
  readonly store: GatheringStore
  readonly prior: Scorer
  readonly clock: Clock
  readonly nameDecision: (situation: Situation, model: string) => DecisionId
  /** A name for a visitor who has none: never the same twice. */
  readonly newVisitor: () => string
  /** Told what store or model threw, while the decision goes on without it. */
  readonly onTrouble: (error: unknown) => void
  /** Told of every live decision. */
  readonly onDecided: (decision: Decision) => void
}

export type Decide = (request: DecisionRequest) => Promise<Decision>

/**
 * The corridor: gather, judge, score, weigh, choose and fill, conclude.
 * @throws EmmaError for a request that does not fit the catalogue; never for a store or a model that fails.
 */
export function makeDecide({
  serving,
  store,
  prior,
  clock,
  nameDecision,
  newVisitor,
  onTrouble,
  onDecided,
}: DecideParts): Decide {
  return async (request) => {
    const { catalogue, runTime, scorer, challenger, degraded } = serving()
    const now = request.at ?? clock()
    checkRequest(request, catalogue, now)
    const gathered = await gather(request, { catalogue, runTime }, now, store, onTrouble, newVisitor)
    const champion = { scorer, degraded }
    const chosen = gathered.arm === 'challenger' ? challengerOr(champion, challenger) : champion
    const situation: Situation = { ...gathered, degraded: [...chosen.degraded, ...gathered.degraded] }
    const scored = await addPropensity(judge(situation), situation, chosen.scorer, prior, onTrouble)
    const filled = fillSlates(weigh(scored.candidates, situation), situation)
    const decision = conclude(nameDecision(situation, scored.model), situation, scored, filled)
    if (request.mode === 'live') onDecided(decision)
    return decision
  }
}

/** A challenger that is not there leaves its share to the champion, and the decision says so. */
function challengerOr(champion: Pick<Serving, 'scorer' | 'degraded'>, challenger: Scorer | null) {
  if (challenger !== null) return { scorer: challenger, degraded: [] }
  const degraded: DegradedCode[] = [...champion.degraded, 'challenger_unavailable']
  return { scorer: champion.scorer, degraded }
}
