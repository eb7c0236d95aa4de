import * as z from 'zod'
import {
  EMPTY_RUN_TIME_STATE,
  epochOf,
  type RunTimeChange,
  type RunTimePosition,
  type RunTimeState,
  runTimeChangeSchema,
  stateFromJson,
} from '../domain/run-time-state.ts'
import { type RecordKind, toBytes } from './records.ts'

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

export const POINTER: RecordKind<EpochPointer> = {
  what: 'place of the run-time state',
  parse: pointerSchema.parse,
}
export const BASE: RecordKind<RunTimeState> = { what: 'run-time state of an epoch', parse: stateFromJson }
export const CHANGE: RecordKind<RunTimeChange> = { what: 'run-time change', parse: runTimeChangeSchema.parse }
export const CLOSED: RecordKind<ClosedEpoch> = { what: 'end of an epoch', parse: closedSchema.parse }

/** @throws ZodError for a change that could not be read again */
export function changeToBytes(change: RunTimeChange): Uint8Array {
  return toBytes(runTimeChangeSchema.parse(change))
}

export function positionOf({ epoch, revision }: EpochPointer): RunTimePosition {
  return { epoch, revision }
}

/** Whether a position could be one at all. */
export function isPosition({ epoch, revision }: RunTimePosition): boolean {
  return /^[0-9a-f]{16}$/.test(epoch) && Number.isSafeInteger(revision) && revision >= 0
}

/** One epoch opens at a time; more than one goes, so that what was left behind is caught up with. */
export const REMOVED_AT_ONCE = 3

/** The first epoch of a store. */
export function firstEpoch(at: number): EpochPointer {
  return { epoch: epochOf(EMPTY_RUN_TIME_STATE, at), revision: 0, number: 1, oldest: 1, openedAt: at }
}

/** The epoch that opens with a state when so many of the oldest are removed. */
export function nextEpoch(
  { number, oldest }: EpochPointer,
  state: RunTimeState,
  at: number,
  removed: number,
): EpochPointer {
  return {
    epoch: epochOf(state, at),
    revision: 0,
    number: number + 1,
    oldest: oldest + removed,
    openedAt: at,
  }
}
