import { type EmmaError, failure } from './errors.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** Where a Redis is, as STORE_URL says it. */
export interface RedisPlace {
  readonly kind: 'single' | 'cluster' | 'sentinel'
  /** One for `single`; for the others those that are asked first. */
  readonly addresses: readonly [RedisAddress, ...RedisAddress[]]
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  /** Always 0 in a cluster, which has no others. */
  readonly database: number
  /** What the sentinels call the master; with `sentinel` only. */
  readonly master?: string
}

const SCHEMES = {
  'redis:': { kind: 'single', tls: false, port: 6379 },
  'rediss:': { kind: 'single', tls: true, port: 6379 },
  'redis-cluster:': { kind: 'cluster', tls: false, port: 6379 },
  'redis-sentinel:': { kind: 'sentinel', tls: false, port: 26_379 },
} as const

export const REDIS_URL_FORMS =
  'redis://host:port/database, rediss://host:port/database, redis-cluster://host:port,host:port or redis-sentinel://host:port,host:port/master, with user:password@ before the host where needed'

/** Whether a text means to name a Redis, well or not. */
export function isRedisUrl(text: string): boolean {
  return Object.keys(SCHEMES).some((scheme) => text.startsWith(`${scheme}//`))
}

/**
 * Reads a URL of a Redis, of a cluster or of sentinels. Users and passwords are percent-encoded where they hold
 * `/`, `?`, `#` or `%`.
 * @throws EmmaError `settings_invalid` naming STORE_URL; it never holds the URL, in which there may be a password.
 */
export function parseRedisUrl(text: string): RedisPlace {
  const parts = /^([a-z-]+:)\/\/(?:(.*)@)?([^/@?#]*)(?:\/([^/?#]*))?$/.exec(text)
  const scheme = SCHEMES[parts?.[1] as keyof typeof SCHEMES]
  if (parts === null || scheme === undefined) throw invalid('the value is no URL of a Redis')
  const [, , credentials, hosts, path = ''] = parts
  const addresses = hosts!.split(',').map((host) => addressOf(host, scheme.port))
  if (scheme.kind === 'single' && addresses.length > 1) {
    throw invalid('several hosts stand in a URL of one Redis')
  }
  return {
    kind: scheme.kind,
    addresses: addresses as [RedisAddress, ...RedisAddress[]],
    tls: scheme.tls,
    ...(credentials === undefined ? {} : credentialsOf(credentials)),
    ...pathOf(scheme.kind, path),
  }
}

function addressOf(text: string, defaultPort: number): RedisAddress {
  const parts = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text)
  const port = parts?.[3] === undefined ? defaultPort : Number(parts[3])
  if (parts === null || port < 1 || port > 65_535) throw invalid('a host of the URL is not host:port')
  return { host: (parts[1] ?? parts[2])!, port }
}

function credentialsOf(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':')
  try {
    const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon))
    const password = colon < 0 ? '' : decodeURIComponent(text.slice(colon + 1))
    if (password === '') throw invalid('the URL has a user without a password')
    return username === '' ? { password } : { username, password }
  } catch (error) {
    if (error instanceof URIError) throw invalid('the user or password of the URL is not percent-encoded')
    throw error
  }
}

function pathOf(kind: RedisPlace['kind'], path: string): { database: number; master?: string } {
  if (kind === 'sentinel') {
    if (!/^[A-Za-z0-9._-]+$/.test(path))
      throw invalid('the URL does not say what the sentinels call the master')
    return { database: 0, master: path }
  }
  if (path === '') return { database: 0 }
  if (kind === 'cluster') throw invalid('a cluster has no databases, and the URL names one')
  if (!/^\d{1,5}$/.test(path)) throw invalid('the database of the URL is not a number')
  return { database: Number(path) }
}

function invalid(what: string): EmmaError {
  return failure('settings_invalid', 'STORE_URL', what, `write ${REDIS_URL_FORMS}`)
}
