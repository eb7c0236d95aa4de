import { createHash } from 'node:crypto'
import { DAY_MS } from '../../domain/contact.ts'
import type { Unit } from '../../domain/volume.ts'
import { bucketPrefix } from '../keys.ts'

/** What is kept of a period stays so long after its end: what ran out late is still given back, and people may look. */
const KEPT_AFTER_MS = 8 * DAY_MS

/** A period of a volume, with its end: epoch milliseconds, or null where there is none. */
export interface VolumePeriod extends Unit {
  readonly endsAt: number | null
}

/** For how many milliseconds what is kept of a period is still kept; null: for good. */
export function keptFor({ endsAt }: VolumePeriod, now: number): number | null {
  return endsAt === null ? null : Math.max(1, Math.ceil(endsAt + KEPT_AFTER_MS - now))
}

/** 16 hex digits. */
export function volumeHash(volume: string): string {
  return createHash('sha256').update(volume).digest('hex').slice(0, 16)
}

/** HASH: units of a volume that are out, in a slot of its own; see pool.lua. */
export function poolKey({ volume, period }: Unit): string {
  return `emma:{v:${volumeHash(volume)}}:${period}`
}

/**
 * HASH of a bucket’s units in one period: `L<lease>` how many were spent of a lease, `F<lease>` where no more of it may be,
 * `R<volume>` how many ever came back.
 */
export function unitsKey(bucket: number, period: string): string {
  return `${unitsPrefix(bucket)}${period}`
}

export function unitsPrefix(bucket: number): string {
  return `${bucketPrefix(bucket)}u:`
}

/** ZSET: `<key of holds>|<ref>` by when the hold runs out. */
export function runningOutKey(bucket: number): string {
  return `${bucketPrefix(bucket)}x`
}

/** ZSET: processes that took leases, by when they were heard of. */
export const PROCESSES = 'emma:{meta}:processes'

/** SET: periods of volumes that a process took leases of. */
export function leasedKey(owner: string): string {
  return `emma:{meta}:leased:${owner}`
}

/** STRING: who settles what a dead process left. */
export function reclaimingKey(owner: string): string {
  return `emma:{meta}:reclaiming:${owner}`
}

/** STRING: who sweeps. */
export const SWEEPER = 'emma:{meta}:sweeper'

/** A period as a member of {@link leasedKey}. */
export function periodToText({ volume, period, endsAt }: VolumePeriod): string {
  return JSON.stringify([volume, period, endsAt])
}

export function periodFromText(text: string): VolumePeriod {
  const [volume, period, endsAt] = JSON.parse(text) as [string, string, number | null]
  return { volume, period, endsAt }
}
