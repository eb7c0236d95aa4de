import type { Selection } from './contact-policy.ts'
import { periodAt } from './period.ts'

export const PERIODS = ['day', 'week', 'month', 'total'] as const
export type VolumePeriod = (typeof PERIODS)[number]

/** How many contacts there may be of those it selects, with all customers together. */
export interface Volume {
  readonly id: string
  readonly where: Selection
  readonly max: number
  /** By days, weeks from Monday on and months of the catalogue’s zone; `total`: ever. */
  readonly per: VolumePeriod
  /** `even`: at no time more than its share of the period that has passed, rounded up. */
  readonly pacing: 'even' | 'asap'
}

/** One contact’s worth of a volume, in one of its periods. */
export interface Unit {
  readonly volume: string
  /** `2026-11-29` for a day, `2026-W48` for a week, `2026-11` for a month, `total`. */
  readonly period: string
}

/** What a volume allows for contacts at one moment. */
export interface Allowance extends Unit {
  /** How many units of the period may be taken by then, 0 to `max`. */
  readonly allowed: number
  readonly max: number
  /** Epoch milliseconds: the end of the period, exclusive; null where there is none. */
  readonly endsAt: number | null
}

/** What a volume allows for contacts at a moment (epoch milliseconds), by the clock of a zone. */
export function allowanceAt({ id, max, per, pacing }: Volume, at: number, timeZone: string): Allowance {
  if (per === 'total') return { volume: id, period: per, allowed: max, max, endsAt: null }
  const { name, startsAt, endsAt } = periodAt(per, at, timeZone)
  const share = pacing === 'asap' ? max : 1 + Math.floor((max * (at - startsAt)) / (endsAt - startsAt))
  return { volume: id, period: name, allowed: Math.min(max, share), max, endsAt }
}
