import { performance } from 'node:perf_hooks'
import type { RedisAddress } from '../../domain/redis-url.ts'
import { SLOTS } from './hash-slot.ts'
import { type Answer, ErrorReply, type Reply } from './link-command.ts'
import { ask, type LinkNode, nameOf } from './link-node.ts'
import type { Routes } from './link-routes.ts'

/** Looked at anew so often while a master is missing or something was found elsewhere, and so often anyway. */
const DOUBT_EVERY_MS = 100
const LOOK_EVERY_MS = 10_000
const LOOK_TIMEOUT_MS = 300
/** A node that serves nothing and to which no call was sent for so long is left. */
const NAMED_MS = 5_000

type OpenNode = (address: RedisAddress, onChange: (isUp: boolean, reason: string) => void) => LinkNode

interface Range {
  readonly first: number
  readonly last: number
  readonly master: RedisAddress
  readonly replicas: readonly RedisAddress[]
}

/**
 * The slot map of a cluster, and a node for each master. Any node that answers is asked (CLUSTER SLOTS): a master,
 * or, as long as none does, one of those that were named at first or were replicas when last seen.
 */
export function clusterRoutes(
  seeds: readonly RedisAddress[],
  open: OpenNode,
  onChange: (isUp: boolean, reason: string) => void,
): Routes {
  const nodes = new Map<string, LinkNode>()
  const scouts = new Map<string, LinkNode>()
  const namedAt = new WeakMap<LinkNode, number>()
  const slots: (LinkNode | undefined)[] = new Array(SLOTS)
  let masters: readonly LinkNode[] = []
  let others: readonly RedisAddress[] = seeds
  let state: 'starting' | 'up' | 'down' | 'closed' = 'starting'
  let isLooking = false
  let isDoubted = true
  let lookedAt = 0

  const nodeAt = (address: RedisAddress): LinkNode => {
    const name = nameOf(address)
    let node = nodes.get(name) ?? scouts.get(name)
    node ??= open(address, () => noticed())
    nodes.set(name, node)
    scouts.delete(name)
    namedAt.set(node, performance.now())
    return node
  }

  const sendScouts = (): void => {
    for (const address of others) {
      const name = nameOf(address)
      if (!nodes.has(name) && !scouts.has(name))
        scouts.set(
          name,
          open(address, () => noticed()),
        )
    }
  }

  /** A node came or went. */
  const noticed = (): void => {
    if (state === 'closed') return
    isDoubted = true
    const isUp = masters.some((node) => node.plain.isUp())
    if (isUp && state !== 'up') {
      state = 'up'
      onChange(true, 'a master answers')
    } else if (!isUp && (state === 'up' || (state === 'starting' && !isHoping()))) {
      state = 'down'
      onChange(false, reason())
    }
    void look()
  }

  const isHoping = (): boolean =>
    [...nodes.values(), ...scouts.values()].some((node) => node.plain.isFresh() || node.plain.isUp())

  const reason = (): string =>
    [...nodes.values(), ...scouts.values()].find((node) => !node.plain.isUp())?.plain.reason() ??
    'no master is known'

  const look = async (): Promise<void> => {
    if (isLooking || state === 'closed') return
    const answering = [...masters, ...scouts.values()].filter((node) => node.plain.isUp())
    if (answering.length === 0) return sendScouts()
    isLooking = true
    isDoubted = false
    lookedAt = performance.now()
    try {
      const asked = answering[Math.floor(Math.random() * answering.length)]!
      const [answer] = await ask(asked.plain, [['CLUSTER', 'SLOTS']], LOOK_TIMEOUT_MS)
      if (isClosed()) return
      const ranges = rangesOf(answer!, asked)
      if (ranges.length === 0) isDoubted = true
      else take(ranges)
    } catch {
      isDoubted = true
    } finally {
      isLooking = false
    }
  }
  const isClosed = (): boolean => state === 'closed'

  const take = (ranges: readonly Range[]): void => {
    slots.fill(undefined)
    for (const { first, last, master } of ranges) slots.fill(nodeAt(master), first, last + 1)
    masters = [...new Set(ranges.map(({ master }) => nodeAt(master)))]
    others = uniqueAddresses([...ranges.flatMap(({ master, replicas }) => [master, ...replicas]), ...seeds])
    const serving = new Set(masters)
    for (const known of [nodes, scouts]) {
      for (const [name, node] of known) {
        // A node without slots of its own is not listed and may be taking some over: calls are sent on to it.
        const isNamed = performance.now() - (namedAt.get(node) ?? Number.NEGATIVE_INFINITY) < NAMED_MS
        if (serving.has(node) || isNamed) continue
        known.delete(name)
        void node.close()
      }
    }
    if (masters.some((node) => !node.plain.isUp())) isDoubted = true
    if (state !== 'up' && masters.some((node) => node.plain.isUp())) {
      state = 'up'
      onChange(true, 'a master answers')
    }
  }

  const clock = setInterval(() => {
    const isDue = performance.now() - lookedAt >= LOOK_EVERY_MS
    if (isDoubted || isDue || masters.some((node) => !node.plain.isUp())) void look()
  }, DOUBT_EVERY_MS)
  sendScouts()

  return {
    name: `the cluster of ${seeds.map(nameOf).join(', ')}`,
    nodeOf: (slot) => slots[slot],
    nodeAt,
    learn: (slot, node) => {
      slots[slot] = node
      isDoubted = true
    },
    doubt: () => {
      isDoubted = true
    },
    masters: () => masters,
    isUp: () => state === 'up',
    isStarting: () => state === 'starting',
    reason,
    isClosed,
    close: async () => {
      state = 'closed'
      clearInterval(clock)
      await Promise.all([...nodes.values(), ...scouts.values()].map((node) => node.close()))
    },
  }
}

/** `[[first, last, [host, port, id, …], …replicas], …]`; a node that does not know its own host leaves it empty. */
function rangesOf(answer: Answer, asked: LinkNode): readonly Range[] {
  if (answer instanceof ErrorReply || !Array.isArray(answer)) return []
  const addressOf = (reply: Reply): RedisAddress => {
    const [host, port] = reply as readonly Reply[]
    const named = host === null ? '' : String(host)
    return { host: named === '' || named === '?' ? hostOf(asked.name) : named, port: Number(port) }
  }
  return (answer as readonly (readonly Reply[])[]).map(([first, last, master, ...replicas]) => ({
    first: first as number,
    last: last as number,
    master: addressOf(master!),
    replicas: replicas.map(addressOf),
  }))
}

const hostOf = (name: string): string => name.slice(0, name.lastIndexOf(':'))

function uniqueAddresses(addresses: readonly RedisAddress[]): readonly RedisAddress[] {
  return [...new Map(addresses.map((address) => [nameOf(address), address])).values()]
}
