import { type EmmaError, failure } from '../../domain/errors.ts'
import type { ErrorReply } from './link-command.ts'

const LOOK = 'see that Redis runs and can be reached, and that STORE_URL names it'

/** What Redis refuses a command with, and what to do about it: by the code of the error reply. */
const REFUSALS: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  OOM: ['Redis is full and takes no writes (OOM)', 'give it more memory (maxmemory) or take data away'],
  READONLY: ['this Redis is a replica and takes no writes (READONLY)', 'name the master in STORE_URL'],
  LOADING: ['Redis is loading its data (LOADING)', 'wait until it has'],
  MISCONF: ['Redis cannot save to its disk and takes no writes (MISCONF)', 'free its disk; its log says why'],
  NOREPLICAS: [
    'Redis has too few replicas and takes no writes (NOREPLICAS)',
    'bring the replicas back, or lower min-replicas-to-write',
  ],
  MASTERDOWN: ['this Redis is a replica without its master (MASTERDOWN)', 'bring the master back'],
  CLUSTERDOWN: [
    'the cluster does not serve this slot now (CLUSTERDOWN)',
    'bring the missing master or a replica of it back; `cluster-require-full-coverage no` keeps the others serving',
  ],
  TRYAGAIN: [
    'the slot is moving to another node and its keys are on both (TRYAGAIN)',
    'wait until it has moved',
  ],
  BUSY: ['Redis is busy with a long script (BUSY)', 'wait, or end it with SCRIPT KILL'],
  NOAUTH: ['Redis wants a password (NOAUTH)', 'put user:password@ into STORE_URL'],
  WRONGPASS: ['Redis does not take this user and password (WRONGPASS)', 'correct them in STORE_URL'],
  NOPERM: ['the user may not do this in Redis (NOPERM)', 'allow it with ACL SETUSER'],
  WRONGTYPE: [
    'a key holds something else than Emma keeps there (WRONGTYPE)',
    'give Emma a Redis or a database of its own',
  ],
  CROSSSLOT: ['the keys of a command are in several slots (CROSSSLOT)', 'report this: it is a fault of Emma'],
}

export function unavailable(what: string, remedy = LOOK): EmmaError {
  return failure('store_unavailable', 'store', what, remedy)
}

export const notAnswering = (node: string, why: string) =>
  unavailable(`Redis at ${node} does not answer: ${why}`)

export const timedOut = (node: string, ms: number) =>
  unavailable(
    `Redis at ${node} did not answer within ${Math.round(ms)} ms; whether it did what it was asked is not known`,
  )

export const cutOff = (node: string) =>
  unavailable(`the connection to Redis at ${node} broke; whether it did what it was asked is not known`)

const WITHOUT_REPLICAS = 'see that its replicas are connected; STORE_DURABILITY async does without'

export const notReplicated = (node: string, ms: number) =>
  unavailable(`written to Redis at ${node}, and not replicated in time (${ms} ms)`, WITHOUT_REPLICAS)

/** Redis ends a WAIT only ten times a second: its answer may be later than the call waits. */
export const perhapsNotReplicated = (node: string, ms: number) =>
  unavailable(
    `perhaps written to Redis at ${node}, and not replicated in time (${Math.round(ms)} ms)`,
    WITHOUT_REPLICAS,
  )

export const linkClosed = () => unavailable('the link to Redis is closed', 'open another one')

/** An error reply in words. What Redis says is quoted only where it cannot hold keys or values. */
export function refused({ code, text }: ErrorReply, script?: string): EmmaError {
  const known = REFUSALS[code]
  const by = script === undefined ? '' : ` in the script ${script}`
  if (known !== undefined) return unavailable(known[0] + by, known[1])
  return unavailable(
    `Redis refused a command${by} (${withoutValues(text)})`,
    'report this with the version of Redis',
  )
}

/** `ERR unknown command 'X', with args beginning with: …` ends where the arguments begin. */
export function withoutValues(text: string): string {
  return text.replace(/,? with args beginning with:.*$/s, '').slice(0, 200)
}
