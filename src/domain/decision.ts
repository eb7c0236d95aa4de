import type { Json } from './canonical-json.ts'
import type { Action, Placement, Treatment } from './catalogue.ts'
import type { Change } from './change.ts'
import type { DecisionId } from './ids.ts'
import type { Reason } from './reason.ts'
import type { SlateCode } from './reason-sentences.ts'
import type { Telling } from './reason-text.ts'
import type { DegradedCode, KnownCustomer, Standing } from './situation.ts'

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
  /** Epoch milliseconds from which something may be sent that waits for nothing but time; null when nothing does. */
  readonly notBefore: number | null
}

/** How one candidate ended. */
export interface Verdict {
  readonly action: Action
  readonly placement: Placement
  readonly status: 'selected' | 'outranked' | 'refused'
  readonly reasons: readonly Reason[]
  /** What alone would admit it when it was refused; each by itself. Empty unless the request asks to explain. */
  readonly changes: readonly Change[]
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
  /** False when the person refused that his data choose what he sees. */
  readonly personalised: boolean
  /** Whose history was looked at, and since when it is kept and exact: epoch milliseconds. Null of nobody’s. */
  readonly history: {
    readonly of: Exclude<Standing['of'], 'nobody'>
    readonly keptSince: number
    readonly exactSince: number
  } | null
  /** How its reasons are told. */
  readonly telling: Telling
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
