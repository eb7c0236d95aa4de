import { EmmaError, failure } from '../../domain/errors.ts'
import { damaged } from '../records.ts'
import type { CallOptions, Link } from './link.ts'
import type { Reply } from './link-command.ts'

/** Writes that somebody waits for: they may take longer than what a decision has time for. */
export const WRITE: CallOptions = { timeoutMs: 2_000, durable: true }

/** Reads beside decisions: catalogues, manifests, what a write begins with. */
export const READ: CallOptions = { timeoutMs: 2_000 }

/** Many rows or many keys at once. */
export const BULK: CallOptions = { timeoutMs: 10_000 }

/** The same link, on which no call is given up sooner than one of a decision: `timeoutMs`. */
export function noLessPatient(link: Link, timeoutMs: number): Link {
  const patient = (options: CallOptions = {}): CallOptions => ({
    ...options,
    timeoutMs: Math.max(options.timeoutMs ?? 0, timeoutMs),
  })
  return {
    ...link,
    send: (key, commands, options) => link.send(key, commands, patient(options)),
    sendTimed: (key, commands, options) => link.sendTimed(key, commands, patient(options)),
    run: (script, keys, args, options) => link.run(script, keys, args, patient(options)),
    onEveryMaster: (commands, options) => link.onEveryMaster(commands, patient(options)),
  }
}

/** A bulk string; undefined for nil. @throws EmmaError `store_unavailable` for anything else */
export function bytesIn(reply: Reply | undefined): Buffer | undefined {
  if (reply === null || reply === undefined) return undefined
  if (Buffer.isBuffer(reply)) return reply
  throw damaged('answer of Redis')
}

/** An array. @throws EmmaError `store_unavailable` for anything else */
export function listIn(reply: Reply | undefined): readonly Reply[] {
  if (Array.isArray(reply)) return reply
  throw damaged('answer of Redis')
}

/** An array of bulk strings without nil among them. */
export function bytesOfAll(reply: Reply | undefined): Buffer[] {
  return listIn(reply).map((one) => bytesIn(one) ?? Buffer.alloc(0))
}

/** Does the work; whatever it throws becomes an EmmaError, `store_unavailable` when it is none yet. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EmmaError) throw error
    throw failure(
      'store_unavailable',
      'store',
      `the store in Redis failed (${(error as Error).message})`,
      'see the cause, and whether something else than Emma writes to this Redis',
      error,
    )
  }
}
