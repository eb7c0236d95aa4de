import { setTimeout as sleep } from 'node:timers/promises'
import { failure } from '../../domain/errors.ts'
import { bytesIn, listIn, WRITE } from './calls.ts'
import type { Link } from './link.ts'
import type { Script } from './link-command.ts'

/** What a key is to hold. */
export interface Change {
  readonly key: string
  /** What its value must begin with; undefined: there must be none. */
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array
  /** For how many milliseconds from now; null: for good. */
  readonly keptMs: number | null
}

/** Keys; for each what must be there ('' nothing), what shall be, and for how many milliseconds (0 for good). */
const COMPARE_AND_SET: Script = {
  name: 'compare-and-set',
  source: `
    for i = 1, #KEYS do
      local before = ARGV[3 * i - 2]
      local now = redis.call('GET', KEYS[i]) or ''
      if string.sub(now, 1, #before) ~= before or (before == '' and now ~= '') then
        local all = {}
        for j = 1, #KEYS do all[j] = redis.call('GET', KEYS[j]) end
        return all
      end
    end
    for i = 1, #KEYS do
      local ms = ARGV[3 * i]
      if ms == '0' then redis.call('SET', KEYS[i], ARGV[3 * i - 1])
      else redis.call('SET', KEYS[i], ARGV[3 * i - 1], 'PX', ms) end
    end
    return false`,
}

/**
 * Writes all the changes, of keys in one slot, when every key is as it was; otherwise nothing.
 * @returns null when it was written, otherwise what the keys hold
 */
export async function compareAndSet(
  link: Link,
  changes: readonly [Change, ...Change[]],
): Promise<readonly (Buffer | undefined)[] | null> {
  const [first, ...others] = changes.map(({ key }) => key)
  const args = changes.flatMap(({ before, after, keptMs }) => [before ?? '', after, keptMs ?? 0])
  const reply = await link.run(COMPARE_AND_SET, [first!, ...others], args, WRITE)
  return reply === null ? null : listIn(reply).map(bytesIn)
}

/** As often somebody may come between before a writer gives up. */
const TRIES = 64
/** Milliseconds between two tries at most, drawn by chance so that those who collided do not collide again. */
const MOST_WAIT_MS = 20

/**
 * Does the attempt until it answers with something else than null, which says that somebody came between.
 * @throws EmmaError `store_unavailable` when somebody always does
 */
export async function untilNobodyComesBetween<T extends object>(
  what: string,
  attempt: () => Promise<T | null>,
): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const done = await attempt()
    if (done !== null) return done
    if (tries > 1) await sleep(Math.random() * Math.min(2 ** tries, MOST_WAIT_MS))
  }
  throw failure(
    'store_unavailable',
    'store',
    `${what} was changed by others ${TRIES} times while it should be written`,
    'send the request again',
  )
}

export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Work of one process on one key, one after the other: those who would only come between each other wait instead. */
export function makeTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, turn)
    try {
      return await turn
    } finally {
      if (last.get(key) === turn) last.delete(key)
    }
  }
}
