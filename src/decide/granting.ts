import type { Decision } from '../domain/decision.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import { failure } from '../domain/errors.ts'
import type { DegradedCode } from '../domain/situation.ts'
import type { Gathered } from '../ports/customer-store.ts'
import type { Deadline } from '../ports/deadline.ts'
import type { Grant, Granted } from '../ports/decision-store.ts'
import { subjectOf } from './gather.ts'
import { TAKES_NOTHING, takenBy } from './grant.ts'
import type { DecideParts } from './parts.ts'
import { decisionIn, recordOf, requestHash } from './record.ts'
import { type Run, runCore } from './run.ts'

/** Runs of the core for one request at most. */
const MOST_RUNS = 16
/** For how many milliseconds at least a repeated request gets the answer it got before: 24 hours. */
const KEPT_MS = 86_400_000

/**
 * Decides until what was decided is granted: where somebody was faster, once more from what is so then. What cannot be
 * granted in time is not shown: the answer then has nothing that a cap or a volume counts, and says that it is degraded.
 */
export function makeGranting(
  parts: DecideParts,
  read: (request: DecisionRequest, deadline: Deadline) => Promise<Gathered | null>,
): (request: DecisionRequest, deadline: Deadline) => Promise<Decision> {
  const { store, onTrouble, onCommit } = parts
  const commit = async (grant: Grant, deadline: Deadline): Promise<Granted | null> => {
    try {
      const granted = await deadline.within(store.commit(grant))
      onCommit(granted.result)
      return granted
    } catch (error) {
      onCommit('failed')
      onTrouble(error)
      return null
    }
  }

  return async (request, deadline) => {
    const unitsLeft = new Map<string, number>()
    const soldOut = new Map<string, number>()
    const withoutHolds = async (stored: Gathered | null, why: DegradedCode): Promise<Decision> => {
      const { decision } = runCore(request, stored, { unitsLeft, canHold: false }, parts)
      return { ...decision, degraded: [...decision.degraded, why] }
    }
    let stored: Gathered | null = null
    for (let run = 0; run < MOST_RUNS; run++) {
      stored = await read(request, deadline)
      const done = runCore(request, stored, { unitsLeft, canHold: true }, parts)
      if (stored === null) return done.decision
      const grant = grantOf(done, request, stored, store)
      const granted = await commit(grant, deadline)
      if (granted === null) return withoutHolds(stored, 'store_unavailable')
      if (granted.result === 'granted') return done.decision
      if (granted.result === 'answered') return repeated(granted, request, store)
      if (granted.result === 'sold_out') {
        const tries = (soldOut.get(granted.volume) ?? 0) + 1
        soldOut.set(granted.volume, tries)
        unitsLeft.set(granted.volume, leftOf(granted.volume, grant, tries))
      }
      if (deadline.isOver()) break
    }
    return withoutHolds(stored, 'contended')
  }
}

function grantOf(
  { decision, situation }: Run,
  request: DecisionRequest,
  { basis }: Gathered,
  store: DecideParts['store'],
): Grant {
  const { now } = situation
  const taken = request.reserve === 'none' ? TAKES_NOTHING : takenBy(decision.id, decision.slates, situation)
  const ends = taken.holds.map(({ contact }) => contact.heldUntil)
  return {
    subject: subjectOf(request),
    decision: decision.id,
    now,
    request:
      request.requestId === undefined ? null : { id: request.requestId, hash: requestHash(request, store) },
    basis,
    ...taken,
    record: recordOf(decision),
    keptUntil: Math.max(now, ...ends) + KEPT_MS,
  }
}

/** Of so many tries each wants one unit less, so that none is left lying; then half, so that an answer of many ends in time. */
const EXACT_TRIES = 7

/** Less than the answer wanted to take: whether there are more, only the next try can tell. */
function leftOf(volume: string, { takes }: Grant, tries: number): number {
  const wanted = takes.filter((take) => take.volume === volume).length
  return wanted - (tries <= EXACT_TRIES ? Math.min(1, wanted) : Math.ceil(wanted / 2))
}

function repeated(
  { record, hash }: Extract<Granted, { result: 'answered' }>,
  request: DecisionRequest,
  store: DecideParts['store'],
): Decision {
  if (hash === requestHash(request, store)) return decisionIn(record)
  throw failure(
    'request_id_taken',
    '/requestId',
    'another request of this customer had this id within the last 24 hours',
    'give every request an id of its own, and repeat a request unchanged',
  )
}
