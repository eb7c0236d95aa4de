import type { Decision } from '../domain/decision.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { DegradedCode, Situation } from '../domain/situation.ts'
import type { Gathered } from '../ports/customer-store.ts'
import type { Scorer } from '../ports/scorer.ts'
import { conclude } from './conclude.ts'
import { fillSlates } from './fill.ts'
import { type GatherParts, gather } from './gather.ts'
import { screen } from './judge/screen.ts'
import type { DecideParts, Serving } from './parts.ts'
import { addPropensity } from './propensity.ts'
import { weigh } from './weigh.ts'

/** A decision with all it was founded on. */
export interface Run {
  readonly decision: Decision
  readonly situation: Situation
}

/** Judge, score, weigh, choose and fill, conclude: once, from what was read. Takes nothing and writes nothing. */
export function runCore(
  request: DecisionRequest,
  stored: Gathered | null,
  known: Pick<GatherParts, 'unitsLeft' | 'canHold'>,
  { serving, store, prior, clock, nameDecision, newVisitor, onTrouble }: DecideParts,
): Run {
  const { catalogue, runTime, scorer, challenger, degraded } = serving()
  const parts = { catalogue, runTime, store, now: clock(), newVisitor, ...known }
  const gathered = gather(request, stored, parts)
  const champion = { scorer, degraded }
  const chosen = gathered.arm === 'challenger' ? challengerOr(champion, challenger) : champion
  const situation: Situation =
    chosen.degraded.length === 0
      ? gathered
      : { ...gathered, degraded: [...chosen.degraded, ...gathered.degraded] }
  const judged = screen(situation)
  const scored = addPropensity(judged.candidates, situation, chosen.scorer, prior, onTrouble)
  const filled = fillSlates(weigh(scored.candidates, situation), situation, judged.everyone)
  return { decision: conclude(nameDecision(situation, scored.model), situation, scored, filled), situation }
}

/** A challenger that is not there leaves its share to the champion, and the decision says so. */
function challengerOr(champion: Pick<Serving, 'scorer' | 'degraded'>, challenger: Scorer | null) {
  if (challenger !== null) return { scorer: challenger, degraded: [] }
  const degraded: DegradedCode[] = [...champion.degraded, 'challenger_unavailable']
  return { scorer: champion.scorer, degraded }
}
