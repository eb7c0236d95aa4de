import type { Selection } from './contact-policy.ts'

export const PERIODS = ['day', 'week', 'month', 'total'] as const
export type VolumePeriod = (typeof PERIODS)[number]

/** How many contacts there may be of those it selects, with all customers together. */
export interface Volume {
  readonly id: string
  readonly where: Selection
  readonly max: number
  /** By days, weeks from Monday on and months of the catalogue’s zone; `total`: ever. */
  readonly per: VolumePeriod
  /** `even`: at no time more than its share of the period that has passed. */
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
