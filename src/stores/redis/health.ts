import type { Finding, StoreHealth } from '../../ports/store-health.ts'
import { listIn, READ } from './calls.ts'
import type { Link } from './link.ts'
import type { Reply } from './link-command.ts'

const OLDEST = [7, 0] as const
/** Replicas that each master needs with STORE_DURABILITY=replicated: one may be promoted, the other still confirms. */
const REPLICAS = 2
/** Share of maxmemory from which on somebody should act. */
const MUCH = 0.8

/** Whether every master of a Redis keeps what it is given. */
export function redisHealth(link: Link, durability: 'async' | 'replicated'): StoreHealth {
  return {
    async sizes() {
      const masters = await link.onEveryMaster([['INFO', 'memory'], ['DBSIZE']], READ)
      let [usedBytes, limitBytes, keys, isLimited] = [0, 0, 0, true]
      for (const [info, size] of masters) {
        const said = fieldsOf(String(info))
        const most = Number(said.get('maxmemory') ?? 0)
        usedBytes += Number(said.get('used_memory') ?? 0)
        limitBytes += most
        keys += Number(size)
        isLimited &&= most > 0
      }
      return { usedBytes, limitBytes: isLimited ? limitBytes : null, keys }
    },
    async findings() {
      const masters = await link.onEveryMaster(
        [
          ['INFO'],
          ['CONFIG', 'GET', 'maxmemory-policy'],
          ['CONFIG', 'GET', 'appendonly'],
          ['CONFIG', 'GET', 'cluster-require-full-coverage'],
        ],
        READ,
      )
      return masters.flatMap(([info, policy, appendOnly, fullCoverage], i) => {
        const said = fieldsOf(String(info))
        const master = masters.length === 1 ? 'Redis' : `master ${i + 1} of ${masters.length}`
        return [
          versionFinding(master, said),
          evictionFinding(master, settingIn(policy)),
          memoryFinding(master, said),
          diskFinding(master, settingIn(appendOnly)),
          ...(said.get('cluster_enabled') === '1' ? [coverageFinding(master, settingIn(fullCoverage))] : []),
          ...(durability === 'replicated' ? [replicaFinding(master, said)] : []),
        ]
      })
    },
  }
}

function versionFinding(master: string, said: ReadonlyMap<string, string>): Finding {
  const version = said.get('redis_version') ?? 'unknown'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  return finding(
    isNew ? 'right' : 'wrong',
    `${master} has version ${version}`,
    'use Redis 7.0 or newer, or Valkey',
  )
}

/** What is evicted is a cap or a consent that nobody knows of any more. */
function evictionFinding(master: string, policy: string): Finding {
  return finding(
    policy === 'noeviction' ? 'right' : 'wrong',
    `${master} has maxmemory-policy ${policy}`,
    'set maxmemory-policy noeviction: what Redis evicts are caps, consents and histories',
  )
}

function memoryFinding(master: string, said: ReadonlyMap<string, string>): Finding {
  const used = Number(said.get('used_memory') ?? 0)
  const most = Number(said.get('maxmemory') ?? 0)
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
  if (most === 0)
    return finding(
      'advice',
      `${master} uses ${megabytes(used)} of memory, and has no maxmemory`,
      'set maxmemory below what the machine has, so that Redis refuses writes before the system ends it',
    )
  return finding(
    used < most * MUCH ? 'right' : 'advice',
    `${master} uses ${megabytes(used)} of ${megabytes(most)} of memory`,
    'give it more memory, or more masters',
  )
}

function diskFinding(master: string, appendOnly: string): Finding {
  return finding(
    appendOnly === 'yes' ? 'right' : 'advice',
    `${master} has appendonly ${appendOnly}`,
    'set appendonly yes: without it a restart loses what came since the last snapshot',
  )
}

function replicaFinding(master: string, said: ReadonlyMap<string, string>): Finding {
  const replicas = Number(said.get('connected_slaves') ?? 0)
  return finding(
    replicas >= REPLICAS ? 'right' : 'wrong',
    `${master} has ${replicas} replicas`,
    `give each master ${REPLICAS} replicas, or set STORE_DURABILITY=async`,
  )
}

/** Whoever lives on the other masters need not wait until one of them has been replaced. */
function coverageFinding(master: string, fullCoverage: string): Finding {
  return finding(
    fullCoverage === 'no' ? 'right' : 'advice',
    `${master} has cluster-require-full-coverage ${fullCoverage}`,
    'set cluster-require-full-coverage no: with yes all masters refuse while one is away',
  )
}

function finding(state: Finding['state'], what: string, remedy: string): Finding {
  return { state, what, remedy: state === 'right' ? null : remedy }
}

/** `name:value` lines of INFO. */
function fieldsOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').flatMap((line) => {
      const at = line.indexOf(':')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
}

function settingIn(reply: Reply | undefined): string {
  return String(listIn(reply)[1] ?? 'unknown')
}
