import type { RedisAddress } from '../../domain/redis-url.ts'
import type { LinkNode } from './link-node.ts'

/** Who serves which slot. */
export interface Routes {
  /** What failures call the whole. */
  readonly name: string
  /** The master of a slot, if anybody is known to be. */
  nodeOf(slot: number): LinkNode | undefined
  /** The node at an address that another one named, perhaps only now connected to. */
  nodeAt(address: RedisAddress): LinkNode
  /** A node said that a slot is served elsewhere. */
  learn(slot: number, node: LinkNode): void
  /** Something is not as it was thought to be: look again soon. */
  doubt(): void
  masters(): readonly LinkNode[]
  isUp(): boolean
  /** Nothing is known yet, and it is being asked for the first time. */
  isStarting(): boolean
  /** Why nothing can be asked, when it cannot. */
  reason(): string
  isClosed(): boolean
  close(): Promise<void>
}

/** One Redis, or the master that sentinels name: everything is there. */
export function singleRoutes(
  open: (onChange: (isUp: boolean, reason: string) => void) => LinkNode,
  onChange: (isUp: boolean, reason: string) => void,
): Routes {
  const node = open(onChange)
  let isClosed = false
  return {
    name: node.name,
    nodeOf: () => node,
    nodeAt: () => node,
    learn: () => {},
    doubt: () => {},
    masters: () => [node],
    isUp: () => node.plain.isUp(),
    isStarting: () => node.plain.isFresh(),
    reason: () => node.plain.reason(),
    isClosed: () => isClosed,
    close: () => {
      isClosed = true
      return node.close()
    },
  }
}
