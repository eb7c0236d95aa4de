import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Decision } from '../domain/decision.ts'
import type { Arm } from '../domain/experiment.ts'
import { OVERFILL_CAUSES, type OverfillCause } from '../domain/overfilled.ts'
import { DEGRADED_CODES } from '../domain/situation.ts'
import { type Became, COMMIT_RESULTS, type CommitResult } from '../ports/decision-store.ts'
import type { StoreSizes } from '../ports/store-health.ts'
import { makeBoundedLabels } from './bounded-labels.ts'
import { writeCounts } from './summed-metrics.ts'

/**
 * Every metric of Emma’s own. No label ever holds what a caller sent: names come from the catalogue, codes, arms and
 * routes from the code. One label of a metric at most is from the catalogue: prom-client takes `a="1,b:2"` for `a="1"`
 * with `b="2"`.
 */
export const METRICS = {
  emma_decisions_total: {
    type: 'counter',
    labels: ['channel', 'arm'],
    help: 'Live decisions.',
  },
  emma_slates_total: {
    type: 'counter',
    labels: ['placement', 'status'],
    help: 'Placements that live decisions answered: filled, partial, fallback or empty.',
  },
  emma_degraded_total: {
    type: 'counter',
    labels: ['code'],
    help: 'Live decisions that were made with less than everything, by what was missing.',
  },
  emma_commits_total: {
    type: 'counter',
    labels: ['result'],
    help: 'Tries to grant a live decision: granted; answered before; capped, moved or sold_out and decided once more; failed where the store did not say.',
  },
  emma_outcomes_total: {
    type: 'counter',
    labels: ['became'],
    help: 'Outcomes that were told: confirmed or released a hold, late for one that had ended, recorded with a contact, known before, of an unknown decision.',
  },
  emma_cap_overfilled_total: {
    type: 'counter',
    labels: ['cause'],
    help: 'Caps that were overfilled, each time one was: by an outcome that was told after its hold had ended, or by a contact that was recorded.',
  },
  emma_push_decisions_total: {
    type: 'counter',
    labels: ['lever'],
    help: 'Live decisions in which a lever changed what the order of priorities shows.',
  },
  emma_push_propensity_sum: {
    type: 'gauge',
    labels: ['lever'],
    help: 'What a lever has cost by the order of priorities, in expected target outcomes; below 0 where it brought some.',
  },
  emma_push_margin_sum: {
    type: 'gauge',
    labels: ['lever'],
    help: 'What a lever has cost by the order of priorities, in margin in the catalogue’s currency; below 0 where it brought some.',
  },
  emma_store_used_bytes: {
    type: 'gauge',
    labels: [],
    help: 'What the store takes: memory of all masters of Redis, or the file of an embedded store.',
  },
  emma_store_limit_bytes: {
    type: 'gauge',
    labels: [],
    help: 'What the store may grow to: maxmemory of all masters, or its file and what is free on the disk; NaN where Redis has no maxmemory.',
  },
  emma_store_keys: {
    type: 'gauge',
    labels: [],
    help: 'Keys in the store, of every kind.',
  },
  emma_http_requests_total: {
    type: 'counter',
    labels: ['route', 'method', 'status'],
    help: 'Requests that were answered.',
  },
  emma_http_request_duration_seconds: {
    type: 'histogram',
    labels: ['route'],
    help: 'From the head of a request to the end of its answer.',
  },
} as const

type Name = keyof typeof METRICS

/** Different names of one kind that the catalogue gives to labels. */
const MOST_LABELS = 1_000
/** Seconds. */
const DURATIONS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5]
/** Where the order of priorities decides; levers push nothing where chance or nobody does. */
const PUSHED: ReadonlySet<Arm> = new Set<Arm>(['champion', 'challenger', 'none'])

/** One answered request. */
export interface Answered {
  /** The pattern of its route, never its address; undefined where there is no route. */
  readonly route: string | undefined
  readonly method: string
  readonly status: number
  readonly seconds: number
}

export interface Metrics {
  /** Counts a live decision, and what levers cost in it. */
  onDecided(decision: Decision): void
  /** Counts how a try to grant a decision ended. */
  onCommit(result: CommitResult): void
  /** Counts what an outcome did. */
  onOutcome(became: Became): void
  /** Counts a cap that was overfilled by what was told after the deed. */
  onOverfilled(cause: OverfillCause): void
  onAnswered(answered: Answered): void
  /** Media type of the text. */
  readonly contentType: string
  /** All of them, as Prometheus reads it. */
  text(): Promise<string>
  /**
   * All of them, as another process adds them up.
   * @param ofStore - whether the store is asked how much it keeps: one process that does is enough
   */
  counts(wanted: { readonly ofStore: boolean }): Promise<string>
}

