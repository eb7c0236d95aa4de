import type { ChainableCommander } from 'ioredis'
import { type Action, actions, capPer, groups } from './catalogue.ts'

const PER_ACTION = capPer('action')
const PER_CUSTOMER = capPer('customer')
const PER_GROUP = capPer('group')

export const customerKey = (customer: string) => `seen:${customer}`
export const groupKey = (customer: string, group: string) => `seen:${customer}:${group}`
export const actionKey = (customer: string, action: string) => `seen:${customer}:${action}`

/** The counters of one customer, in the order that {@link seenIn} reads them in. */
export function counterKeys(customer: string): string[] {
  return [
    customerKey(customer),
    ...groups.map((group) => groupKey(customer, group)),
    ...actions.map(({ id }) => actionKey(customer, id)),
  ]
}

/** How often a customer has seen what, in the windows that are open. */
export interface Seen {
  readonly inAll: number
  /** By the position of the group, and of the action. */
  readonly groups: readonly number[]
  readonly actions: readonly number[]
}

/** A counter that is not there counts nothing: its window is over, or none was opened. */
export function seenIn(counters: readonly (string | null)[]): Seen {
  const counts = counters.map((counter) => Number(counter ?? 0))
  const first = 1 + groups.length
  return { inAll: counts[0]!, groups: counts.slice(1, first), actions: counts.slice(first) }
}

/** How many more of anything this customer may see. */
export const roomLeft = (seen: Seen) => PER_CUSTOMER.max - seen.inAll
export const roomInGroup = (seen: Seen, group: number) => PER_GROUP.max - seen.groups[group]!

export function isUncapped({ position, group }: Action, seen: Seen): boolean {
  return roomLeft(seen) > 0 && roomInGroup(seen, group) > 0 && seen.actions[position]! < PER_ACTION.max
}

/**
 * Counts what was chosen. The first of a window opens it. Between reading and counting another request may have counted as
 * well; then a cap is exceeded by what that one showed.
 */
export function count(
  chosen: readonly Action[],
  customer: string,
  seen: Seen,
  pipeline: ChainableCommander,
): void {
  const add = (key: string, by: number, before: number, seconds: number) => {
    pipeline.incrby(key, by)
    if (before === 0) pipeline.expire(key, seconds)
  }
  if (chosen.length === 0) return
  add(customerKey(customer), chosen.length, seen.inAll, PER_CUSTOMER.seconds)
  for (const group of new Set(chosen.map((action) => action.group))) {
    const ofGroup = chosen.filter((action) => action.group === group).length
    add(groupKey(customer, groups[group]!), ofGroup, seen.groups[group]!, PER_GROUP.seconds)
  }
  for (const { id, position } of chosen)
    add(actionKey(customer, id), 1, seen.actions[position]!, PER_ACTION.seconds)
}
