import { randomBytes } from 'node:crypto'
import { bytesOfAll, listIn, READ, WRITE } from './calls.ts'
import type { Link } from './link.ts'
import { luaScript } from './lua-script.ts'
import type { Pools } from './pools.ts'
import { leasedKey, PROCESSES, periodFromText, reclaimingKey } from './unit-keys.ts'

const SCRIPT = luaScript('processes', 'processes.lua')
const BEAT_MS = 1_000
/** Who settles a dead process has so long before another one takes over. */
const RECLAIMING_MS = 5_000

/** What one process says of itself, and what it does about those that say nothing any more. */
export interface Processes {
  /** The name under which leases are taken now. */
  owner(): string
  /** How many are alive, this one among them. */
  alive(): number
  /** Known by all as one that takes leases of a period, from before the first one. @returns its name */
  join(period: string): Promise<string>
  /** It was taken for dead under this name: it takes another one, and others settle what it had. */
  rename(from: string): void
  /** Ends what it does by itself. `isSettled`: it has no lease any more. */
  leave(isSettled: boolean): Promise<void>
}

/**
 * @param silenceMs - so long nothing is heard of a process before its leases are taken from it
 * @param leased - the periods that this process has leases of
 */
export function makeProcesses(
  link: Link,
  pools: Pools,
  { silenceMs, leased }: { readonly silenceMs: number; readonly leased: () => readonly string[] },
): Processes {
  const me = newName()
  let owner = me
  let alive = 1
  let joined = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let isLeaving = false
  const reclaiming = new Map<string, Promise<void>>()

  const run = (what: string, of: string, args: readonly (string | number)[]) =>
    link.run(SCRIPT, [PROCESSES, leasedKey(of)], [what, of, silenceMs, ...args], WRITE)

  const beat = async (periods: readonly string[]): Promise<void> => {
    const [count, dead] = listIn(await run('beat', owner, periods))
    alive = Math.max(1, Number(count))
    for (const one of bytesOfAll(dead).map(String)) {
      if (one === owner || reclaiming.has(one)) continue
      reclaiming.set(
        one,
        reclaim(one)
          .catch(() => {})
          .finally(() => reclaiming.delete(one)),
      )
    }
  }

  const reclaim = async (dead: string): Promise<void> => {
    const lock = reclaimingKey(dead)
    const [isMine] = await link.send(lock, [['SET', lock, me, 'NX', 'PX', RECLAIMING_MS]], WRITE)
    if (isMine === null) return
    for (;;) {
      const key = leasedKey(dead)
      const [members] = await link.send(key, [['SMEMBERS', key]], READ)
      const periods = bytesOfAll(members).map((text) => periodFromText(text.toString()))
      for (const period of periods)
        for (const lease of await pools.bury(period, dead))
          await pools.give(period, lease, await pools.fence(period, lease))
      if ((await run('bury', dead, [periods.length])) === 1) return
      // It lives, or another one has settled it; else it has leased from one more pool meanwhile.
      const [heard] = await link.send(PROCESSES, [['ZSCORE', PROCESSES, dead]], READ)
      const [count] = await link.send(key, [['SCARD', key]], READ)
      if (heard === null || count === periods.length || isLeaving) return
    }
  }

  const start = () => {
    if (timer !== undefined || isLeaving) return
    timer = setInterval(() => {
      if (link.isUp()) void beat(leased()).catch(() => {})
    }, BEAT_MS)
    timer.unref()
  }

  return {
    owner: () => owner,
    alive: () => alive,
    async join(period) {
      const name = owner
      if (!joined.has(period)) {
        const known = joined
        start()
        await beat([...leased(), period])
        known.add(period)
      }
      return name
    },
    rename(from) {
      if (from !== owner) return
      owner = newName()
      joined = new Set()
    },
    async leave(isSettled) {
      isLeaving = true
      clearInterval(timer)
      await Promise.allSettled(reclaiming.values())
      if (!isSettled || timer === undefined) return
      await link.send(PROCESSES, [
        ['ZREM', PROCESSES, owner],
        ['DEL', leasedKey(owner)],
      ])
    },
  }
}

function newName(): string {
  return randomBytes(6).toString('hex')
}
