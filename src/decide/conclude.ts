import type { Decision, Item } from '../domain/decision.ts'
import type { DecisionId } from '../domain/ids.ts'
import { exactFrom } from '../domain/ledger.ts'
import { positionText } from '../domain/run-time.ts'
import type { Situation } from '../domain/situation.ts'
import { SESSION_KEPT_MS } from '../ports/customer-store.ts'
import type { FilledSlates } from './fill.ts'
import { firstQuiet } from './judge/quiet.ts'
import { reasonLanguage } from './language.ts'
import type { Scored } from './propensity.ts'

/**
 * An answer is good for half an hour from the moment it is for, or until its holds run out, that is quiet or one of its
 * actions ends.
 */
const VALID_FOR_MS = 30 * 60_000

/** Step 8: slates, reasons and versions become the decision. */
export function conclude(
  id: DecisionId,
  situation: Situation,
  scored: Pick<Scored, 'model' | 'degraded'>,
  filled: FilledSlates,
): Decision {
  const items = filled.slates.flatMap((slate) => slate.items)
  const waits = filled.slates.flatMap(({ notBefore }) => notBefore ?? [])
  const { position } = situation.runTime
  const { customer, catalogue } = situation
  const ends = items.map(({ action: { id } }) => catalogue.actions[catalogue.positionOf.get(id)!]!.validTo)
  const channel = catalogue.channels.get(situation.request.channel)!
  const until = situation.contactAt + Math.min(VALID_FOR_MS, channel.holdForMs)
  return {
    id,
    decidedAt: situation.now,
    validUntil: Math.min(until, ...ends, ...waits, quietFrom(situation, items, until)),
    customer: customer.state,
    personalised: customer.personalised,
    history: historyOf(situation),
    telling: { language: reasonLanguage(situation), timeZone: catalogue.timeZone },
    direction: channel.direction,
    arm: situation.arm,
    slates: filled.slates,
    ghosts: filled.ghosts,
    customerFirst: filled.customerFirst,
    seeds: situation.seeds,
    versions: {
      catalogue: catalogue.version,
      model: scored.model,
      features: situation.featureSet?.manifest.version ?? null,
      runTime: position === null ? null : positionText(position),
    },
    degraded: [...situation.degraded, ...scored.degraded],
    verdicts: filled.verdicts,
    isRepeated: false,
  }
}

/** When quiet hours begin for one of the items, `until` at the latest. */
function quietFrom(situation: Situation, items: readonly Item[], until: number): number {
  const tiers = new Set(items.map(({ action }) => action.tier))
  return Math.min(until, ...[...tiers].map((tier) => firstQuiet(situation, tier, until)))
}

function historyOf({ standing, now, catalogue }: Situation): Decision['history'] {
  if (standing.of === 'nobody' || !standing.isChecked) return null
  const keptSince = now - (standing.of === 'session' ? SESSION_KEPT_MS : catalogue.historyHorizonMs)
  return { of: standing.of, keptSince, exactSince: Math.max(keptSince, exactFrom(standing.ledger)) }
}
