import { type Person, SESSION_KEPT_MS, type Subject } from '../../ports/customer-store.ts'
import { profileKey, sessionKey } from '../keys.ts'
import { decodePerson, EMPTY_RECORD, encodePerson, type PersonRecord } from '../person-codec.ts'
import { hasExpired, personFor } from '../subjects.ts'
import type { Environment } from './environment.ts'
import type { FactsDictionary } from './facts-dictionary.ts'
import type { makeSessionExpiry } from './session-expiry.ts'

export interface DraftParts {
  readonly db: Environment
  readonly secret: Uint8Array
  readonly facts: FactsDictionary
  readonly sessionExpiry: ReturnType<typeof makeSessionExpiry>
}

interface Draft {
  readonly person: Person
  readonly isSession: boolean
  readonly isNew: boolean
  readonly before: PersonRecord
  record: PersonRecord
}

/**
 * Records of persons while one write transaction changes them: each is read once, and written once by `write`. Nothing is
 * written before: what throws in a transaction does not undo what it has written.
 */
export function makePersonDrafts({ db, secret, facts, sessionExpiry }: DraftParts, now: number) {
  const numbers = facts.inTransaction()
  const drafts = new Map<string, Draft>()

  const draftOf = ({ person, isSession }: Pick<Draft, 'person' | 'isSession'>): Draft => {
    const key = isSession ? sessionKey(person) : profileKey(person)
    const drafted = drafts.get(key)
    if (drafted !== undefined) return drafted
    const bytes = db.get(key)
    const stored = bytes === undefined ? EMPTY_RECORD : decodePerson(bytes, numbers)
    const before = hasExpired(stored, now) ? EMPTY_RECORD : stored
    const draft = { person, isSession, isNew: bytes === undefined, before, record: before }
    drafts.set(key, draft)
    return draft
  }

  const changeOf = (
    who: Pick<Draft, 'person' | 'isSession'>,
    update: (record: PersonRecord) => PersonRecord,
  ): boolean => {
    const draft = draftOf(who)
    const { record } = draft
    draft.record = update(record)
    return draft.record !== record
  }

  return {
    /** @returns whether it made another record of it */
    change: (subject: Subject, update: (record: PersonRecord) => PersonRecord): boolean =>
      changeOf({ person: personFor(secret, subject), isSession: 'session' in subject }, update),
    /** The same of somebody of whom only the keys are known. */
    changeOf,
    /** Writes what has changed, after a last touch to each; and removes sessions that expired. */
    write(finish: (record: PersonRecord) => PersonRecord = (record) => record): void {
      const changed = [...drafts].filter(([, { before, record }]) => record !== before)
      const encoded = changed.map(([key, { record, before, isSession }]) => {
        const expiresAt = isSession ? now + SESSION_KEPT_MS : null
        const revision = before.revision + 1
        return [key, encodePerson({ ...finish(record), expiresAt, revision }, numbers)] as const
      })
      numbers.write()
      for (const [key, bytes] of encoded) void db.put(key, bytes)
      const sessions = changed.filter(([, { isSession }]) => isSession)
      for (const [, { isNew, person }] of sessions)
        if (isNew) sessionExpiry.add(now + SESSION_KEPT_MS, person)
      sessionExpiry.sweep(now, sessions.length)
    },
  }
}
