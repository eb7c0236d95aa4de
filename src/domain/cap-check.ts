import { type CapPolicy, countedUnder, fits } from './contact-policy.ts'
import { type Hold, isLive } from './hold.ts'
import { mostInWindow } from './window.ts'

/** What must hold of a cap at the moment of the commit, for an answer to be given that was judged a little earlier. */
export interface CapCheck {
  readonly cap: Pick<CapPolicy, 'id' | 'where' | 'per' | 'max' | 'windowMs'>
  /** The key under which the cap counts the items of the answer, see `countedUnder`. */
  readonly key: string
  /** Epoch milliseconds: the moment of the contacts that the answer makes. */
  readonly at: number
  /** How many contacts the answer makes that the cap counts under the key, those that it renews among them. */
  readonly adds: number
  /** Moments of the confirmed contacts that the cap counts under the key and that may share a window with `at`. */
  readonly confirmed: readonly number[]
}

/** The first cap that would hold more than it allows in a window with the answer’s contacts; null when none would. */
export function overfilledCap(
  checks: readonly CapCheck[],
  holds: readonly Hold[],
  now: number,
  renewed: ReadonlySet<string>,
): CapCheck | null {
  const live = holds.filter((hold) => isLive(hold, now) && !renewed.has(hold.contact.ref))
  return (
    checks.find(({ cap, key, at, adds, confirmed }) => {
      const held = live.filter(
        ({ contact: { facts } }) => countedUnder(cap.per, facts) === key && fits(cap.where, facts),
      )
      const times = [...confirmed, ...held.map(({ contact }) => contact.at)]
      const others = times.map((time) => ({ first: time, last: time }))
      return mostInWindow(others, at, cap.windowMs) + adds - 1 > cap.max
    }) ?? null
  )
}
