import type { Catalogue } from '../domain/catalogue.ts'
import type { ErrorCode, Fault } from '../domain/errors.ts'
import type { DecisionId } from '../domain/ids.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { OverfillCause } from '../domain/overfilled.ts'
import type { Clock } from '../ports/clock.ts'
import type { Became, DecisionStore, ToldOutcome } from '../ports/decision-store.ts'
import type { CodedFault } from './catalogue-names.ts'
import { untilFaults } from './contact-times.ts'
import { countOverfilled } from './count-overfilled.ts'
import { notYetFaults, tooLateFaults } from './times.ts'

/** An outcome as a caller tells it. Times are epoch milliseconds. */
export interface WantedDecisionOutcome {
  readonly decision: DecisionId
  readonly action: string
  readonly placement: string | undefined
  readonly type: Outcome
  readonly at: number
  readonly until: number | undefined
}

/** What became of one outcome. `duplicate`: nothing of it was new. */
export type OutcomeRecorded =
  | { readonly status: 'accepted'; readonly became: Exclude<Became, 'known' | 'unknown'> }
  | { readonly status: 'duplicate' }
  | { readonly status: 'refused'; readonly code: ErrorCode; readonly faults: readonly Fault[] }

/**
 * Records what became of decisions: it confirms their holds, or releases them.
 * @returns what became of each; faults have the place `/outcomes/<index>/…`
 * @throws EmmaError `store_unavailable`: some may be recorded then, and can be told again
 */
export type RecordOutcomes = (wanted: readonly WantedDecisionOutcome[]) => Promise<OutcomeRecorded[]>

export interface RecordOutcomesParts {
  readonly store: Pick<DecisionStore, 'recordOutcomes'>
  readonly catalogue: () => Catalogue
  readonly clock: Clock
  /** Told of each that was recorded. */
  readonly onOutcome: (became: Became) => void
  /** Told once for each cap that a late one overfilled. */
  readonly onOverfilled: (cause: OverfillCause) => void
}

export function makeRecordOutcomes({
  store,
  catalogue,
  clock,
  onOutcome,
  onOverfilled,
}: RecordOutcomesParts): RecordOutcomes {
  return async (wanted) => {
    const [serves, now] = [catalogue(), clock()]
    const { historyHorizonMs } = serves
    const faults = wanted.map((one, i) => faultsOf(one, `/outcomes/${i}`, now, historyHorizonMs))
    const right = wanted.filter((_, i) => faults[i]!.length === 0)
    const told = right.map((one) => toTold(one, now))
    const onLate = countOverfilled(serves, now, () => onOverfilled('late_outcome'))
    const record = () => store.recordOutcomes(told, now, historyHorizonMs, onLate)
    const became = (told.length === 0 ? [] : await record()).values()
    return wanted.map((_, i): OutcomeRecorded => {
      if (faults[i]!.length > 0) return refused(faults[i]!)
      const what = became.next().value!
      onOutcome(what)
      if (what === 'unknown') return refused([unknownDecision(i)])
      return what === 'known' ? { status: 'duplicate' } : { status: 'accepted', became: what }
    })
  }
}

function faultsOf(
  { type, at, until }: WantedDecisionOutcome,
  place: string,
  now: number,
  historyHorizonMs: number,
): CodedFault[] {
  return [
    ...notYetFaults(at, now, `${place}/at`),
    ...tooLateFaults(at, now, historyHorizonMs, `${place}/at`),
    ...untilFaults({ type, at, until }, `${place}/until`, now),
  ]
}

/** A caller’s clock may be a little ahead: the next decision heeds it all the same. */
function toTold({ type, at, until, ...of }: WantedDecisionOutcome, now: number): ToldOutcome {
  const happened = Math.min(at, now)
  return { ...of, outcome: until === undefined ? { type, at: happened } : { type, at: happened, until } }
}

function unknownDecision(index: number): CodedFault {
  return {
    code: 'unknown_decision',
    place: `/outcomes/${index}/decisionId`,
    what: 'no decision of this id holds this action there, or it is not kept any more',
    remedy: 'check decisionId, actionId and placement; what came too late can be told as a contact',
  }
}

/** With the code of the first fault. */
function refused(faults: readonly CodedFault[]): OutcomeRecorded {
  const shown = faults.map(({ place, what, remedy }) => ({ place, what, remedy }))
  return { status: 'refused', code: faults[0]!.code, faults: shown }
}
