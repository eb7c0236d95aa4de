import type { Catalogue } from '../domain/catalogue.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import { localTime } from '../domain/local-time.ts'
import { NO_PREFERENCES } from '../domain/preferences.ts'
import { isKnown, NOTHING_STORED, type StoredCustomer, statementsOf } from '../domain/profile.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { DegradedCode, KnownCustomer, Situation, Standing } from '../domain/situation.ts'
import { allowanceAt } from '../domain/volume.ts'
import type { CustomerStore, Subject } from '../ports/customer-store.ts'
import type { DecisionStore } from '../ports/decision-store.ts'
import { armOf } from './arm.ts'
import { withDefaults } from './check-request.ts'
import { usable } from './mask.ts'
import { makeSeeds } from './seeds.ts'

/** Reads somebody, and knows what is sold out; without `soldOut` nothing ever is. */
export type GatheringStore = CustomerStore & Partial<Pick<DecisionStore, 'soldOut'>>

/** Step 1: everything the decision depends on, in one read, as a frozen value. A store that fails leaves a stranger. */
export async function gather(
  request: DecisionRequest,
  { catalogue, runTime }: { readonly catalogue: Catalogue; readonly runTime: RunTime },
  now: number,
  store: GatheringStore,
  onTrouble: (error: unknown) => void,
  newVisitor: () => string,
): Promise<Situation> {
  const degraded: DegradedCode[] = []
  const subject = subjectOf(request)
  let stored: StoredCustomer | null = null
  try {
    stored = await store.gather(subject, request.address)
  } catch (error) {
    onTrouble(error)
    degraded.push('store_unavailable')
  }
  if (stored?.vectorDamaged) degraded.push('features_invalid')

  // A caller’s clock may be a little behind; nobody is contacted in the past.
  const contactAt = Math.max(now, request.contactAt ?? now)
  const local = localTime(contactAt, catalogue.timeZone)
  const seeds = makeSeeds(request, local.day, catalogue, store, newVisitor)
  const address = request.address === undefined ? null : store.addressKey(request.address)
  return Object.freeze({
    now,
    contactAt,
    local,
    // The address itself goes no further: opt-outs are found by its key.
    request: {
      ...request,
      address: undefined,
      context: withDefaults(request.context, catalogue.contextTypes),
    },
    catalogue,
    runTime,
    customer: describe(request, stored ?? NOTHING_STORED, address, catalogue),
    standing: standing(subject, stored, address),
    volumesChecked: stored !== null,
    unitsLeft: stored === null ? NONE_KNOWN : unitsLeft(request, contactAt, catalogue, store),
    unitsHeld: NONE_HELD,
    featureSet: stored?.featureSet ?? null,
    seeds,
    arm: armOf(seeds, catalogue),
    degraded,
  })
}

const NONE_KNOWN: Situation['unitsLeft'] = new Map()
const NONE_HELD: Situation['unitsHeld'] = new Map()

/** Of a volume that is not sold out nobody knows how much is left: whoever commits first has it. */
function unitsLeft(
  { slates }: DecisionRequest,
  contactAt: number,
  { volumesIn, timeZone }: Catalogue,
  store: GatheringStore,
): Situation['unitsLeft'] {
  const asked = new Set(slates.flatMap(({ placement }) => volumesIn.get(placement) ?? []))
  if (asked.size === 0) return NONE_KNOWN
  const allowances = [...asked].map((volume) => allowanceAt(volume, contactAt, timeZone))
  const soldOut = [
    ...allowances.filter(({ allowed }) => allowed === 0).map(({ volume }) => volume),
    ...(store.soldOut?.(allowances) ?? []),
  ]
  return new Map(soldOut.map((volume) => [volume, 0]))
}

function subjectOf({ customer, sessionId }: DecisionRequest): Subject | null {
  if (customer !== undefined) return { customer }
  return sessionId === undefined ? null : { session: sessionId }
}

function describe(
  { customer, channel }: DecisionRequest,
  stored: StoredCustomer,
  address: string | null,
  catalogue: Catalogue,
): KnownCustomer {
  return {
    state: customer === undefined ? 'anonymous' : isKnown(stored) ? 'known' : 'unknown',
    ...usable(stored, { channel, address }, catalogue),
  }
}

/** An address of nobody in particular can be opted out, too. */
function standing(subject: Subject | null, stored: StoredCustomer | null, address: string | null): Standing {
  const { profile, ledger } = stored ?? NOTHING_STORED
  const of = subject === null ? 'nobody' : 'customer' in subject ? 'customer' : 'session'
  return {
    of,
    isChecked: stored !== null || (subject === null && address === null),
    consents: statementsOf(stored ?? NOTHING_STORED),
    address,
    preferences: profile?.preferences ?? NO_PREFERENCES,
    ledger,
  }
}
