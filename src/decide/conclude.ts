import type { Decision } from '../domain/decision.ts'
import type { DecisionId } from '../domain/ids.ts'
import { positionText } from '../domain/run-time.ts'
import type { Situation } from '../domain/situation.ts'
import type { Scored } from './propensity.ts'
import type { FilledSlates } from './slate.ts'

/** An answer is good for half an hour, or until one of its actions ends. */
const VALID_FOR_MS = 30 * 60_000

/** Step 8: slates, reasons and versions become the decision. */
export function conclude(
  id: DecisionId,
  situation: Situation,
  scored: Scored,
  filled: FilledSlates,
): Decision {
  const ends = filled.slates.flatMap((slate) => slate.items.map((item) => item.action.validTo))
  const { position } = situation.runTime
  return {
    id,
    decidedAt: situation.now,
    validUntil: Math.min(situation.now + VALID_FOR_MS, ...ends),
    customer: situation.customer.state,
    direction: situation.catalogue.channels.get(situation.request.channel)!.direction,
    slates: filled.slates,
    versions: {
      catalogue: situation.catalogue.version,
      model: scored.model,
      features: situation.featureSet?.manifest.version ?? null,
      runTime: position === null ? null : positionText(position),
    },
    degraded: [...situation.degraded, ...scored.degraded],
    verdicts: filled.verdicts,
  }
}
