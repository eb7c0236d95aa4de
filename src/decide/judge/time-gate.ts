import type { Reason } from '../../domain/reason.ts'

/** Something that holds an action back at some moments and not at others. Moments are epoch milliseconds. */
export interface TimeGate {
  /** Why it is closed at the moment that is judged; null when it is open then. */
  readonly refusal: Reason | null
  /** The first moment from `at` on at which it is open; null when it never is again. */
  openFrom(at: number): number | null
}

/** Holds nothing back. */
export const OPEN_GATE: TimeGate = { refusal: null, openFrom: (at) => at }

/** A gate that works each moment out once: a thousand candidates ask it about the same ones. */
export function timeGate(refusal: Reason | null, openFrom: TimeGate['openFrom']): TimeGate {
  let known: Map<number, number | null> | undefined
  return {
    refusal,
    openFrom(at) {
      known ??= new Map()
      let open = known.get(at)
      if (open === undefined) {
        open = openFrom(at)
        known.set(at, open)
      }
      return open
    },
  }
}

/** Rounds in which gates may send one another on; quiet hours and a dozen caps need a few. */
const MOST_ROUNDS = 1000

/** The first moment from `at` on at which all gates are open; null when there is none. */
export function allOpenFrom(gates: readonly TimeGate[], at: number): number | null {
  let moment = at
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = moment
    for (const gate of gates) {
      const open = gate.openFrom(moment)
      if (open === null) return null
      moment = open
    }
    if (moment === before) return moment
  }
  return null
}
