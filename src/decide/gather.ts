import type { Catalogue } from '../domain/catalogue.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { PlacementId } from '../domain/ids.ts'
import { localTime } from '../domain/local-time.ts'
import type { StoredCustomer } from '../domain/profile.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { DegradedCode, KnownCustomer, Situation } from '../domain/situation.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { withDefaults } from './check-request.ts'

const NOTHING_STORED: StoredCustomer = { profile: null, featureSet: null, vector: null, vectorDamaged: false }

/** Step 1: everything the decision depends on, in one read, as a frozen value. A store that fails leaves a stranger. */
export async function gather(
  request: DecisionRequest,
  { catalogue, runTime }: { readonly catalogue: Catalogue; readonly runTime: RunTime },
  now: number,
  store: CustomerStore,
  onTrouble: (error: unknown) => void,
  newVisitor: () => string,
): Promise<Situation> {
  const degraded: DegradedCode[] = []
  let stored = NOTHING_STORED
  try {
    stored =
      request.customer === undefined ? await store.gatherAnonymous() : await store.gather(request.customer)
  } catch (error) {
    onTrouble(error)
    degraded.push('store_unavailable')
  }
  if (stored.vectorDamaged) degraded.push('features_invalid')

  const local = localTime(now, catalogue.timeZone)
  return Object.freeze({
    now,
    local,
    request: { ...request, context: withDefaults(request.context, catalogue.contextTypes) },
    catalogue,
    runTime,
    customer: describe(request, stored, catalogue),
    featureSet: stored.featureSet,
    seeds: seeds(request, local.day, store, newVisitor),
    degraded,
  })
}

function describe(request: DecisionRequest, stored: StoredCustomer, catalogue: Catalogue): KnownCustomer {
  const known = stored.profile !== null || stored.vector !== null || stored.vectorDamaged
  return {
    state: request.customer === undefined ? 'anonymous' : known ? 'known' : 'unknown',
    attributes: withDefaults(stored.profile?.attributes ?? {}, catalogue.customerTypes),
    vector: stored.vector ?? stored.featureSet?.defaults ?? null,
  }
}

/**
 * Ties are settled per person, placement and day. A visitor without a name is told apart by the request’s name, else
 * is a new one each time; a dry-run must come out alike.
 */
function seeds(
  request: DecisionRequest,
  day: string,
  store: CustomerStore,
  newVisitor: () => string,
): ReadonlyMap<PlacementId, string> {
  const { customer, requestId, mode } = request
  const visitor = () => `request:${requestId ?? (mode === 'dry-run' ? '' : newVisitor())}`
  const person = customer === undefined ? visitor() : store.person(customer).key
  return new Map(
    request.slates.map(({ placement }) => [placement, store.hmac(`${person}\n${placement}\n${day}`)]),
  )
}
