import * as z from 'zod'
import {
  type RunTimeChange,
  type RunTimePosition,
  type RunTimeState,
  runTimeChangeSchema,
  stateFromJson,
  stateToJson,
} from '../../domain/run-time-state.ts'
import { changeKey, closedEpochKey, epochKey, META } from '../keys.ts'
import { damaged, fromBytes, packNow, type RecordKind, toBytes, unpackNow } from '../records.ts'
import type { Environment } from './environment.ts'

/** Where the state stands. Epochs are numbered from 1; those below `oldest` are removed. */
const pointerSchema = z.strictObject({
  epoch: z.string(),
  revision: z.int().nonnegative(),
  number: z.int().positive(),
  oldest: z.int().positive(),
  openedAt: z.int(),
})
export type EpochPointer = Readonly<z.infer<typeof pointerSchema>>

/** What is written of an epoch when the next one opens. */
const closedSchema = z.strictObject({ epoch: z.string(), revisions: z.int(), closedAt: z.int() })
export type ClosedEpoch = Readonly<z.infer<typeof closedSchema>>

const POINTER: RecordKind<EpochPointer> = {
  what: 'place of the run-time state',
  parse: pointerSchema.parse,
}
const BASE: RecordKind<RunTimeState> = { what: 'run-time state of an epoch', parse: stateFromJson }
const CHANGE: RecordKind<RunTimeChange> = { what: 'run-time change', parse: runTimeChangeSchema.parse }
const CLOSED: RecordKind<ClosedEpoch> = { what: 'end of an epoch', parse: closedSchema.parse }

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
    holds({ epoch, revision }: RunTimePosition): boolean {
      if (!/^[0-9a-f]{16}$/.test(epoch) || !Number.isSafeInteger(revision)) return false
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

/** @throws ZodError for a change that could not be read again */
export function changeToBytes(change: RunTimeChange): Uint8Array {
  return toBytes(runTimeChangeSchema.parse(change))
}

function existing({ what }: RecordKind<unknown>, bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw damaged(what)
  return bytes
}
