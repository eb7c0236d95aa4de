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
  const { verdicts: _, customerFirst: __, ghosts, seeds, slates, ...told } = decision
  const record = {
    format: FORMAT,
    ...told,
    slates: slates.map(keptSlate),
    ghosts: ghosts.map(({ placement, items, selectionProbability }) => ({
      placement: placement.id,
      actions: items.map(({ action }) => action.id),
      selectionProbability,
    })),
    seeds: { ...seeds, placements: [...seeds.placements] },
  }
  return Buffer.from(JSON.stringify(record))
}

function keptSlate({ placement: { id, channel, contentType, order, fallback }, items, ...told }: Slate) {
  return { placement: { id, channel, contentType, order, fallback }, ...told, items: items.map(keptItem) }
}

function keptItem({ action: { id, kind, tier }, treatment, ...told }: Item) {
  return { action: { id, kind, tier }, treatment: { id: treatment.id }, ...told }
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
