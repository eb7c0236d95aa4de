import type { Catalogue } from '../domain/catalogue.ts'
import type { ContactLedger } from '../domain/contact.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import { type Hold, isLive } from '../domain/hold.ts'
import { localTime } from '../domain/local-time.ts'
import { NO_PREFERENCES } from '../domain/preferences.ts'
import { isKnown, NOTHING_STORED, type StoredCustomer, statementsOf } from '../domain/profile.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { DegradedCode, KnownCustomer, Situation, Standing } from '../domain/situation.ts'
import { allowanceAt, type Unit } from '../domain/volume.ts'
import type { CustomerStore, Gathered, Subject } from '../ports/customer-store.ts'
import type { DecisionStore } from '../ports/decision-store.ts'
import { armOf } from './arm.ts'
import { withDefaults } from './check-request.ts'
import { renewableHolds } from './judge/renewal.ts'
import { usable } from './mask.ts'
import { makeSeeds } from './seeds.ts'

/** Whom a request is for; null for nobody in particular. */
export function subjectOf({ customer, sessionId }: DecisionRequest): Subject | null {
  if (customer !== undefined) return { customer }
  return sessionId === undefined ? null : { session: sessionId }
}

export interface GatherParts {
  readonly catalogue: Catalogue
  readonly runTime: RunTime
  readonly store: Pick<CustomerStore, 'person' | 'hmac' | 'addressKey'> & Pick<DecisionStore, 'soldOut'>
  /** Epoch milliseconds, where neither the request nor the store says what the time is. */
  readonly now: number
  readonly newVisitor: () => string
  /** Of volumes, how many units are left as somebody found out just now: more than the store remembers. */
  readonly unitsLeft: ReadonlyMap<string, number>
  /** False when it has turned out that nothing can be held. */
  readonly canHold: boolean
}

/**
 * Step 1: everything the decision depends on, as a frozen value.
 * @param stored - what was read, in one round trip; null where the store did not answer: that leaves a stranger
 */
export function gather(request: DecisionRequest, stored: Gathered | null, parts: GatherParts): Situation {
  const { catalogue, runTime, store } = parts
  const now = request.at ?? stored?.readAt ?? parts.now
  const degraded: DegradedCode[] = []
  if (stored === null) degraded.push('store_unavailable')
  if (stored?.vectorDamaged) degraded.push('features_invalid')

  // A caller’s clock may be a little behind; nobody is contacted in the past.
  const contactAt = Math.max(now, request.contactAt ?? now)
  const local = localTime(contactAt, catalogue.timeZone)
  const seeds = makeSeeds(request, local.day, catalogue, store, parts.newVisitor)
  const address = request.address === undefined ? null : store.addressKey(request.address)
  const session = request.sessionId === undefined ? null : sessionKey(request.sessionId, store)
  const held = standing(subjectOf(request), stored, { now, address, session, canHold: parts.canHold })
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
    standing: held,
    featureSet: stored?.featureSet ?? null,
    seeds,
    arm: armOf(seeds, catalogue),
    volumesChecked: stored !== null && parts.canHold,
    unitsLeft: unitsLeft(request, contactAt, parts),
    unitsHeld: unitsHeld(request, contactAt, held, catalogue),
    degraded,
  })
}

/** A visit as holds know it. */
function sessionKey(sessionId: string, store: Pick<CustomerStore, 'hmac'>): string {
  return store.hmac(`visit\n${sessionId}`).slice(0, 16)
}

/** What is known to be sold out of the volumes that the asked placements take from. */
function unitsLeft(
  { slates }: DecisionRequest,
  contactAt: number,
  { catalogue, store, unitsLeft: known }: GatherParts,
): ReadonlyMap<string, number> {
  if (catalogue.volumes.length === 0) return known
  const volumes = new Set(slates.flatMap(({ placement }) => catalogue.volumesIn.get(placement) ?? []))
  if (volumes.size === 0) return known
  const asked = [...volumes].map((volume) => allowanceAt(volume, contactAt, catalogue.timeZone))
  const soldOut = [
    ...asked.filter(({ allowed }) => allowed === 0).map(({ volume }) => volume),
    ...store.soldOut(asked),
  ]
  return new Map([...soldOut.map((volume) => [volume, 0] as const), ...known])
}

const NOTHING_HELD: Situation['unitsHeld'] = new Map()

/** By the plays that would renew a hold of this visit. */
function unitsHeld(
  { slates, channel }: DecisionRequest,
  contactAt: number,
  standing: Standing,
  { plays, timeZone, channels }: Catalogue,
): Situation['unitsHeld'] {
  const renewable = renewableHolds(standing, channels.get(channel)!.direction, contactAt)
  const own = renewable.filter(({ units }) => units.length > 0)
  if (own.length === 0) return NOTHING_HELD
  const played = slates.flatMap(({ placement }) => plays.get(placement) ?? [])
  return new Map(
    own.flatMap(({ contact: { facts }, units }) =>
      played
        .filter((play) => play.facts.placement === facts.placement && play.facts.action === facts.action)
        .map((play) => {
          const now = play.volumes.map((volume) => allowanceAt(volume, contactAt, timeZone))
          const isHeld = ({ volume, period }: Unit) =>
            units.some((unit) => unit.volume === volume && unit.period === period)
          return [play, new Set(now.filter(isHeld).map(({ volume }) => volume))] as const
        }),
    ),
  )
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
function standing(
  subject: Subject | null,
  stored: StoredCustomer | null,
  {
    now,
    address,
    session,
    canHold,
  }: Pick<Standing, 'address' | 'session' | 'canHold'> & { readonly now: number },
): Standing {
  const { profile, ledger, holds } = stored ?? NOTHING_STORED
  const live = holds.length === 0 ? holds : holds.filter((hold) => isLive(hold, now))
  return {
    of: subject === null ? 'nobody' : 'customer' in subject ? 'customer' : 'session',
    isChecked: stored !== null || (subject === null && address === null),
    consents: statementsOf(stored ?? NOTHING_STORED),
    address,
    preferences: profile?.preferences ?? NO_PREFERENCES,
    ledger: live.length === 0 ? ledger : withHolds(ledger, live),
    holds: live,
    session,
    canHold: canHold && stored !== null,
  }
}

function withHolds(ledger: ContactLedger, holds: readonly Hold[]): ContactLedger {
  const contacts = [...ledger.contacts, ...holds.map(({ contact }) => contact)]
  return { ...ledger, contacts: contacts.sort((a, b) => a.at - b.at) }
}
