import type { Json } from './canonical-json.ts'
import type { Action, Placement, Treatment } from './catalogue.ts'
import type { Change } from './change.ts'
import type { Arm } from './experiment.ts'
import type { DecisionId } from './ids.ts'
import type { Reason } from './reason.ts'
import type { SlateCode } from './reason-sentences.ts'
import type { Telling } from './reason-text.ts'
import type { DegradedCode, KnownCustomer, Seeds, Standing } from './situation.ts'

/** One chosen action with what it shows. */
export interface Item {
  readonly rank: number
  readonly action: Pick<Action, 'id' | 'kind' | 'tier'>
  readonly treatment: Pick<Treatment, 'id'>
  readonly locale: string
  readonly content: Json
  readonly propensity: number
  readonly priority: number
  /**
   * The chance with which it was chosen for this slot, given what the answer shows before it: in the slots above, and in
   * the placements that are filled earlier.
   */
  readonly selectionProbability: number
  readonly why: readonly Reason[]
}

export interface Slate {
  readonly placement: Pick<Placement, 'id' | 'channel' | 'contentType' | 'order' | 'fallback'>
  readonly status: 'filled' | 'partial' | 'fallback' | 'empty'
  readonly code: SlateCode | undefined
  readonly items: readonly Item[]
  /** The chance of exactly these items in this order, the product of theirs; null where no number is that small. */
  readonly selectionProbability: number | null
  /** Epoch milliseconds from which something may be sent that waits for nothing but time; null when nothing does. */
  readonly notBefore: number | null
}

/** How one candidate ended. */
export interface Verdict {
  readonly action: Action
  readonly placement: Placement
  readonly status: 'selected' | 'outranked' | 'refused'
  readonly reasons: readonly Reason[]
  /** What alone would admit it when it was refused; each by itself. */
  readonly changes: readonly Change[]
  readonly propensity: number | null
  readonly contextWeight: number
  /** Null where its rule could not be worked out. */
  readonly value: number | null
  readonly lever: number
  readonly priority: number | null
  /** For the slot it was chosen for, else for the last that it took part in; null when it took part in none. */
  readonly selectionProbability: number | null
}

/** What somebody in the holdout would have been shown in a placement. It is shown to nobody, and counts nowhere. */
export interface Ghost {
  readonly placement: Placement
  readonly items: readonly Item[]
  readonly selectionProbability: number | null
}

/** What an answer is expected to come to: the sums over its items of P, and of P×V. */
export interface Expected {
  readonly propensity: number
  readonly margin: number
}

/** What one lever costs in this answer, or brings where it is below 0. */
export interface LeverCost extends Expected {
  /** `action winter-boots` */
  readonly lever: string
}

/** The order that puts the customer first, P×C, beside the one by priority; chance is left aside in both. */
export interface CustomerFirst {
  /** Empty unless the request asks to explain. */
  readonly placements: readonly { readonly placement: Placement; readonly actions: readonly Action[] }[]
  readonly expected: {
    /** Null unless the request asks to explain. */
    readonly customerFirst: Expected | null
    readonly withoutLevers: Expected
    readonly byPriority: Expected
  }
  /** What the answer would come to without levers, less what it comes to with them. */
  readonly push: Expected & { readonly levers: readonly LeverCost[] }
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
  readonly arm: Arm
  readonly slates: readonly Slate[]
  /** Of somebody in the holdout only. */
  readonly ghosts: readonly Ghost[]
  /** Null where nobody asks to explain, and nothing is pushed. */
  readonly customerFirst: CustomerFirst | null
  /** What all its chance was drawn from. */
  readonly seeds: Seeds
  readonly versions: {
    readonly catalogue: string
    readonly model: string
    readonly features: string | null
    /** Position of the run-time state, `epoch.revision`; null while nothing was ever told. */
    readonly runTime: string | null
  }
  readonly degraded: readonly DegradedCode[]
  /** How every candidate ended; empty unless the request asks to explain. */
  readonly verdicts: readonly Verdict[]
  /** True when the same request was answered before: as it was told then, without what explains it. */
  readonly isRepeated: boolean
}
