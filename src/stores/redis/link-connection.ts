import { performance } from 'node:perf_hooks'
import { Redis, type RedisOptions } from 'ioredis'
import type { EmmaError } from '../../domain/errors.ts'
import { type Answer, ErrorReply, type Exchange, type Reply } from './link-command.ts'
import {
  cutOff,
  linkClosed,
  notAnswering,
  notReplicated,
  perhapsNotReplicated,
  timedOut,
  withoutValues,
} from './link-failures.ts'
import { BROKEN, type WireAnswer, WireBatch } from './wire-batch.ts'

/** Commands that answer with a status: Redis says so on the wire, ioredis does not pass it on. */
const STATUS_COMMANDS = new Set([
  ...['MSET', 'HMSET', 'SETEX', 'PSETEX', 'RENAME', 'TYPE', 'LTRIM', 'LSET', 'RESTORE', 'PING'],
  ...['FLUSHALL', 'FLUSHDB', 'REPLICAOF', 'SAVE', 'BGSAVE', 'MULTI', 'DEBUG', 'MIGRATE'],
])
/** These do when they are asked to change something. */
const STATUS_WHEN_OK = new Set(['SET', 'CONFIG', 'SCRIPT', 'CLUSTER', 'CLIENT', 'XGROUP', 'FUNCTION'])

const OK = Buffer.from('OK')

/** A connection that says nothing for so long is given up for a new one: its other end may be gone for good. */
const HUNG_MS = 1_000
const PROBE_EVERY_MS = 100

export interface ConnectionSettings {
  readonly options: Omit<RedisOptions, 'replyMapping'>
  /** How failures name the node. */
  readonly node: string
  /** A probe that takes longer holds all calls back. */
  readonly timeoutMs: number
  /** Each batch waits for a replica, and the next one for it. */
  readonly durable: boolean
  /** Told when it begins or ceases to answer, once each time. */
  onChange(isUp: boolean, reason: string): void
}

/**
 * One connection to one node. What is added in one turn of the event loop goes out in one pipeline. Everything that
 * is added is answered, failed, or given up at its deadline, whatever the socket does. While the node does not
 * answer, what is added fails at once.
 */
export interface Connection {
  readonly node: string
  /** It answers. */
  isUp(): boolean
  /** It is being made for the first time, and nothing is known of it yet: what is added waits. */
  isFresh(): boolean
  /** Why it is held off, when it is. */
  reason(): string
  add(exchange: Exchange): void
  close(): Promise<void>
}

