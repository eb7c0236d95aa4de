import type { Unit } from '../../domain/volume.ts'
import { BUCKETS } from '../../ports/customer-store.ts'
import { bytesOfAll, listIn } from './calls.ts'
import type { CallOptions, Link } from './link.ts'
import { luaScript } from './lua-script.ts'
import { keptFor, poolKey, unitsKey, type VolumePeriod, volumeHash } from './unit-keys.ts'

const POOL = luaScript('pool', 'pool.lua')
const FENCE = luaScript('fence', 'fence.lua')

/** Nobody waits for these, but units that others want come back by them. */
const BEHIND: CallOptions = { timeoutMs: 2_000, durable: true }
/** So many buckets at once. */
const AT_ONCE = 128
/** Between two looks at the returns of all buckets: they are only needed when somebody died between count and collection. */
const LOOKS_APART_MS = 10_000

export type Leased =
  /** `out`: how many units were out or spent before. */
  | { readonly result: 'leased'; readonly block: number; readonly out: number }
  | { readonly result: 'empty'; readonly isLookDue: boolean }
  /** This process was taken for dead. */
  | { readonly result: 'dead' }

/** How often units came back in a bucket, since ever. */
export type Returned = readonly [bucket: number, ever: number]

export interface LeaseRequest {
  readonly owner: string
  /** `<volume>.<owner>.<number>`, never used before. */
  readonly lease: string
  readonly allowed: number
  /** Between how many processes the rest is shared. */
  readonly processes: number
  readonly waiting: number
  readonly now: number
}

/** The pools of units: what is leased out of them, given back, and collected of what came back. All can be repeated. */
export function makePools(link: Link, clock: () => number) {
  const run = (unit: Unit, args: readonly (string | number)[], options: CallOptions) =>
    link.run(POOL, [poolKey(unit)], args, options)

  return {
    /** The units may be leased all the same when it throws. */
    async lease(period: VolumePeriod, request: LeaseRequest, options: CallOptions): Promise<Leased> {
      const { owner, lease, allowed, processes, waiting, now } = request
      const kept = keptFor(period, now) ?? ''
      const args = ['lease', owner, lease, Math.floor(allowed), processes, waiting, kept, LOOKS_APART_MS]
      const [result, first, second] = listIn(await run(period, args, options))
      if (String(result) === 'leased') return { result: 'leased', block: Number(first), out: Number(second) }
      return String(result) === 'dead' ? { result: 'dead' } : { result: 'empty', isLookDue: first === 1 }
    },
    /** @returns whether the lease was open until now */
    async give(unit: Unit, lease: string, spent: number): Promise<boolean> {
      return (await run(unit, ['give', lease, spent], BEHIND)) === 1
    },
    async collect(unit: Unit, returned: readonly Returned[]): Promise<void> {
      const all = returned.filter(([, ever]) => ever > 0)
      if (all.length > 0) await run(unit, ['collect', ...all.flat()], BEHIND)
    },
    /** Whether somebody found it empty since the last lease. */
    async isWanted(unit: Unit): Promise<boolean> {
      const key = poolKey(unit)
      const [wanted] = await link.send(key, [['HGET', key, 'w']], BEHIND)
      return wanted !== null
    },
    /** The open leases of a process, which gets no others from now on. */
    async bury(period: VolumePeriod, owner: string): Promise<string[]> {
      const kept = keptFor(period, clock())
      if (kept !== null && kept <= 1) return []
      return bytesOfAll(await run(period, ['bury', owner, kept ?? ''], BEHIND)).map(String)
    },
    /** Lets nobody spend of a lease any more. @returns how many of it were spent */
    async fence(period: VolumePeriod, lease: string): Promise<number> {
      const kept = keptFor(period, clock()) ?? ''
      const counts = await inEveryBucket((bucket) =>
        link.run(FENCE, [unitsKey(bucket, period.period)], [lease, kept], BEHIND),
      )
      return counts.reduce<number>((sum, count) => sum + Number(count), 0)
    },
    /** Collects whatever came back in any bucket. */
    async collectAll(unit: Unit): Promise<void> {
      const ever = await inEveryBucket(async (bucket) => {
        const key = unitsKey(bucket, unit.period)
        const [count] = await link.send(key, [['HGET', key, `R${unit.volume}`]], BEHIND)
        return Number(String(count ?? 0))
      })
      await this.collect(
        unit,
        ever.map((count, bucket) => [bucket, count]),
      )
    },
    /** What is in use: leases first and returns last, so that what moves meanwhile is not counted twice. */
    async account(unit: Unit): Promise<{ used: number; leased: number }> {
      const ofVolume = `L${volumeHash(unit.volume)}.`
      const spent = new Map<string, number>()
      await inEveryBucket(async (bucket) => {
        const key = unitsKey(bucket, unit.period)
        for (const [field, count] of pairs((await link.send(key, [['HGETALL', key]], BEHIND))[0]))
          if (field.startsWith(ofVolume))
            spent.set(field.slice(1), (spent.get(field.slice(1)) ?? 0) + Number(count))
      })
      const key = poolKey(unit)
      let leased = 0
      for (const [field, block] of pairs((await link.send(key, [['HGETALL', key]], BEHIND))[0]))
        if (field.startsWith('l')) leased += Math.max(0, Number(block) - (spent.get(field.slice(1)) ?? 0))
      const returned = await inEveryBucket(async (bucket) => {
        const units = unitsKey(bucket, unit.period)
        const [count] = await link.send(units, [['HGET', units, `R${unit.volume}`]], BEHIND)
        return Number(String(count ?? 0))
      })
      const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0)
      return { used: Math.max(0, sum(spent.values()) - sum(returned)), leased }
    },
  }
}

export type Pools = ReturnType<typeof makePools>

function* pairs(reply: Parameters<typeof bytesOfAll>[0]): Generator<[string, string]> {
  const all = bytesOfAll(reply)
  for (let i = 0; i + 1 < all.length; i += 2) yield [all[i]!.toString(), all[i + 1]!.toString()]
}

/** Does something in every bucket, in the order of the buckets. */
async function inEveryBucket<T>(ask: (bucket: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  for (let first = 0; first < BUCKETS; first += AT_ONCE)
    all.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => ask(first + i)))))
  return all
}
