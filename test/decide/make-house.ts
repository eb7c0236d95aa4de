import { type Decide, makeDecide } from '../../src/decide/decide.ts'
import { gather, subjectOf } from '../../src/decide/gather.ts'
import { makeNameDecision } from '../../src/decide/name-decision.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { Decision, Slate, Verdict } from '../../src/domain/decision.ts'
import type { DecisionRequest, SlateRequest } from '../../src/domain/decision-request.ts'
import { NO_RUN_TIME, type RunTime } from '../../src/domain/run-time.ts'
import type { DegradedCode, Situation } from '../../src/domain/situation.ts'
import type { CustomerStore } from '../../src/ports/customer-store.ts'
import type { Deadline, StartDeadline } from '../../src/ports/deadline.ts'
import type { CommitResult, DecisionStore } from '../../src/ports/decision-store.ts'
import type { Scorer } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'

/** A Sunday, 10:00 in Berlin. */
export const NOW = Date.parse('2026-11-01T09:00:00Z')

export interface HouseParts {
  readonly scorer?: Scorer
  /** The model that is tried beside it; none unless told otherwise. */
  readonly challenger?: Scorer | null
  readonly store?: CustomerStore & DecisionStore
  readonly degraded?: readonly DegradedCode[]
  readonly now?: number
  readonly runTime?: RunTime
  /** None ever ends unless told otherwise. */
  readonly startDeadline?: StartDeadline
  readonly onTrouble?: (error: unknown) => void
  readonly onDecided?: (decision: Decision) => void
  readonly onCommit?: (result: CommitResult) => void
}

/** The whole corridor over a catalogue, with a store in memory and a scorer that says 0.02 to everything. */
export function makeHouse(catalogue: Catalogue, parts: HouseParts = {}): Decide {
  const { scorer = makeFakeScorer(), store = makeFakeStore(), degraded = [], now = NOW } = parts
  const {
    onTrouble = () => {},
    onDecided = () => {},
    onCommit = () => {},
    runTime = NO_RUN_TIME,
    challenger = null,
    startDeadline = () => ENDLESS,
  } = parts
  return makeDecide({
    newVisitor: () => 'somebody',
    serving: () => ({ catalogue, runTime, scorer, challenger, degraded }),
    store: { ...store, gather: async (...of) => ({ ...(await store.gather(...of)), readAt: now }) },
    prior: priorScorer,
    clock: () => now,
    startDeadline,
    deadlineMs: 50,
    onTrouble,
    onDecided,
    onCommit,
    nameDecision: makeNameDecision(store, () => '019a3e4c-0000-7000-8000-000000000000'),
  })
}

const ENDLESS: Deadline = { within: (work) => work, isOver: () => false, end: () => {} }

/** What a decision depends on, gathered from a store in memory. */
export async function situate(catalogue: Catalogue, question: Question): Promise<Situation> {
  const [request, store] = [ask(question), makeFakeStore()]
  const stored = await store.gather(subjectOf(request))
  return gather(request, stored, {
    catalogue,
    runTime: NO_RUN_TIME,
    store,
    now: NOW,
    newVisitor: () => 'somebody',
    unitsLeft: new Map(),
    canHold: true,
  })
}

export interface Question extends Omit<Partial<Record<keyof DecisionRequest, unknown>>, 'slates'> {
  /** Placements with their limit, or more of a slate request; `hero` for one action unless told otherwise. */
  readonly slates?: Readonly<Record<string, number | Partial<SlateRequest>>>
}

/** A live request of customer `c-1` on the web, unless told otherwise. */
export function ask({ slates = { hero: 1 }, ...rest }: Question = {}): DecisionRequest {
  return {
    requestId: undefined,
    customer: 'c-1',
    channel: 'web',
    context: {},
    locale: undefined,
    include: undefined,
    exclude: [],
    mode: 'live',
    at: undefined,
    explain: 'full',
    ...rest,
    slates: Object.entries(slates).map(([placement, wish]) => ({
      placement,
      limit: typeof wish === 'number' ? wish : 1,
      kinds: undefined,
      ...(typeof wish === 'number' ? {} : wish),
    })),
  } as unknown as DecisionRequest
}

/** The ids chosen for each placement, in the order of the answer. */
export function chosen({ slates }: Decision): Record<string, string[]> {
  return Object.fromEntries(
    slates.map(({ placement, items }) => [placement.id, items.map(({ action }) => action.id)]),
  )
}

export function slateOf(decision: Decision, placement = 'hero'): Slate {
  return decision.slates.find((slate) => slate.placement.id === placement)!
}

export function verdictOf(decision: Decision, action: string, placement = 'hero'): Verdict {
  return decision.verdicts.find(
    (verdict) => verdict.action.id === action && verdict.placement.id === placement,
  )!
}

/** The codes with which a candidate ended. */
export function codesOf(decision: Decision, action: string, placement = 'hero'): string[] {
  return verdictOf(decision, action, placement).reasons.map(({ code }) => code)
}
