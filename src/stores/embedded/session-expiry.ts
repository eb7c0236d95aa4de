import type { Person } from '../../ports/customer-store.ts'
import { sessionExpiryKey, sessionExpiryRange, sessionIn, sessionKey } from '../keys.ts'
import { expiryOf } from '../person-codec.ts'
import type { Environment } from './environment.ts'

/** Sessions looked at by every write, and for each session that it writes: more go than come, and no write waits long. */
const SWEPT = { always: 16, perSession: 2 } as const

const NOTHING = Uint8Array.of(0)

/**
 * Every session in the store has one entry under the moment when it may have expired. A session that goes on keeps its
 * entry; only when its turn comes is it moved. Inside transactions only.
 */
export function makeSessionExpiry(db: Environment) {
  return {
    /** Of a session that is new in the store. */
    add: (at: number, session: Person) => void db.put(sessionExpiryKey(at, session), NOTHING),
    /** Removes expired sessions, a bounded number of them. */
    sweep(now: number, sessionsWritten: number): void {
      const limit = SWEPT.always + SWEPT.perSession * sessionsWritten
      for (const key of [...db.getKeys({ ...sessionExpiryRange(now), limit })]) {
        const session = sessionIn(key)
        const record = db.get(sessionKey(session))
        const expiresAt = record === undefined ? 0 : expiryIn(record)
        void db.remove(key)
        if (expiresAt > now) void db.put(sessionExpiryKey(expiresAt, session), NOTHING)
        else if (record !== undefined) void db.remove(sessionKey(session))
      }
    },
  }
}

/** A session that cannot be read is as good as expired: it must not stand in the way of what is written. */
function expiryIn(record: Uint8Array): number {
  try {
    return expiryOf(record) ?? 0
  } catch {
    return 0
  }
}
