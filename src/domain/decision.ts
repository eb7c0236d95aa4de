import type { Json } from './canonical-json.ts'
import type { Action, Placement, Treatment } from './catalogue.ts'
import type { DecisionId } from './ids.ts'
import type { Reason, SlateCode } from './reason.ts'
import type { DegradedCode, KnownCustomer } from './situation.ts'

/** One chosen action with what it shows. */
export interface Item {
  readonly rank: number
  readonly action: Action
  readonly treatment: Treatment
  readonly locale: string
  readonly content: Json
  readonly propensity: number
  readonly priority: number
  /** The chance with which it was chosen for this slot, given the slots before it: 1, or 1/k for one of k that tie. */
  readonly selectionProbability: number
  readonly why: readonly Reason[]
}

export interface Slate {
  readonly placement: Placement
  readonly status: 'filled' | 'partial' | 'fallback' | 'empty'
  readonly code: SlateCode | undefined
  readonly items: readonly Item[]
}

/** How one candidate ended. */
export interface Verdict {
  readonly action: Action
  readonly placement: Placement
  readonly status: 'selected' | 'outranked' | 'refused'
  readonly reasons: readonly Reason[]
  readonly propensity: number | null
  readonly priority: number | null
}

/** What was decided, with everything needed to say why. */
export interface Decision {
  readonly id: DecisionId
  readonly decidedAt: number
  /** Epoch milliseconds; after this the caller should ask again. */
  readonly validUntil: number
  readonly customer: KnownCustomer['state']
  readonly direction: 'inbound' | 'outbound'
  readonly slates: readonly Slate[]
  readonly versions: {
    readonly catalogue: string
    readonly model: string
    readonly features: string | null
    /** Position of the run-time state, `epoch.revision`; null while nothing was ever told. */
    readonly runTime: string | null
  }
  readonly degraded: readonly DegradedCode[]
  readonly verdicts: readonly Verdict[]
}
