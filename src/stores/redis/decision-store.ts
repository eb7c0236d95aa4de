import type { Clock } from '../../ports/clock.ts'
import type { DecisionStore } from '../../ports/decision-store.ts'
import type { Guarded } from './catalogue-store.ts'
import { makeGranting } from './granting.ts'
import { makeLeases } from './leases.ts'
import type { PersonParts } from './persons.ts'
import { makePools } from './pools.ts'
import { makeSweeping } from './sweeping.ts'
import { makeToldOutcomes } from './told-outcomes.ts'

/** So long nothing is heard of a process before its leases are taken from it. */
const SILENCE_MS = 5_000

export interface RedisDecisionStore extends DecisionStore {
  /** Gives back what this process has leased; the link stays open. */
  close(): Promise<void>
}

/**
 * Decisions in Redis: each commit one script in the slot of its bucket, units of volumes leased by processes.
 * @param clock - instead of that of the node that holds somebody
 */
export function makeRedisDecisionStore(
  parts: PersonParts & { readonly clock?: Clock | undefined; readonly silenceMs?: number },
  guarded: Guarded,
): RedisDecisionStore {
  const { link, secret, clock, silenceMs = SILENCE_MS } = parts
  const pools = makePools(link, () => clock?.() ?? Date.now())
  const leases = makeLeases(link, pools, silenceMs)
  const commit = makeGranting({ link, secret, pools, leases, clock })
  const recordOutcomes = makeToldOutcomes({ ...parts, pools })
  const sweeping = makeSweeping(link, pools)
  return {
    commit: (grant) => guarded(() => commit(grant)),
    soldOut: (asked) => leases.soldOut(asked),
    recordOutcomes: (...told) => guarded(() => recordOutcomes(...told)),
    sweep: (now) => guarded(() => sweeping.sweep(now)),
    volumeAccount: (unit) => guarded(() => pools.account(unit)),
    async close() {
      await Promise.allSettled([leases.close(), sweeping.close()])
    },
  }
}
