import {
  type RunTimeChange,
  type RunTimePosition,
  type RunTimeState,
  stateToJson,
} from '../../domain/run-time-state.ts'
import {
  BASE,
  CHANGE,
  CLOSED,
  type ClosedEpoch,
  type EpochPointer,
  isPosition,
  POINTER,
} from '../epoch-records.ts'
import { changeKey, closedEpochKey, epochKey, META } from '../keys.ts'
import { damaged, fromBytes, packNow, type RecordKind, toBytes, unpackNow } from '../records.ts'
import type { Environment } from './environment.ts'

/** The run-time records as values. What is written is written inside a transaction only. */
export function makeEpochRecords(db: Environment) {
  return {
    pointer(): EpochPointer | null {
      const bytes = db.get(META.runTime)
      return bytes === undefined ? null : fromBytes(POINTER, bytes)
    },
    /** The state that an epoch opened with. */
    base(epoch: string): RunTimeState {
      return unpackNow(BASE, existing(BASE, db.get(epochKey(epoch))))
    },
    change(epoch: string, revision: number): RunTimeChange {
      return fromBytes(CHANGE, existing(CHANGE, db.get(changeKey(epoch, revision))))
    },
    closed(number: number): ClosedEpoch {
      return fromBytes(CLOSED, existing(CLOSED, db.get(closedEpochKey(number))))
    },
    holds(position: RunTimePosition): boolean {
      if (!isPosition(position)) return false
      const { epoch, revision } = position
      return db.doesExist(epochKey(epoch)) && (revision === 0 || db.doesExist(changeKey(epoch, revision)))
    },
    writePointer: (pointer: EpochPointer) => void db.put(META.runTime, toBytes(pointer)),
    writeBase: (epoch: string, state: RunTimeState) =>
      void db.put(epochKey(epoch), packNow(stateToJson(state))),
    writeClosed: (number: number, closed: ClosedEpoch) =>
      void db.put(closedEpochKey(number), toBytes(closed)),
    writeChanges(epoch: string, after: number, changes: readonly Uint8Array[]): void {
      changes.forEach((change, index) => void db.put(changeKey(epoch, after + 1 + index), change))
    },
    remove(number: number, { epoch, revisions }: ClosedEpoch): void {
      for (let revision = 1; revision <= revisions; revision++) void db.remove(changeKey(epoch, revision))
      void db.remove(epochKey(epoch))
      void db.remove(closedEpochKey(number))
    },
  }
}

function existing({ what }: RecordKind<unknown>, bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw damaged(what)
  return bytes
}
