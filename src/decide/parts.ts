import type { Catalogue } from '../domain/catalogue.ts'
import type { Decision } from '../domain/decision.ts'
import type { DecisionId } from '../domain/ids.ts'
import type { RunTime } from '../domain/run-time.ts'
import type { DegradedCode, Situation } from '../domain/situation.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import type { StartDeadline } from '../ports/deadline.ts'
import type { CommitResult, DecisionStore } from '../ports/decision-store.ts'
import type { Scorer } from '../ports/scorer.ts'

/** What decides now: one catalogue version, the scorer it names and the run-time state, always exchanged together. */
export interface Serving {
  readonly catalogue: Catalogue
  readonly runTime: RunTime
  readonly scorer: Scorer
  /** The model that is tried beside it; null where the catalogue names none, or it cannot serve. */
  readonly challenger: Scorer | null
  /** Why the catalogue’s model is not the scorer, if so. */
  readonly degraded: readonly DegradedCode[]
}

export interface DecideParts {
  readonly serving: () => Serving
  readonly store: CustomerStore & DecisionStore
  readonly prior: Scorer
  readonly clock: Clock
  readonly startDeadline: StartDeadline
  /** Milliseconds that a request has which names none. */
  readonly deadlineMs: number
  readonly nameDecision: (situation: Situation, model: string) => DecisionId
  /** A name for a visitor who has none: never the same twice. */
  readonly newVisitor: () => string
  /** Told what store or model threw, while the decision goes on without it. */
  readonly onTrouble: (error: unknown) => void
  /** Told of every live decision that is made anew. */
  readonly onDecided: (decision: Decision) => void
  /** Told how every try to commit a decision ended. */
  readonly onCommit: (result: CommitResult) => void
}
