import type { RedisOptions } from 'ioredis'
import type { RedisAddress, RedisPlace } from '../../domain/redis-url.ts'
import type { Answer, Command } from './link-command.ts'
import { type Connection, openConnection } from './link-connection.ts'

/** How much later, at most, Redis is back for us than it is back. */
const LONGEST_RETRY_MS = 250

/** One Redis: the connection of ordinary calls and, where calls may wait for replicas, one that may be held up. */
export interface LinkNode {
  /** `host:port`, or what the sentinels call the master. */
  readonly name: string
  readonly plain: Connection
  readonly durable: Connection | undefined
  close(): Promise<void>
}

export interface NodeSettings {
  readonly place: RedisPlace
  readonly timeoutMs: number
  readonly durability: 'async' | 'replicated'
}

export function openNode(
  { place, timeoutMs, durability }: NodeSettings,
  address: RedisAddress,
  onChange: (isUp: boolean, reason: string) => void,
): LinkNode {
  const name = place.master ?? nameOf(address)
  const options = optionsOf(place, address)
  const plain = openConnection({ options, node: name, timeoutMs, durable: false, onChange })
  const durable =
    durability === 'replicated'
      ? openConnection({ options, node: name, timeoutMs, durable: true, onChange: () => {} })
      : undefined
  return {
    name,
    plain,
    durable,
    close: async () => {
      await Promise.all([plain.close(), durable?.close()])
    },
  }
}

export const nameOf = ({ host, port }: RedisAddress): string => `${host}:${port}`

/** Commands for a node that belong to no call, answered or failed by their deadline. */
export function ask(
  connection: Connection,
  commands: readonly Command[],
  timeoutMs: number,
): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    connection.add({
      commands,
      asking: false,
      load: undefined,
      timed: false,
      deadline: performance.now() + timeoutMs,
      timeoutMs,
      settled: false,
      answered: resolve,
      failed: reject,
    })
  })
}

function optionsOf(place: RedisPlace, address: RedisAddress): Omit<RedisOptions, 'replyMapping'> {
  const endpoint =
    place.kind === 'sentinel'
      ? {
          sentinels: [...place.addresses],
          name: place.master!,
          sentinelRetryStrategy: () => LONGEST_RETRY_MS,
          sentinelCommandTimeout: 300,
        }
      : { host: address.host, port: address.port, ...(place.tls ? { tls: {} } : {}) }
  return {
    ...endpoint,
    ...(place.username === undefined ? {} : { username: place.username }),
    ...(place.password === undefined ? {} : { password: place.password }),
    db: place.database,
    // RESP2: every reply has one shape only, maps and sets are flat arrays, scores are bulk strings.
    protocol: 2,
    connectTimeout: 300,
    disconnectTimeout: 100,
    retryStrategy: (times: number) => Math.min(50 * times, LONGEST_RETRY_MS),
    maxLoadingRetryTime: 100,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    disableClientInfo: true,
    connectionName: 'emma',
  }
}
