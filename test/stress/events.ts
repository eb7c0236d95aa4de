/** What a worker saw, in the order it saw it. Times are epoch milliseconds by the machine’s clock, but for `at` of a grant: the store’s. */
export type Event =
  | {
      readonly kind: 'grant'
      readonly customer: string
      readonly session: string | null
      readonly decision: string
      readonly action: string
      readonly placement: string
      readonly at: number
      readonly askedAt: number
      readonly answeredAt: number
    }
  | {
      readonly kind: 'outcome'
      readonly customer: string
      readonly decision: string
      readonly action: string
      readonly placement: string
      readonly type: 'impression' | 'notShown'
      readonly became: string
      readonly askedAt: number
      readonly answeredAt: number
    }

/** How a worker’s tries ended. */
export interface Tally {
  readonly tries: number
  readonly repeated: number
  /** Repeated requests that got another decision than before. */
  readonly unlike: number
  readonly degraded: Readonly<Record<string, number>>
  readonly commits: Readonly<Record<string, number>>
  readonly troubles: readonly string[]
}

export interface WorkerTask {
  readonly url: string
  readonly worker: number
  readonly tries: number
  readonly seed: number
  /** File for the events, one JSON each line. */
  readonly out: string
}
