import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseRedisUrl } from '../../domain/redis-url.ts'
import { clusterRoutes } from './cluster-routes.ts'
import { hashSlot } from './hash-slot.ts'
import { LinkCall, type Outcome } from './link-call.ts'
import { type Argument, type Command, ErrorReply, type Reply, type Script } from './link-command.ts'
import { notAnswering, refused } from './link-failures.ts'
import { ask, openNode } from './link-node.ts'
import { singleRoutes } from './link-routes.ts'

export type { Argument, Command, Reply, Script } from './link-command.ts'

export interface LinkSettings {
  /** `redis://…`, `rediss://…`, `redis-cluster://host:port,host:port` or `redis-sentinel://host:port,host:port/master`. */
  readonly url: string
  /** Milliseconds after which a call is given up, and a node that has not answered a PING is held off; 30. */
  readonly timeoutMs?: number
  /** Whether `durable` calls wait until a replica has them. */
  readonly durability: 'async' | 'replicated'
  /** Told when Redis is held off, and when it answers again. In a cluster: when no master answers. */
  onChange?(isUp: boolean, reason: string): void
}

export interface CallOptions {
  /** Milliseconds after which the call is given up; that of the link by default. */
  readonly timeoutMs?: number
  /** Wait for the replicas as STORE_DURABILITY says before it counts as done (only matters with `replicated`). */
  readonly durable?: boolean
}

/**
 * How Emma talks to Redis: one, the one that sentinels name, or a cluster. Every call settles by its time-out,
 * whatever the network does; while a node does not answer, calls to it fail at once. All failures are EmmaError
 * `store_unavailable`. A call that timed out, or whose connection broke, may have been done all the same: nothing
 * is sent twice unless Redis said that it was not done.
 */
export interface Link {
  /**
   * Commands about keys of ONE hash slot (that of `slotKey`), in order, in one round trip. Calls of one turn of the
   * event loop share one pipeline per node. They are no transaction, and while their slot moves to another node,
   * what has to be sent again comes after what has not. An error reply to any of them rejects the whole call.
   */
  send(slotKey: string, commands: readonly Command[], options?: CallOptions): Promise<readonly Reply[]>
  /** The same, with the node’s clock (TIME, once per pipeline, not per call) in epoch milliseconds. */
  sendTimed(
    slotKey: string,
    commands: readonly Command[],
    options?: CallOptions,
  ): Promise<{ readonly replies: readonly Reply[]; readonly at: number }>
  /** Runs a script whose keys all live in the slot of keys[0]. EVALSHA first; NOSCRIPT loads and runs it again. */
  run(
    script: Script,
    keys: readonly [string, ...string[]],
    args: readonly Argument[],
    options?: CallOptions,
  ): Promise<Reply>
  /** Commands on every master, answered master by master (CONFIG GET, INFO, SCAN, FLUSHALL in tests). */
  onEveryMaster(commands: readonly Command[], options?: CallOptions): Promise<readonly (readonly Reply[])[]>
  /** False while every call is held back. */
  isUp(): boolean
  /** Fails what is under way and ends all connections. */
  close(): Promise<void>
}

/**
 * Opens a link and does not wait for Redis. Calls that are made while it connects for the first time wait for it,
 * each until its time-out; later ones fail at once while it is away.
 * @throws EmmaError `settings_invalid` for a URL that names no Redis.
 */
export function openLink(settings: LinkSettings): Link {
  const { url, timeoutMs = 30, durability, onChange = () => {} } = settings
  const place = parseRedisUrl(url)
  const nodeSettings = { place, timeoutMs, durability }
  const routes =
    place.kind === 'cluster'
      ? clusterRoutes(place.addresses, (address, told) => openNode(nodeSettings, address, told), onChange)
      : singleRoutes((told) => openNode(nodeSettings, place.addresses[0], told), onChange)

  const call = (
    key: string,
    commands: readonly Command[],
    options: CallOptions | undefined,
    isTimed: boolean,
    script?: Script,
  ): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const given = options?.timeoutMs ?? timeoutMs
      new LinkCall({
        routes,
        slot: place.kind === 'cluster' ? hashSlot(key) : 0,
        commands,
        script,
        timed: isTimed,
        durable: durability === 'replicated' && options?.durable === true,
        timeoutMs: given,
        deadline: performance.now() + given,
        resolve,
        reject,
      }).send()
    })

  return {
    send: async (key, commands, options) => (await call(key, commands, options, false)).replies,
    sendTimed: (key, commands, options) => call(key, commands, options, true),
    run: async (script, keys, args, options) => {
      const command: Command = ['EVALSHA', sha1Of(script), keys.length, ...keys, ...args]
      return (await call(keys[0], [command], options, false, script)).replies[0]!
    },
    onEveryMaster: async (commands, options) => {
      const given = options?.timeoutMs ?? timeoutMs
      const deadline = performance.now() + given
      while (routes.isStarting() && routes.masters().length === 0 && performance.now() < deadline)
        await sleep(2)
      const masters = routes.masters()
      if (masters.length === 0) throw notAnswering(routes.name, routes.reason())
      return Promise.all(
        masters.map(async (node) => {
          const left = Math.max(1, deadline - performance.now())
          return (await ask(node.plain, commands, left)).map((answer) => {
            if (answer instanceof ErrorReply) throw refused(answer)
            return answer
          })
        }),
      )
    },
    isUp: routes.isUp,
    close: routes.close,
  }
}

const sha1s = new WeakMap<Script, string>()

function sha1Of(script: Script): string {
  let sha1 = sha1s.get(script)
  if (sha1 === undefined) {
    sha1 = createHash('sha1').update(script.source).digest('hex')
    sha1s.set(script, sha1)
  }
  return sha1
}
