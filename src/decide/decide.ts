import type { Decision } from '../domain/decision.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { DegradedCode } from '../domain/situation.ts'
import type { Gathered } from '../ports/customer-store.ts'
import type { Deadline } from '../ports/deadline.ts'
import { checkRequest } from './check-request.ts'
import { subjectOf } from './gather.ts'
import { makeGranting } from './granting.ts'
import type { DecideParts } from './parts.ts'
import { runCore } from './run.ts'
import { makeTurns } from './turns.ts'

export type Decide = (request: DecisionRequest) => Promise<Decision>

/**
 * The corridor: gather, judge, score, weigh, choose and fill, conclude; and for a live decision, commit. One customer’s
 * live decisions wait for one another.
 * @throws EmmaError for a request that does not fit the catalogue, or whose name is that of another; never for a store or
 *   a model that fails.
 */
export function makeDecide(parts: DecideParts): Decide {
  const { serving, store, clock, startDeadline, deadlineMs, onTrouble, onDecided } = parts
  const turnOf = makeTurns()
  const read = async (request: DecisionRequest, deadline: Deadline): Promise<Gathered | null> => {
    try {
      return await deadline.within(store.gather(subjectOf(request), request.address))
    } catch (error) {
      onTrouble(error)
      return null
    }
  }
  const granting = makeGranting(parts, read)

  const live = async (request: DecisionRequest, deadline: Deadline): Promise<Decision> => {
    const subject = subjectOf(request)
    if (subject === null) return granting(request, deadline)
    const turn = turnOf('customer' in subject ? `customer ${subject.customer}` : `session ${subject.session}`)
    try {
      const hasTurn = await deadline.within(turn.ready).then(
        () => true,
        () => false,
      )
      if (hasTurn) return await granting(request, deadline)
      const { decision } = runCore(request, null, { unitsLeft: new Map(), canHold: false }, parts)
      return { ...decision, degraded: decision.degraded.map(asContended) }
    } finally {
      turn.leave()
    }
  }

  return async (request) => {
    checkRequest(request, serving().catalogue, request.at ?? clock())
    const deadline = startDeadline(request.deadlineMs ?? deadlineMs)
    try {
      if (request.mode === 'dry-run') {
        const stored = await read(request, deadline)
        return runCore(request, stored, { unitsLeft: new Map(), canHold: true }, parts).decision
      }
      const decision = await live(request, deadline)
      if (!decision.isRepeated) onDecided(decision)
      return decision
    } finally {
      deadline.end()
    }
  }
}

/** Whose turn did not come never asked the store. */
function asContended(code: DegradedCode): DegradedCode {
  return code === 'store_unavailable' ? 'contended' : code
}
