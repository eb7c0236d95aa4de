import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Allowance, Unit } from '../../domain/volume.ts'
import type { CallOptions, Link } from './link.ts'
import type { Pools } from './pools.ts'
import { makeProcesses, type Processes } from './processes.ts'
import { periodToText, type VolumePeriod, volumeHash } from './unit-keys.ts'

/** A volume that was found empty is sold out for so long, unless it is asked for again. */
const EMPTY_MS = 1_000
/** And so old that may be before it is asked for again. */
const ASK_AGAIN_MS = 250
/** A lease of which nothing is spent goes back. */
const IDLE_MS = 1_000
const LOOK_MS = 250
/** An answer that was not waited for may still come; what it leased goes back. */
const LOST_MS = 10_000
/** How long closing waits for what is under way. */
const CLOSING_MS = 3_000
const LEASING: CallOptions = { durable: true }
const MOST_TRIES = 64

/** Units of one period of a volume that this process may spend. */
export interface Lease {
  readonly name: string
  readonly owner: string
  readonly block: number
  /** How many units were out before: the first of these is the next one. */
  readonly out: number
  left: number
  spent: number
  underWay: number
  /** Nobody knows whether a commit has spent of it. */
  isUncertain: boolean
  isClosed: boolean
  usedAt: number
}

interface Pool {
  readonly period: VolumePeriod
  readonly text: string
  leases: Lease[]
  /** Names of leases that no answer came for, and until when they may still come to be. */
  readonly lost: Map<string, number>
  leasing: Promise<boolean> | null
  waiting: number
  /** When it was found empty, and for how many units; on the scale of `performance.now()`. */
  emptyAt: number
  emptyFor: number
}

export type Spending = 'spent' | 'kept' | 'unknown' | 'fenced'

export interface Leases {
  /** One unit to spend, to be settled; null where none is left for now. At once where one is here. */
  reserve(take: Allowance, now: number): Lease | Promise<Lease | null>
  /** Tells what became of a reserved unit. `fenced`: the lease was taken from this process. */
  settle(lease: Lease, spending: Spending): void
  soldOut(asked: readonly Allowance[]): ReadonlySet<string>
  close(): Promise<void>
}

