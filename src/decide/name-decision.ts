import { canonicalJson, type Json, sha256Hex } from '../domain/canonical-json.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { DecisionId } from '../domain/ids.ts'
import { positionText } from '../domain/run-time.ts'
import type { Situation } from '../domain/situation.ts'
import { BUCKETS, type CustomerStore } from '../ports/customer-store.ts'

/**
 * Names decisions. A live one is `b<bucket>-<uuidv7>`, so that its log partition is known from its name.
 * A dry-run leaves no trace; it is `dry-` and a UUID (RFC 9562 version 7 layout) made of its moment, its question and
 * the versions that answer, so that the same question gets the same bytes.
 */
export function makeNameDecision(
  store: Pick<CustomerStore, 'person' | 'visitor' | 'hmac'>,
  newUuid: () => string,
) {
  return (situation: Situation, model: string): DecisionId => {
    const { request } = situation
    if (request.mode === 'dry-run') return `dry-${dryUuid(situation, model)}` as DecisionId
    const uuid = newUuid()
    return `b${String(bucketOf(request, uuid, store)).padStart(4, '0')}-${uuid}` as DecisionId
  }
}

/**
 * That of the person, so that his decisions lie beside him. Of nobody in particular that of the request’s name, so that it
 * is found again; of what has no name any.
 */
function bucketOf(
  { customer, sessionId, requestId }: DecisionRequest,
  uuid: string,
  store: Pick<CustomerStore, 'person' | 'visitor' | 'hmac'>,
): number {
  if (customer !== undefined) return store.person(customer).bucket
  if (sessionId !== undefined) return store.visitor(sessionId).bucket
  const digits = requestId === undefined ? uuid : store.hmac(`request\n${requestId}`)
  return Number.parseInt(digits.slice(-4), 16) % BUCKETS
}

function dryUuid(situation: Situation, model: string): string {
  const { now, catalogue, standing, featureSet, runTime } = situation
  // It takes nothing, and waits as long as it must.
  const { reserve: _, deadlineMs: __, ...asked } = situation.request
  const question = {
    ...asked,
    at: now,
    versions: [catalogue.version, model, featureSet?.manifest.version ?? null],
    ...(standing.address === null ? {} : { address: standing.address }),
    ...(runTime.position === null ? {} : { runTime: positionText(runTime.position) }),
  }
  const hash = sha256Hex(canonicalJson(question as unknown as Json))
  // The layout knows no moment before 1970; the hash does.
  const time = Math.max(0, now).toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(hash[3]!, 16) & 0x3) | 0x8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}
