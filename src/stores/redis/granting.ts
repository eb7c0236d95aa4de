import type { Selection } from '../../domain/contact-policy.ts'
import { type EmmaError, failure } from '../../domain/errors.ts'
import { type Hold, refOfHold } from '../../domain/hold.ts'
import type { Allowance, Unit } from '../../domain/volume.ts'
import type { Clock } from '../../ports/clock.ts'
import { SESSION_KEPT_MS } from '../../ports/customer-store.ts'
import type { DecisionStore, Grant, Granted } from '../../ports/decision-store.ts'
import { decodeRequest, encodeGranted, encodeRequest, grantedIn } from '../granted-record.ts'
import { encodeHold } from '../hold-codec.ts'
import {
  bucketOfDecision,
  decisionKey,
  type Holder,
  holdsKey,
  requestKey,
  requestOf,
  sequenceKey,
} from '../keys.ts'
import { STATE_BYTES } from '../person-codec.ts'
import { holderFor, personFor, recordKey } from '../subjects.ts'
import { bytesIn, listIn } from './calls.ts'
import type { Lease, Leases, Spending } from './leases.ts'
import type { Link } from './link.ts'
import type { Argument } from './link-command.ts'
import { luaScript } from './lua-script.ts'
import type { Pools } from './pools.ts'
import { keptFor, runningOutKey, unitsKey } from './unit-keys.ts'

const COMMIT = luaScript('commit', 'caps.lua', 'commit.lua')

/** A lease can be taken from a process again and again while it is paused again and again. */
const MOST_TRIES = 16

export interface GrantingParts {
  readonly link: Link
  readonly secret: Uint8Array
  readonly pools: Pools
  readonly leases: Leases
  /** Instead of the clock of the node that commits. */
  readonly clock: Clock | undefined
}

/** Grants with one script, units from leases of this process first. */
export function makeGranting(parts: GrantingParts): DecisionStore['commit'] {
  const { link, leases, pools } = parts

  const attempt = async (grant: Grant, sent: Sent): Promise<Granted | 'again'> => {
    const reserved = await reserveAll(leases, grant)
    const settle = (spending: Spending) => {
      for (const lease of reserved) if (lease !== null) leases.settle(lease, spending)
    }
    let reply: readonly unknown[]
    try {
      reply = listIn(await link.run(COMMIT, sent.keys, sent.args(reserved), { durable: true }))
    } catch (error) {
      settle('unknown')
      throw error
    }
    const [result, told] = [String(reply[0]), reply[1]]
    if (result === 'granted') {
      settle('spent')
      for (const [place, ever] of listIn(reply[2] as never).entries())
        void pools.collect(grant.returns[place]!, [[sent.bucket, Number(ever)]]).catch(() => {})
      return { result, sequence: Number(told) }
    }
    if (result === 'fenced') {
      const fenced = reserved[Number(told) - 1]!
      for (const lease of reserved)
        if (lease !== null) leases.settle(lease, lease === fenced ? 'fenced' : 'kept')
      return 'again'
    }
    settle('kept')
    if (result === 'again') return { result: 'granted', sequence: Number(told) }
    if (result === 'sold_out') return { result, volume: grant.takes[Number(told) - 1]!.volume }
    if (result === 'answered') return (await answerOf(link, sent.bucket, bytesIn(told as never)!)) ?? 'again'
    return { result: result as 'moved' | 'capped' }
  }

  return async (grant) => {
    const sent = toSend(parts, grant)
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const granted = await attempt(grant, sent)
      if (granted !== 'again') return granted
    }
    throw failure(
      'store_unavailable',
      'store',
      'units of a volume were taken from this process while it spent them',
      'send the request again',
    )
  }
}

/** A unit for each take, null where there is none; all of them or what was thrown. */
async function reserveAll(leases: Leases, { takes, now }: Grant): Promise<(Lease | null)[]> {
  if (takes.length === 0) return []
  const tried = await Promise.allSettled(takes.map((take) => leases.reserve(take, now)))
  const failed = tried.find((one) => one.status === 'rejected')
  if (failed === undefined) return tried.map((one) => (one as PromiseFulfilledResult<Lease | null>).value)
  for (const one of tried)
    if (one.status === 'fulfilled' && one.value !== null) leases.settle(one.value, 'kept')
  throw failed.reason
}

interface Sent {
  readonly bucket: number
  readonly keys: readonly [string, ...string[]]
  readonly args: (reserved: readonly (Lease | null)[]) => Argument[]
}