export function openConnection(settings: ConnectionSettings): Connection {
  const { node, timeoutMs, durable } = settings
  const redis = new Redis(settings.options)
  let state: 'fresh' | 'up' | 'down' | 'closed' = 'fresh'
  let reason = 'it has not answered yet'
  let lastError: string | undefined
  let absent: EmmaError | undefined
  let absentFor: string | undefined

  let pending: Exchange[] = []
  let isScheduled = false
  let inFlight = 0

  const live = new Set<Exchange>()
  let watch: NodeJS.Timeout | undefined
  let watchedFor = 0

  let probeTimers: readonly NodeJS.Timeout[] | undefined
  let nextProbe: NodeJS.Timeout | undefined

  // What waits for replicas holds up what comes after it on its connection.
  const unanswered = `no answer to PING within ${timeoutMs} ms${durable ? ', while a replica is waited for' : ''}`
  let turnAwayFrom = Number.NEGATIVE_INFINITY
  let turnAwayMs = 0

  // --- What is sent ---

  function add(exchange: Exchange): void {
    const isAway = state === 'down' || (state === 'up' && redis.status !== 'ready')
    if (state === 'closed' || isAway) {
      fail(exchange, isAway ? absence() : linkClosed())
      return
    }
    live.add(exchange)
    pending.push(exchange)
    watchDeadline(exchange.deadline)
    schedule()
  }

  function schedule(): void {
    if (isScheduled || state !== 'up' || (durable && inFlight > 0)) return
    isScheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    isScheduled = false
    if (state !== 'up') return
    const batch = pending.filter((exchange) => !exchange.settled)
    pending = []
    if (batch.length === 0) return
    const isTimed = batch.some((exchange) => exchange.timed)
    const waitMs = durable ? waitFor(batch) : 0
    const wire = new WireBatch((answers) => {
      inFlight -= 1
      settle(batch, answers, isTimed, waitMs)
      if (pending.length > 0) schedule()
    })
    if (isTimed) wire.add('TIME', [])
    for (const { commands, asking, load } of batch) {
      if (load !== undefined) wire.add('SCRIPT', ['LOAD', load])
      for (const command of commands) {
        if (asking) wire.add('ASKING', [])
        wire.add(command[0].toUpperCase(), command, 1)
      }
    }
    if (durable) wire.add('WAIT', [1, waitMs])
    inFlight += 1
    wire.sendTo(redis)
  }

  function settle(
    batch: readonly Exchange[],
    results: readonly WireAnswer[],
    isTimed: boolean,
    waitMs: number,
  ): void {
    const clock = isTimed ? clockOf(results[0]!) : 0
    const copies = results.at(-1)
    // Whatever is no number is no: an error, or nothing, because the connection broke while a replica was waited for.
    const isReplicated = !durable || (typeof copies === 'number' && copies >= 1)
    let at = isTimed ? 1 : 0
    for (const exchange of batch) {
      if (exchange.load !== undefined) at += 1
      const answers: Answer[] = []
      let isBroken = exchange.timed && Number.isNaN(clock)
      for (const [name] of exchange.commands) {
        if (exchange.asking) at += 1
        const answer = results[at]!
        at += 1
        if (answer === BROKEN) isBroken = true
        else answers.push(Buffer.isBuffer(answer) ? statusAsText(name, answer) : answer)
      }
      if (answers.some(isReadOnly)) turnAway()
      if (isBroken) fail(exchange, cutOff(node))
      else if (!isReplicated && !answers.every((answer) => answer instanceof ErrorReply)) {
        fail(exchange, notReplicated(node, waitMs))
      } else if (!exchange.settled) {
        live.delete(exchange)
        exchange.settled = true
        exchange.answered(answers, clock)
      }
    }
  }

  function fail(exchange: Exchange, error: Error): void {
    live.delete(exchange)
    if (exchange.settled) return
    exchange.settled = true
    exchange.failed(error)
  }

  // --- Deadlines ---

  function watchDeadline(deadline: number): void {
    if (watch !== undefined && deadline >= watchedFor) return
    clearTimeout(watch)
    watchedFor = deadline
    // After the timers of a turn come its replies: what arrived while this process was busy is no time-out.
    watch = setTimeout(() => setImmediate(giveUpLate), Math.max(0, deadline - performance.now()))
  }

  function giveUpLate(): void {
    watch = undefined
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    let isLate = false
    for (const exchange of live) {
      if (exchange.deadline > now) next = Math.min(next, exchange.deadline)
      else {
        isLate ||= state === 'up'
        fail(exchange, lateness(exchange.timeoutMs))
      }
    }
    if (next !== Number.POSITIVE_INFINITY) watchDeadline(next)
    if (isLate) probe()
  }

  /** The same for all while the reason is: to make one takes longer than all else that a call costs then. */
  function absence(): EmmaError {
    if (absentFor !== reason) {
      absentFor = reason
      absent = notAnswering(node, reason)
    }
    return absent!
  }

  function lateness(ms: number): EmmaError {
    if (state !== 'up') return absence()
    return durable ? perhapsNotReplicated(node, ms) : timedOut(node, ms)
  }

  // --- The breaker: open while PING is not answered in time ---

  function probe(): void {
    if (probeTimers !== undefined || state === 'closed' || redis.status !== 'ready') return
    clearTimeout(nextProbe)
    const asked = performance.now()
    const timers = [
      setTimeout(() => setImmediate(() => probeTimers === timers && hold(unanswered)), timeoutMs),
      setTimeout(() => probeTimers === timers && reconnect(), HUNG_MS),
    ]
    probeTimers = timers
    redis.call('PING').then(
      () => {
        if (probeTimers !== timers) return
        endProbe()
        if (performance.now() - asked <= timeoutMs) release()
        else probeAgain(0)
      },
      (error: Error) => {
        if (probeTimers !== timers) return
        endProbe()
        hold(describe(error))
        probeAgain(PROBE_EVERY_MS)
      },
    )
  }

  function probeAgain(ms: number): void {
    clearTimeout(nextProbe)
    nextProbe = setTimeout(probe, ms)
  }

  function endProbe(): void {
    for (const timer of probeTimers ?? []) clearTimeout(timer)
    probeTimers = undefined
  }

  function hold(why: string): void {
    if (state === 'closed') return
    const before = state
    reason = why
    state = 'down'
    const unsent = pending
    pending = []
    for (const exchange of unsent) fail(exchange, absence())
    if (before !== 'down') settings.onChange(false, reason)
  }

  function release(): void {
    if (state === 'closed' || state === 'up') return
    state = 'up'
    reason = 'it answers'
    lastError = undefined
    if (pending.length > 0) schedule()
    settings.onChange(true, reason)
  }

  /** A master that has become a replica may have a successor under its name: seldom enough for reads to go on. */
  function turnAway(): void {
    const now = performance.now()
    if (now < turnAwayFrom) return
    turnAwayMs = now - turnAwayFrom > 60_000 ? 1_000 : Math.min(turnAwayMs * 2, 30_000)
    turnAwayFrom = now + turnAwayMs
    reconnect()
  }

  function reconnect(): void {
    endProbe()
    if (state !== 'closed') redis.disconnect(true)
  }

  // --- What ioredis tells ---

  let handshake: NodeJS.Timeout | undefined
  redis.on('connect', () => {
    clearTimeout(handshake)
    lastError = undefined
    reason = 'it is connected to and not ready; it may be loading its data'
    handshake = setTimeout(() => redis.status === 'connect' && reconnect(), HUNG_MS)
  })
  redis.on('ready', () => {
    clearTimeout(handshake)
    endProbe()
    probe()
  })
  redis.on('error', (error: Error) => {
    lastError = describe(error)
    if (redis.status !== 'ready') hold(lastError)
  })
  redis.on('close', () => {
    clearTimeout(handshake)
    endProbe()
    hold(lastError ?? 'the connection was closed')
  })

  async function close(): Promise<void> {
    if (state === 'closed') return
    state = 'closed'
    endProbe()
    for (const timer of [watch, nextProbe, handshake]) clearTimeout(timer)
    pending = []
    for (const exchange of [...live]) fail(exchange, linkClosed())
    // Between two attempts there is no socket whose end could be told.
    if (redis.status === 'end' || redis.status === 'reconnecting') return redis.disconnect()
    const ended = new Promise((resolve) => redis.once('end', resolve))
    redis.disconnect()
    await ended
  }

  return {
    node,
    isUp: () => state === 'up' && redis.status === 'ready',
    isFresh: () => state === 'fresh',
    reason: () => reason,
    add,
    close,
  }
}

