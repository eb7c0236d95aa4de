import * as z from 'zod'
import type { Allowance, Unit } from '../../domain/volume.ts'
import { dueIn, dueKey, dueRange, unitKey } from '../keys.ts'
import { fromBytes, type RecordKind, toBytes } from '../records.ts'
import type { Environment } from './environment.ts'

interface Counter {
  readonly used: number
}

const COUNTER: RecordKind<Counter> = {
  what: 'counter of a volume',
  parse: z.object({ used: z.number() }).parse,
}

const NOTHING = Uint8Array.of(0)

/** Counters of periods that ended stay so long: what ran out late is still given back, and people may look. */
const KEPT_AFTER_MS = 7 * 86_400_000

/** Units in use, one counter for each volume and period. What writes does so inside transactions only. */
export function makeUnitCounters(db: Environment) {
  const used = ({ volume, period }: Unit): number => {
    const bytes = db.get(unitKey(volume, period))
    return bytes === undefined ? 0 : fromBytes(COUNTER, bytes).used
  }
  const write = (key: string, count: number) => void db.put(key, toBytes({ used: count } satisfies Counter))

  return {
    used,
    /** The volume that has not enough units left, counting those that come back; null when every one has. */
    missing(takes: readonly Allowance[], returns: readonly Unit[]): string | null {
      const counts = countsOf(returns, takes)
      const short = takes.find((take) => used(take) + counts.get(keyOf(take))!.count > take.allowed)
      return short?.volume ?? null
    },
    move(returns: readonly Unit[], takes: readonly Allowance[] = []): void {
      for (const [key, { unit, count, endsAt }] of countsOf(returns, takes)) {
        const isNew = db.get(key) === undefined
        // A counter that is gone is that of a period long past.
        if (count === 0 || (isNew && count < 0)) continue
        write(key, Math.max(0, used(unit) + count))
        if (isNew && endsAt !== null) void db.put(dueKey('unit', endsAt + KEPT_AFTER_MS, key), NOTHING)
      }
    },
    /** Removes counters of periods long past, at most `limit`. */
    forget(now: number, limit: number): void {
      for (const due of [...db.getKeys({ ...dueRange('unit', now), limit })]) {
        void db.remove(dueIn('unit', due))
        void db.remove(due)
      }
    },
  }
}

export type UnitCounters = ReturnType<typeof makeUnitCounters>

/** How many units of each period are taken more than given back. */
function countsOf(returns: readonly Unit[], takes: readonly Allowance[]) {
  const counts = new Map<string, { unit: Unit; count: number; endsAt: number | null }>()
  const add = (unit: Unit, by: number, endsAt: number | null) => {
    const known = counts.get(keyOf(unit)) ?? { unit, count: 0, endsAt }
    counts.set(keyOf(unit), { unit, count: known.count + by, endsAt: known.endsAt ?? endsAt })
  }
  for (const unit of returns) add(unit, -1, null)
  for (const take of takes) add(take, 1, take.endsAt)
  return counts
}

function keyOf({ volume, period }: Unit): string {
  return unitKey(volume, period)
}
