import type { ChainableCommander } from 'ioredis'
import { type Action, actions, capPer, groups } from './catalogue.ts'

const PER_ACTION = capPer('action')
const PER_CUSTOMER = capPer('customer')
const PER_GROUP = capPer('group')

export const customerKey = (customer: string) => `seen:${customer}`
export const groupKey = (customer: string, group: string) => `seen:${customer}:${group}`
export const actionKey = (customer: string, action: string) => `seen:${customer}:${action}`
/** What a visit has counted: a page that is viewed again does not count again. */
const visitKey = (customer: string, session: string) => `visit:${customer}:${session}`
/** After its last view. */
const VISIT_SECONDS = 30 * 60

/** Of one customer in one visit, in the order that {@link seenIn} reads them in. */
export function seenKeys(customer: string, session: string): string[] {
  return [
    visitKey(customer, session),
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
  /** Ids of the actions that this visit has counted. */
  readonly inVisit: ReadonlySet<string>
}

/** A counter that is not there counts nothing: its window is over, or none was opened. */
export function seenIn([visit, ...counters]: readonly (string | null)[]): Seen {
  const counts = counters.map((counter) => Number(counter ?? 0))
  const first = 1 + groups.length
  return {
    inAll: counts[0]!,
    groups: counts.slice(1, first),
    actions: counts.slice(first),
    inVisit: new Set<string>(JSON.parse(visit ?? '[]')),
  }
}

const NOTHING: readonly Action[] = []

/** Do the caps leave room for an action beside others that are to be counted? What the visit has counted needs none. */
export function isUncapped({ id, position, group }: Action, seen: Seen, others = NOTHING): boolean {
  if (seen.inVisit.has(id)) return true
  const inGroup = others.filter((other) => other.group === group).length
  return (
    seen.inAll + others.length < PER_CUSTOMER.max &&
    seen.groups[group]! + inGroup < PER_GROUP.max &&
    seen.actions[position]! < PER_ACTION.max
  )
}

/** What of some actions this visit has not counted yet. */
export function uncounted(some: readonly Action[], seen: Seen): Action[] {
  return some.filter(({ id }) => !seen.inVisit.has(id))
}

/**
 * Counts what was chosen, once in a visit. The first of a window opens it. Between reading and counting another request
 * may have counted as well; then a cap is exceeded by what that one showed.
 */
export function count(
  chosen: readonly Action[],
  { customer, session, seen }: { customer: string; session: string; seen: Seen },
  pipeline: ChainableCommander,
): void {
  const add = (key: string, by: number, before: number, seconds: number) => {
    pipeline.incrby(key, by)
    if (before === 0) pipeline.expire(key, seconds)
  }
  const fresh = uncounted(chosen, seen)
  const inVisit = JSON.stringify([...seen.inVisit, ...fresh.map(({ id }) => id)])
  pipeline.set(visitKey(customer, session), inVisit, 'EX', VISIT_SECONDS)
  if (fresh.length === 0) return
  add(customerKey(customer), fresh.length, seen.inAll, PER_CUSTOMER.seconds)
  for (const group of new Set(fresh.map((action) => action.group))) {
    const ofGroup = fresh.filter((action) => action.group === group).length
    add(groupKey(customer, groups[group]!), ofGroup, seen.groups[group]!, PER_GROUP.seconds)
  }
  for (const { id, position } of fresh)
    add(actionKey(customer, id), 1, seen.actions[position]!, PER_ACTION.seconds)
}