/** Units that this process has leased. What is not spent goes back: idle, wanted by others, or at the end. */
export function makeLeases(link: Link, pools: Pools, silenceMs: number): Leases {
  const all = new Map<string, Pool>()
  const leased = () => [...all.values()].filter(({ leases }) => leases.length > 0).map(({ text }) => text)
  const processes: Processes = makeProcesses(link, pools, { silenceMs, leased })
  const giving = new Map<Lease, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let isClosing = false
  let named = 0

  const poolOf = ({ volume, period, endsAt }: Allowance): Pool => {
    const text = periodToText({ volume, period, endsAt })
    let pool = all.get(text)
    if (pool === undefined) {
      pool = {
        ...{ period: { volume, period, endsAt }, text, leases: [], lost: new Map(), leasing: null },
        ...{ waiting: 0, emptyAt: Number.NEGATIVE_INFINITY, emptyFor: 0 },
      }
      all.set(text, pool)
    }
    return pool
  }

  const isMine = ({ owner, isClosed }: Lease) => !isClosed && owner === processes.owner()
  /** Spent in order, so that no more are out than are allowed by now. */
  const isAllowed = ({ out, block, left }: Lease, allowed: number) => out + block - left + 1 <= allowed
  const usable = (pool: Pool, allowed: number) =>
    pool.leases.find((lease) => isMine(lease) && lease.left > 0 && isAllowed(lease, allowed))
  const wasEmpty = (pool: Pool, allowed: number, ms: number) =>
    allowed <= pool.emptyFor && performance.now() - pool.emptyAt < ms

  const use = (lease: Lease): Lease => {
    lease.left -= 1
    lease.underWay += 1
    lease.usedAt = performance.now()
    return lease
  }

  const leaseMore = async (pool: Pool, allowed: number, now: number): Promise<boolean> => {
    for (let tries = 0; tries < 3; tries++) {
      const owner = await processes.join(pool.text)
      const name = `${volumeHash(pool.period.volume)}.${owner}.${++named}`
      const request = { owner, lease: name, allowed, processes: processes.alive(), now }
      const reply = await pools
        .lease(pool.period, { ...request, waiting: pool.waiting }, LEASING)
        .catch((error: unknown) => {
          pool.lost.set(name, performance.now() + LOST_MS)
          throw error
        })
      if (reply.result === 'leased') {
        const { block, out } = reply
        const counts = { left: block, spent: 0, underWay: 0, isUncertain: false, isClosed: false }
        pool.leases.push({ name, owner, block, out, ...counts, usedAt: performance.now() })
        return true
      }
      if (reply.result === 'empty') {
        pool.emptyAt = performance.now()
        pool.emptyFor = allowed
        if (reply.isLookDue) void pools.collectAll(pool.period).catch(() => {})
        return false
      }
      processes.rename(owner)
    }
    return false
  }

  /** Those who wait for the same units wait for one answer. */
  const leaseTogether = (pool: Pool, allowed: number, now: number): Promise<boolean> => {
    start()
    pool.leasing ??= leaseMore(pool, allowed, now).finally(() => {
      pool.leasing = null
    })
    return pool.leasing
  }

  const reserveLater = async (pool: Pool, allowed: number, now: number): Promise<Lease | null> => {
    pool.waiting += 1
    try {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const lease = usable(pool, allowed)
        if (lease !== undefined) return use(lease)
        if (isClosing || wasEmpty(pool, allowed, ASK_AGAIN_MS)) return null
        // What is here is not yet allowed: it goes back, so that the pool can say how many are out.
        const ahead = pool.leases.filter((one) => isMine(one) && one.left > 0 && !isAllowed(one, allowed))
        if (pool.leasing === null) await Promise.all(ahead.map((one) => giveBack(pool, one)))
        await leaseTogether(pool, allowed, now)
      }
      return null
    } finally {
      pool.waiting -= 1
    }
  }

  /** Nothing of it is spent from now on; it goes back as soon as nothing is under way. */
  const giveBack = (pool: Pool, lease: Lease): Promise<void> => {
    lease.isClosed = true
    if (lease.underWay > 0) return Promise.resolve()
    let under = giving.get(lease)
    if (under === undefined) {
      under = give(pool, lease)
        .catch(() => {})
        .finally(() => giving.delete(lease))
      giving.set(lease, under)
    }
    return under
  }

  const give = async (pool: Pool, lease: Lease): Promise<void> => {
    // Of a process that was taken for dead: others settle what it had.
    if (lease.owner === processes.owner()) {
      const spent = lease.isUncertain ? await pools.fence(pool.period, lease.name) : lease.spent
      await pools.give(pool.period, lease.name, spent)
    }
    pool.leases = pool.leases.filter((one) => one !== lease)
  }

  const isWanted = (unit: Unit) => pools.isWanted(unit).catch(() => false)

  const lookAt = async (pool: Pool): Promise<void> => {
    const time = performance.now()
    for (const [name, until] of pool.lost) {
      const isDone = await pools.give(pool.period, name, 0).catch(() => false)
      if (isDone || time > until) pool.lost.delete(name)
    }
    for (const lease of pool.leases) {
      const isIdle = lease.underWay === 0 && time - lease.usedAt >= IDLE_MS
      if (isIdle || !isMine(lease)) void giveBack(pool, lease)
    }
    if (pool.leases.some((lease) => isMine(lease) && lease.left > 0) && (await isWanted(pool.period)))
      for (const lease of pool.leases) void giveBack(pool, lease)
    const isAsleep = pool.leases.length === 0 && pool.lost.size === 0 && pool.waiting === 0
    if (isAsleep && time - pool.emptyAt > EMPTY_MS) all.delete(pool.text)
  }

  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking || !link.isUp()) return
    isLooking = true
    try {
      await Promise.all([...all.values()].map(lookAt))
    } finally {
      isLooking = false
    }
  }

  const start = () => {
    if (timer !== undefined || isClosing) return
    timer = setInterval(() => void look(), LOOK_MS)
    timer.unref()
  }

  return {
    reserve(take, now) {
      if (take.allowed < 1) return Promise.resolve(null)
      const pool = poolOf(take)
      const lease = usable(pool, take.allowed)
      return lease === undefined ? reserveLater(pool, take.allowed, now) : use(lease)
    },
    settle(lease, spending) {
      lease.underWay -= 1
      if (spending === 'spent') lease.spent += 1
      if (spending === 'kept') lease.left += 1
      if (spending === 'unknown') lease.isUncertain = true
      if (spending === 'fenced') processes.rename(lease.owner)
      if (lease.isClosed && lease.underWay === 0) {
        const pool = [...all.values()].find(({ leases }) => leases.includes(lease))
        if (pool !== undefined) void giveBack(pool, lease)
      }
    },
    soldOut(asked) {
      const gone = new Set<string>()
      for (const take of asked) {
        if (take.allowed < 1) gone.add(take.volume)
        else {
          const pool = all.get(periodToText(take))
          if (pool === undefined || usable(pool, take.allowed) !== undefined) continue
          if (!wasEmpty(pool, take.allowed, EMPTY_MS)) continue
          gone.add(take.volume)
          // Nobody who decides waits for the answer; the next one knows it.
          if (!wasEmpty(pool, take.allowed, ASK_AGAIN_MS) && !isClosing && link.isUp())
            void leaseTogether(pool, take.allowed, Date.now()).catch(() => {})
        }
      }
      return gone
    },
    async close() {
      isClosing = true
      clearInterval(timer)
      const deadline = performance.now() + CLOSING_MS
      const pending = () => [...all.values()].filter(({ leases, lost }) => leases.length > 0 || lost.size > 0)
      for (;;) {
        await Promise.allSettled([...all.values()].map(({ leasing }) => leasing))
        for (const pool of pending()) {
          for (const name of pool.lost.keys())
            if (await pools.give(pool.period, name, 0).catch(() => false)) pool.lost.delete(name)
          await Promise.all(pool.leases.map((lease) => giveBack(pool, lease)))
        }
        if (pending().length === 0 || performance.now() > deadline || !link.isUp()) break
        await sleep(10)
      }
      await processes.leave(pending().length === 0).catch(() => {})
    },
  }
}
