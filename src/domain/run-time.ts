import { EMPTY_RUN_TIME_STATE, type RunTimePosition, type RunTimeState } from './run-time-state.ts'

/** The run-time state with the position that names it for ever; null while nothing was ever told. */
export interface RunTime {
  readonly position: RunTimePosition | null
  readonly state: RunTimeState
}

export const NO_RUN_TIME: RunTime = { position: null, state: EMPTY_RUN_TIME_STATE }

/** `epoch.revision`, as decisions tell it. */
export function positionText(position: RunTimePosition): string {
  return `${position.epoch}.${position.revision}`
}
