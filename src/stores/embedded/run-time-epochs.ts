import {
  applyChanges,
  EMPTY_RUN_TIME_STATE,
  epochEnds,
  epochMayEnd,
  type RunTimeChange,
  type RunTimePosition,
  type RunTimeState,
} from '../../domain/run-time-state.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import {
  type ClosedEpoch,
  changeToBytes,
  type EpochPointer,
  firstEpoch,
  nextEpoch,
  positionOf,
  REMOVED_AT_ONCE,
} from '../epoch-records.ts'
import type { Environment } from './environment.ts'
import { makeEpochRecords } from './epoch-records.ts'
import { transact } from './transactions.ts'

/** A state and its position. */
interface Folded {
  readonly position: RunTimePosition
  readonly state: RunTimeState
}

/** The epoch that takes the next changes, and the newest state that was folded to find it. */
interface Taking {
  readonly into: EpochPointer
  readonly folded: Folded | null
}

type RunTimeEpochs = Pick<CatalogueStore, 'runTimePosition' | 'runTimeState' | 'changeRunTime'>

/**
 * The run-time state: per epoch its whole state at the opening and every change since, one record each. Epochs that
 * closed more than `keptFor` milliseconds ago are removed when another opens.
 */
export function makeRunTimeEpochs(db: Environment, keptFor: number): RunTimeEpochs {
  const records = makeEpochRecords(db)
  /** A state that was folded here and is known to be committed: later ones need only what was added since. */
  let known: Folded | null = null

  /** The state at a position that is recorded. */
  const fold = ({ epoch, revision }: RunTimePosition): Folded => {
    const usable = known?.position.epoch === epoch && known.position.revision <= revision
    const from = usable ? known! : { position: { epoch, revision: 0 }, state: records.base(epoch) }
    const changes: RunTimeChange[] = []
    for (let next = from.position.revision + 1; next <= revision; next++) {
      changes.push(records.change(epoch, next))
    }
    return { position: { epoch, revision }, state: applyChanges(from.state, changes) }
  }

  /** Epochs, oldest first, whose end is too long ago. */
  const outdated = ({ oldest, number }: EpochPointer, at: number): ClosedEpoch[] => {
    const found: ClosedEpoch[] = []
    for (let old = oldest; old < number && found.length < REMOVED_AT_ONCE; old++) {
      const closed = records.closed(old)
      if (at - closed.closedAt <= keptFor) break
      found.push(closed)
    }
    return found
  }

  const openFirst = (at: number): EpochPointer => {
    const opened = firstEpoch(at)
    records.writeBase(opened.epoch, EMPTY_RUN_TIME_STATE)
    return opened
  }

  const openAfter = (before: EpochPointer, state: RunTimeState, at: number): EpochPointer => {
    const { number, oldest } = before
    // Read first, then write: what throws in a transaction does not undo what it has written.
    const leaving = outdated(before, at)
    const opened = nextEpoch(before, state, at, leaving.length)
    records.writeBase(opened.epoch, state)
    records.writeClosed(number, { epoch: before.epoch, revisions: before.revision, closedAt: at })
    leaving.forEach((closed, index) => {
      records.remove(oldest + index, closed)
    })
    return opened
  }

  const epochFor = (at: number): Taking => {
    const before = records.pointer()
    if (before === null) return { into: openFirst(at), folded: null }
    const { openedAt, revision } = before
    if (!epochMayEnd(openedAt, revision, at)) return { into: before, folded: null }
    const folded = fold(positionOf(before))
    if (!epochEnds(openedAt, revision, at, folded.state)) return { into: before, folded }
    const into = openAfter(before, folded.state, at)
    return { into, folded: { position: positionOf(into), state: folded.state } }
  }

  return {
    async runTimePosition() {
      db.resetReadTxn()
      const now = records.pointer()
      return now === null ? null : positionOf(now)
    },
    async runTimeState(at) {
      db.resetReadTxn()
      if (at !== undefined) return records.holds(at) ? fold(at) : null
      const now = records.pointer()
      if (now === null) return { position: null, state: EMPTY_RUN_TIME_STATE }
      known = fold(positionOf(now))
      return known
    },
    async changeRunTime(changes) {
      const first = changes[0]
      if (first === undefined) throw new Error('a list of run-time changes is empty')
      const written = changes.map(changeToBytes)
      const { now, folded } = await transact(db, () => {
        const { into, folded } = epochFor(first.at)
        records.writeChanges(into.epoch, into.revision, written)
        const now = { ...into, revision: into.revision + written.length }
        records.writePointer(now)
        return { now, folded }
      })
      // Only now: a commit that fails must leave nothing here.
      if (folded !== null) known = folded
      return positionOf(now)
    },
  }
}
