import { isLive } from '../../domain/hold.ts'
import { decodeRequest, grantedIn } from '../granted-record.ts'
import { dueIn, dueRange } from '../keys.ts'
import type { Environment } from './environment.ts'
import type { HeldStore } from './held.ts'
import { transact } from './transactions.ts'
import type { UnitCounters } from './unit-counters.ts'

/** Of each kind in one call, so that nobody who writes waits long. */
const SWEPT = 256

export interface SweepingParts {
  readonly db: Environment
  readonly held: HeldStore
  readonly units: UnitCounters
}

/** Removes what ran out or is kept no longer, a bounded number of each. */
export function makeSweeping({ db, held, units }: SweepingParts) {
  const dropEnded = (now: number): number => {
    let expired = 0
    for (const { holder, ref, key } of held.due(now, SWEPT)) {
      const before = readable(() => held.read(holder))
      const hold = before?.holds.find((one) => one.hold.contact.ref === ref)?.hold
      if (before !== undefined && hold !== undefined && !isLive(hold, now)) {
        held.drop(holder, before, new Set([ref]))
        units.move(hold.units)
        expired++
      }
      void db.remove(key)
    }
    return expired
  }

  const forgetDecisions = (now: number): void => {
    for (const due of [...db.getKeys({ ...dueRange('decision', now), limit: SWEPT })]) {
      const key = dueIn('decision', due)
      const bytes = db.get(key)
      const request = bytes === undefined ? null : readable(() => grantedIn(bytes).request)
      if (request && isAnsweredBy(key, db.get(request))) void db.remove(request)
      void db.remove(key)
      void db.remove(due)
    }
  }

  return (now: number): Promise<{ readonly expired: number }> =>
    transact(db, () => {
      const expired = dropEnded(now)
      forgetDecisions(now)
      units.forget(now, SWEPT)
      return { expired }
    })
}

function isAnsweredBy(decision: string, request: Uint8Array | undefined): boolean {
  const answered = request === undefined ? undefined : readable(() => decodeRequest(request))
  return answered !== undefined && decision.endsWith(`:${answered.decision}`)
}

/** What is damaged says so to whoever asks for it; it must not stand in the way of what is swept. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
