import type { Decision } from '../domain/decision.ts'
import type { DecisionId } from '../domain/ids.ts'
import { exactFrom } from '../domain/ledger.ts'
import { positionText } from '../domain/run-time.ts'
import type { Situation } from '../domain/situation.ts'
import { SESSION_KEPT_MS } from '../ports/customer-store.ts'
import { reasonLanguage } from './language.ts'
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
  const { customer, catalogue } = situation
  return {
    id,
    decidedAt: situation.now,
    validUntil: Math.min(situation.now + VALID_FOR_MS, ...ends),
    customer: customer.state,
    personalised: customer.personalised,
    history: historyOf(situation),
    telling: { language: reasonLanguage(situation), timeZone: catalogue.timeZone },
    direction: catalogue.channels.get(situation.request.channel)!.direction,
    slates: filled.slates,
    versions: {
      catalogue: catalogue.version,
      model: scored.model,
      features: situation.featureSet?.manifest.version ?? null,
      runTime: position === null ? null : positionText(position),
    },
    degraded: [...situation.degraded, ...scored.degraded],
    verdicts: filled.verdicts,
  }
}

function historyOf({ standing, now, catalogue }: Situation): Decision['history'] {
  if (standing.of === 'nobody' || !standing.isChecked) return null
  const keptSince = now - (standing.of === 'session' ? SESSION_KEPT_MS : catalogue.historyHorizonMs)
  return { of: standing.of, keptSince, exactSince: Math.max(keptSince, exactFrom(standing.ledger)) }
}
