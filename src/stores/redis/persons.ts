import { SESSION_KEPT_MS, type Subject } from '../../ports/customer-store.ts'
import {
  decodePerson,
  EMPTY_RECORD,
  encodePerson,
  factsIn,
  type PersonRecord,
  STATE_BYTES,
} from '../person-codec.ts'
import { hasExpired, personFor, recordKey } from '../subjects.ts'
import { bytesIn, READ } from './calls.ts'
import { type Change, compareAndSet, type InTurn, untilNobodyComesBetween } from './compare-and-set.ts'
import type { FactsDictionary } from './facts-dictionary.ts'
import type { Link } from './link.ts'
import type { Command } from './link-command.ts'

export interface PersonParts {
  readonly link: Link
  readonly secret: Uint8Array
  readonly facts: FactsDictionary
  readonly inTurn: InTurn
}

/** Somebody after a change. */
export interface Drafted<T> {
  readonly record: PersonRecord
  /** What is kept beside the record under `besideKey`; null: as it is. */
  readonly beside: Uint8Array | null
  readonly result: T
}

export type ChangePerson = <T>(
  subject: Subject,
  now: number,
  draft: (record: PersonRecord, beside: Buffer | undefined) => Drafted<T>,
  besideKey?: string,
) => Promise<T>

/**
 * Changes a person’s record, and what is kept beside it in his bucket, in one step: read, drafted, and written when it is
 * as it was read; drafted anew from what others wrote meanwhile. A draft that changes nothing writes nothing. What throws
 * in a draft has changed nothing.
 */
export function makeChangePerson({ link, secret, facts, inTurn }: PersonParts): ChangePerson {
  return (subject, now, draft, besideKey) => {
    const key = recordKey(subject, personFor(secret, subject))
    return inTurn(key, async () => {
      const reads: Command[] = [['GET', key]]
      if (besideKey !== undefined) reads.push(['GET', besideKey])
      let [bytes, beside] = (await link.send(key, reads, READ)).map(bytesIn)
      const { result } = await untilNobodyComesBetween('a customer', async () => {
        const read = bytes
        const stored =
          read === undefined ? EMPTY_RECORD : await facts.reading((numbers) => decodePerson(read, numbers))
        const before = hasExpired(stored, now) ? EMPTY_RECORD : stored
        const drafted = draft(before, beside)
        const changes: Change[] = []
        if (drafted.record !== before || drafted.beside !== null) {
          const isSession = 'session' in subject
          const expiresAt = isSession ? now + SESSION_KEPT_MS : null
          const record = { ...drafted.record, expiresAt, revision: stored.revision + 1 }
          const after = await facts.writing(factsIn(record), (numbers) => encodePerson(record, numbers))
          const keptMs = isSession ? SESSION_KEPT_MS : null
          changes.push({ key, before: read?.subarray(0, STATE_BYTES), after, keptMs })
        }
        if (drafted.beside !== null)
          changes.push({ key: besideKey!, before: beside, after: drafted.beside, keptMs: null })
        const [first, ...others] = changes
        if (first === undefined) return drafted
        const found = await compareAndSet(link, [first, ...others])
        if (found === null) return drafted
        bytes = found[0]
        if (found.length > 1) beside = found[1]
        return null
      })
      return result
    })
  }
}
