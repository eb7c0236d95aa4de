/** The time that is left for one answer. */
export interface Deadline {
  /** The work, or EmmaError `store_unavailable` once the time is over. Work that goes on then goes on unheard. */
  within<Result>(work: Promise<Result>): Promise<Result>
  isOver(): boolean
  /** Forgets it: to be called once when the answer is there. */
  end(): void
}

/** Starts one of so many milliseconds. */
export type StartDeadline = (ms: number) => Deadline
