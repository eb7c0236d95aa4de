import { overfilledCap } from '../../domain/cap-check.ts'
import { failure } from '../../domain/errors.ts'
import { isLive, refOfHold } from '../../domain/hold.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DecisionStore, Grant, Granted } from '../../ports/decision-store.ts'
import {
  decodeRequest,
  encodeGranted,
  encodeRequest,
  grantedIn,
  sequenceIn,
  withSequence,
} from '../granted-record.ts'
import {
  bucketOfDecision,
  decisionKey,
  dueKey,
  type Holder,
  profileKey,
  requestKey,
  requestOf,
  sequenceKey,
  sessionKey,
} from '../keys.ts'
import { stateOf } from '../person-codec.ts'
import { damaged } from '../records.ts'
import { holderFor, personFor } from '../subjects.ts'
import type { Environment } from './environment.ts'
import type { HeldStore } from './held.ts'
import type { HeldRecord } from './held-record.ts'
import { transact } from './transactions.ts'
import type { UnitCounters } from './unit-counters.ts'

export interface GrantingParts {
  readonly db: Environment
  readonly secret: Uint8Array
  readonly clock: Clock
  readonly held: HeldStore
  readonly units: UnitCounters
}

const NOTHING = Uint8Array.of(0)

/** Grants in one transaction: everything is looked at first, and then everything is written, or nothing. */
export function makeGranting(parts: GrantingParts): DecisionStore['commit'] {
  const { db, secret, clock, held, units } = parts

  const grantNow = (grant: Grant): Granted => {
    const bucket = bucketOf(grant)
    const holder = whose(secret, grant, bucket)
    const decision = decisionKey(bucket, grant.decision)
    // The same decision, asked for again because no answer came: what it was granted stands.
    const known = db.get(decision)
    if (known !== undefined) return { result: 'granted', sequence: sequenceIn(known) }
    const request =
      grant.request === null ? null : requestKey(bucket, requestOf(secret, holder, grant.request.id))
    const answered = request === null ? null : answerTo(db, bucket, request)
    if (answered !== null) return answered

    const before = held.read(holder)
    const now = Math.max(clock(), grant.now, before.grantedAt)
    if (hasMoved(db, grant, holder, before, now)) return { result: 'moved' }
    const isAsGathered = grant.basis.holds === String(before.revision)
    const stored = before.holds.map(({ hold }) => hold)
    const renewed = new Set(grant.holds.map(({ contact }) => contact.ref))
    if (!isAsGathered && overfilledCap(grant.checks, stored, now, renewed) !== null)
      return { result: 'capped' }
    const volume = units.missing(grant.takes, grant.returns)
    if (volume !== null) return { result: 'sold_out', volume }

    const sequence = Number(db.get(sequenceKey(bucket))?.toString() ?? 0) + 1
    const holds = grant.holds.map((hold) => held.keptWith(holder, hold, now))
    const granted = encodeGranted({ holder, holds, contacts: [], request, record: grant.record })
    // What ran out before goes along: its units come back.
    const ended = stored.filter((hold) => !isLive(hold, now) && !renewed.has(hold.contact.ref))
    if (holds.length > 0 || ended.length > 0)
      held.grant(holder, before, now, new Set(ended.map(({ contact }) => contact.ref)), holds)
    units.move([...grant.returns, ...ended.flatMap((hold) => hold.units)], grant.takes)
    void db.put(sequenceKey(bucket), Buffer.from(`${sequence}`))
    void db.put(decision, withSequence(sequence, granted))
    void db.put(dueKey('decision', grant.keptUntil, decision), NOTHING)
    if (request !== null)
      void db.put(request, encodeRequest({ decision: grant.decision, hash: grant.request!.hash }))
    return { result: 'granted', sequence }
  }

  return (grant) => transact(db, () => grantNow(grant))
}

function bucketOf({ decision }: Grant): number {
  const bucket = bucketOfDecision(decision)
  if (bucket !== null) return bucket
  throw failure(
    'internal_error',
    'decision',
    'the name of a decision does not begin with its bucket',
    'name it b<bucket>-<uuid>',
  )
}

function whose(secret: Uint8Array, { subject, decision }: Grant, bucket: number): Holder {
  if (subject !== null) return holderFor(subject, personFor(secret, subject))
  return { of: 'nobody', person: { key: decision, bucket } }
}

function answerTo(db: Environment, bucket: number, request: string): Granted | null {
  const known = db.get(request)
  if (known === undefined) return null
  const { decision, hash } = decodeRequest(known)
  const granted = db.get(decisionKey(bucket, decision))
  if (granted === undefined) throw damaged('record of a decision')
  return { result: 'answered', record: grantedIn(granted).record, hash }
}

function hasMoved(db: Environment, grant: Grant, holder: Holder, before: HeldRecord, now: number): boolean {
  const { subject, basis, decision, holds } = grant
  if (subject !== null) {
    const key = holder.of === 'customer' ? profileKey(holder.person) : sessionKey(holder.person)
    if (stateOf(db.get(key)) !== basis.record) return true
  }
  return holds.some(({ contact: { ref, facts } }) => {
    const known = before.holds.find(({ hold }) => hold.contact.ref === ref)
    const isOwn = ref === refOfHold(decision, facts.placement ?? '', facts.action ?? '')
    if (known === undefined) return !isOwn
    return !isLive(known.hold, now) || known.revision > Number(basis.holds)
  })
}