const isReadOnly = (answer: Answer): boolean => answer instanceof ErrorReply && answer.code === 'READONLY'

function statusAsText(name: string, reply: Buffer): Reply {
  const command = name.toUpperCase()
  const isStatus = STATUS_COMMANDS.has(command) || (STATUS_WHEN_OK.has(command) && reply.equals(OK))
  return isStatus ? reply.toString() : reply
}

/** Epoch milliseconds of TIME, which answers with seconds and microseconds; NaN when it did not. */
function clockOf(answer: WireAnswer): number {
  if (!Array.isArray(answer)) return Number.NaN
  return Number(answer[0]) * 1_000 + Math.floor(Number(answer[1]) / 1_000)
}

/** Redis ends a WAIT only ten times a second, so its answer may be a tenth later than it should. */
const LATE_WAIT_MS = 120

/** How long to wait for a replica: as long as the most patient of the batch does, and leaves time for the answer. */
function waitFor(batch: readonly Exchange[]): number {
  const left = Math.max(...batch.map((exchange) => exchange.deadline)) - performance.now()
  return Math.max(1, Math.floor(left - Math.min(LATE_WAIT_MS, left / 2)))
}

/** What went wrong, without what ioredis attaches to errors: arguments, and so passwords and keys. */
function describe(error: Error): string {
  return withoutValues(error.message || error.name)
}
