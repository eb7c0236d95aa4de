import { randomBytes } from 'node:crypto'
import type { Unit } from '../../domain/volume.ts'
import { BUCKETS } from '../../ports/customer-store.ts'
import { bytesIn, listIn, READ, WRITE } from './calls.ts'
import type { Link } from './link.ts'
import { luaScript } from './lua-script.ts'
import type { Pools, Returned } from './pools.ts'
import { runningOutKey, SWEEPER, unitsPrefix } from './unit-keys.ts'

const SWEEP = luaScript('sweep', 'sweep.lua')

/** All buckets are visited once in so long, however often somebody sweeps. */
const ROUND_MS = 5_000
/** Of one bucket in one visit. */
const MOST_HOLDS = 100
/** Who sweeps has so long before another one takes over. */
const ELECTED_MS = 1_000

/** Sweeps as one of several processes: whoever is elected visits the buckets that are due. */
export function makeSweeping(link: Link, pools: Pools) {
  const me = randomBytes(6).toString('hex')
  let sweptAt = Number.NEGATIVE_INFINITY
  let next = 0
  /** Those in which more ran out than one visit takes. */
  let full: readonly number[] = []

  /** Two at once would do no harm: it saves work. */
  const isElected = async (): Promise<boolean> => {
    const [, elected] = await link.send(
      SWEEPER,
      [
        ['SET', SWEEPER, me, 'NX', 'PX', ELECTED_MS],
        ['GET', SWEEPER],
      ],
      WRITE,
    )
    if (String(elected) !== me) return false
    await link.send(SWEEPER, [['PEXPIRE', SWEEPER, ELECTED_MS]], WRITE)
    return true
  }

  const dueBuckets = (now: number): readonly number[] => {
    const passed = now - sweptAt
    sweptAt = now
    const share = passed >= 0 ? Math.min(1, passed / ROUND_MS) : 0
    const count = Math.max(1, Math.ceil(share * BUCKETS))
    const buckets = Array.from({ length: count }, (_, i) => (next + i) % BUCKETS)
    next = (next + count) % BUCKETS
    return [...new Set([...full, ...buckets])]
  }

  /** Most buckets have nothing that ran out: that is asked without a script. */
  const hasDue = async (bucket: number, now: number): Promise<boolean> => {
    const key = runningOutKey(bucket)
    const [count] = await link.send(key, [['ZCOUNT', key, '-inf', now]], READ)
    return count !== 0
  }

  return {
    async sweep(now: number): Promise<{ readonly expired: number }> {
      if (!(await isElected())) return { expired: 0 }
      const buckets = dueBuckets(now)
      const due = await Promise.all(buckets.map((bucket) => hasDue(bucket, now)))
      const returned = new Map<string, { unit: Unit; all: Returned[] }>()
      let expired = 0
      const visit = async (bucket: number): Promise<boolean> => {
        const args = [now, MOST_HOLDS, unitsPrefix(bucket)]
        const reply = listIn(await link.run(SWEEP, [runningOutKey(bucket)], args, WRITE))
        expired += Number(reply[0])
        for (let i = 1; i + 2 < reply.length; i += 3) {
          const unit = { volume: textIn(reply[i]), period: textIn(reply[i + 1]) }
          const key = JSON.stringify([unit.volume, unit.period])
          const its = returned.get(key) ?? { unit, all: [] }
          its.all.push([bucket, Number(reply[i + 2])])
          returned.set(key, its)
        }
        return Number(reply[0]) >= MOST_HOLDS
      }
      const visited = buckets.filter((_, i) => due[i])
      const isFull = await Promise.all(visited.map(visit))
      full = visited.filter((_, i) => isFull[i])
      // What does not reach a pool is found when somebody finds it empty.
      await Promise.all(
        [...returned.values()].map(({ unit, all }) => pools.collect(unit, all).catch(() => {})),
      )
      return { expired }
    },
    async close(): Promise<void> {
      const [elected] = await link.send(SWEEPER, [['GET', SWEEPER]], READ)
      if (String(elected) === me) await link.send(SWEEPER, [['DEL', SWEEPER]], WRITE)
    },
  }
}

function textIn(reply: Parameters<typeof bytesIn>[0]): string {
  return bytesIn(reply)!.toString()
}