/** Keys and arguments, see commit.lua. */
function toSend({ secret, clock }: GrantingParts, grant: Grant): Sent {
  const { subject, decision, basis, checks, takes, returns, record } = grant
  const bucket = bucketOfDecision(decision)
  const holder = bucket === null ? null : whose(secret, grant, bucket)
  if (bucket === null || holder === null || holder.person.bucket !== bucket) throw misnamed()
  const now = Math.max(grant.now, clock?.() ?? 0)
  const request =
    grant.request === null ? null : requestKey(bucket, requestOf(secret, holder, grant.request.id))
  const holds = grant.holds.map((hold) => keptWith(holder, hold, now))
  const periods = [...new Set([...takes, ...returns].map(({ period }) => period))]
  const texts = holds.map(encodeHold)
  const held = holdsKey(holder)
  const named = decisionKey(bucket, decision)
  const keys = [
    ...[subject === null ? held : recordKey(subject, holder.person), held, named, request ?? named],
    ...[sequenceKey(bucket), runningOutKey(bucket), ...periods.map((period) => unitsKey(bucket, period))],
  ] as [string, ...string[]]
  const place = ({ period }: Unit) => keys.length - periods.length + periods.indexOf(period) + 1
  const before: Argument[] = [
    ...[now, subject === null ? 0 : STATE_BYTES, Buffer.from(basis.record, 'latin1'), basis.holds],
    JSON.stringify(checks.map(toCheck)),
    encodeGranted({ holder, holds, contacts: [], request, record }, texts),
    Math.max(1, Math.ceil(grant.keptUntil - now)),
    grant.request === null ? '' : encodeRequest({ decision, hash: grant.request.hash }),
    clock === undefined ? 1 : 0,
    holds.length,
    ...holds.flatMap((hold, i) => {
      const { ref, heldUntil } = hold.contact
      return [ref, texts[i]!, heldUntil, isNamedBy(decision, hold) ? 0 : 1]
    }),
  ]
  const after: Argument[] = [returns.length, ...returns.flatMap((unit) => [place(unit), unit.volume])]
  const taken = (take: Allowance, lease: Lease | null): Argument[] => [
    ...[place(take), lease?.name ?? '', keptFor(take, now) ?? ''],
  ]
  return {
    bucket,
    keys,
    args: (reserved) => [
      ...before,
      ...[takes.length, ...takes.flatMap((take, i) => taken(take, reserved[i]!))],
      ...after,
    ],
  }
}

function whose(secret: Uint8Array, { subject, decision }: Grant, bucket: number): Holder {
  if (subject === null) return { of: 'nobody', person: { key: decision, bucket } }
  return holderFor(subject, personFor(secret, subject))
}

/** A visit is forgotten after a day, and what it holds with it. */
function keptWith({ of }: Holder, hold: Hold, now: number): Hold {
  const heldUntil = Math.min(hold.contact.heldUntil, now + SESSION_KEPT_MS)
  if (of !== 'session' || heldUntil === hold.contact.heldUntil) return hold
  return { ...hold, contact: { ...hold.contact, heldUntil } }
}

/** Whether the decision takes the hold itself; else it renews that of another. */
function isNamedBy(decision: string, { contact: { ref, facts } }: Hold): boolean {
  return ref === refOfHold(decision, facts.placement ?? '', facts.action ?? '')
}

/** As caps.lua reads it. */
export function toCheck({ cap, key, at, adds, confirmed }: Grant['checks'][number]) {
  return {
    where: asLists(cap.where),
    per: cap.per,
    max: cap.max,
    window: cap.windowMs,
    key,
    at,
    adds,
    confirmed,
  }
}

type Lists = Readonly<Record<string, readonly string[]>>
const lists = new WeakMap<Selection, Lists>()

/** What a cap counts, with lists for sets; the same for every check of it. */
function asLists(where: Selection): Lists {
  let known = lists.get(where)
  if (known === undefined) {
    const entries = Object.entries<ReadonlySet<string> | undefined>({ ...where })
    known = Object.fromEntries(
      entries.flatMap(([name, wanted]) => (wanted === undefined ? [] : [[name, [...wanted]]])),
    )
    lists.set(where, known)
  }
  return known
}

/** Null when it was forgotten just now. */
async function answerOf(link: Link, bucket: number, request: Buffer): Promise<Granted | null> {
  const { decision, hash } = decodeRequest(request)
  const key = decisionKey(bucket, decision)
  const bytes = bytesIn((await link.send(key, [['GET', key]]))[0])
  if (bytes === undefined) return null
  return { result: 'answered', record: grantedIn(bytes).record, hash }
}

function misnamed(): EmmaError {
  return failure(
    'internal_error',
    'decision',
    'the name of a decision does not begin with the bucket of its person',
    'name it b<bucket>-<uuid>',
  )
}