export interface MetricsOf {
  readonly ofProcess: boolean
  /** How much the store keeps; asked when the metrics are. Where it is not known, or fails, NaN is told. */
  readonly sizes?: () => Promise<StoreSizes>
}

/**
 * Counts from zero, apart from every other instance.
 * @param ofProcess - adds what Node tells of event loop, memory and CPU; it is then watched until the process ends, and
 *   keeps nothing from ending
 */
export function makeMetrics({ ofProcess, sizes }: MetricsOf): Metrics {
  const registry = new Registry()
  const metric = <N extends Name>(name: N) => {
    const { help, labels: labelNames } = METRICS[name]
    return { name, help, labelNames, registers: [registry] }
  }
  const decisions = new Counter(metric('emma_decisions_total'))
  const slates = new Counter(metric('emma_slates_total'))
  const degraded = new Counter(metric('emma_degraded_total'))
  const commits = new Counter(metric('emma_commits_total'))
  const outcomes = new Counter(metric('emma_outcomes_total'))
  const overfilled = new Counter(metric('emma_cap_overfilled_total'))
  const pushes = new Counter(metric('emma_push_decisions_total'))
  const propensities = new Gauge(metric('emma_push_propensity_sum'))
  const margins = new Gauge(metric('emma_push_margin_sum'))
  // Of one store, however many processes tell it.
  const ofStore = <N extends Name>(name: N) => new Gauge({ ...metric(name), aggregator: 'first' })
  const used = ofStore('emma_store_used_bytes')
  const limit = ofStore('emma_store_limit_bytes')
  const keys = ofStore('emma_store_keys')
  const requests = new Counter(metric('emma_http_requests_total'))
  const durations = new Histogram({
    ...metric('emma_http_request_duration_seconds'),
    buckets: [...DURATIONS],
  })
  const tellSizes = async () => {
    const found = await sizes?.().catch(() => undefined)
    used.set(found?.usedBytes ?? Number.NaN)
    limit.set(found?.limitBytes ?? Number.NaN)
    keys.set(found?.keys ?? Number.NaN)
  }
  if (ofProcess) collectDefaultMetrics({ register: registry })
  // From zero, so that an alert sees the first one rise.
  for (const code of DEGRADED_CODES) degraded.inc({ code }, 0)
  for (const result of COMMIT_RESULTS) commits.inc({ result }, 0)
  for (const cause of OVERFILL_CAUSES) overfilled.inc({ cause }, 0)

  const channelOf = makeBoundedLabels(MOST_LABELS)
  const placementOf = makeBoundedLabels(MOST_LABELS)
  const leverOf = makeBoundedLabels(MOST_LABELS)

  // Labels are given with each count: children that are kept take longer, as prom-client hashes theirs all the same.
  return {
    onDecided(decision) {
      const [first] = decision.slates
      if (first !== undefined)
        decisions.inc({ channel: channelOf(first.placement.channel), arm: decision.arm })
      for (const { placement, status } of decision.slates)
        slates.inc({ placement: placementOf(placement.id), status })
      for (const code of decision.degraded) degraded.inc({ code })
      if (decision.customerFirst === null || !PUSHED.has(decision.arm)) return
      for (const { lever: name, propensity, margin } of decision.customerFirst.push.levers) {
        const lever = leverOf(name)
        pushes.inc({ lever })
        propensities.inc({ lever }, propensity)
        margins.inc({ lever }, margin)
      }
    },
    onCommit: (result) => commits.inc({ result }),
    onOutcome: (became) => outcomes.inc({ became }),
    onOverfilled: (cause) => overfilled.inc({ cause }),
    onAnswered({ route = 'unknown', method, status, seconds }) {
      requests.inc({ route, method, status })
      durations.observe({ route }, seconds)
    },
    contentType: registry.contentType,
    async text() {
      await tellSizes()
      return registry.metrics()
    },
    async counts(wanted) {
      if (wanted.ofStore) await tellSizes()
      return writeCounts(registry)
    },
  }
}
