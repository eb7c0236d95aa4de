import { canonicalJson, type Json } from '../domain/canonical-json.ts'
import type { Decision, Item, Slate } from '../domain/decision.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { CustomerStore } from '../ports/customer-store.ts'

/** Format of the records below. */
const FORMAT = 1

/**
 * A decision as it is kept: everything its answer tells, and neither its explanation nor what only the catalogue needs to
 * know of its actions. UTF-8 JSON.
 */
export function recordOf(decision: Decision): Uint8Array {
  // Spelled out: an object without some of its keys takes the engine longer than all of the rest.
  const record = {
    format: FORMAT,
    id: decision.id,
    decidedAt: decision.decidedAt,
    validUntil: decision.validUntil,
    customer: decision.customer,
    personalised: decision.personalised,
    history: decision.history,
    telling: decision.telling,
    direction: decision.direction,
    arm: decision.arm,
    versions: decision.versions,
    degraded: decision.degraded,
    isRepeated: decision.isRepeated,
    slates: decision.slates.map(keptSlate),
    ghosts: decision.ghosts.map(({ placement, items, selectionProbability }) => ({
      placement: placement.id,
      actions: items.map(({ action }) => action.id),
      selectionProbability,
    })),
    seeds: {
      placements: [...decision.seeds.placements],
      day: decision.seeds.day,
      experiments: decision.seeds.experiments,
    },
  } satisfies Record<Exclude<keyof Decision, 'verdicts' | 'customerFirst'> | 'format', unknown>
  return Buffer.from(JSON.stringify(record))
}

function keptSlate(slate: Slate) {
  const { id, channel, contentType, order, fallback } = slate.placement
  return {
    placement: { id, channel, contentType, order, fallback },
    status: slate.status,
    code: slate.code,
    selectionProbability: slate.selectionProbability,
    notBefore: slate.notBefore,
    items: slate.items.map(keptItem),
  } satisfies Record<keyof Slate, unknown>
}

function keptItem(item: Item) {
  const { id, kind, tier } = item.action
  return {
    action: { id, kind, tier },
    treatment: { id: item.treatment.id },
    rank: item.rank,
    locale: item.locale,
    content: item.content,
    propensity: item.propensity,
    priority: item.priority,
    selectionProbability: item.selectionProbability,
    why: item.why,
  } satisfies Record<keyof Item, unknown>
}

/** The decision as its answer tells it. @throws Error for bytes that no decision was made into */
export function decisionIn(record: Uint8Array): Decision {
  const { format, ...kept } = JSON.parse(Buffer.from(record).toString()) as Decision & { format: number }
  if (format !== FORMAT) throw new Error(`format ${format} of decisions is not known to this version`)
  return {
    ...kept,
    ghosts: [],
    seeds: { ...kept.seeds, placements: new Map(kept.seeds.placements) },
    customerFirst: null,
    verdicts: [],
    isRepeated: true,
  }
}

/** What a request asks for, as a keyed hash: the same under another name or with more patience. It tells nobody who asked. */
export function requestHash(request: DecisionRequest, { hmac }: Pick<CustomerStore, 'hmac'>): string {
  const { requestId: _, deadlineMs: __, ...asked } = request
  return hmac(`asked\n${canonicalJson(asked as unknown as Json)}`)
}
