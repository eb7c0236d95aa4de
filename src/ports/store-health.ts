/** One thing that was looked at. */
export interface Finding {
  /** `wrong`: Emma must not run on it; `advice`: it runs, and something should be done. */
  readonly state: 'right' | 'advice' | 'wrong'
  /** What was looked at and what was found, in one sentence. */
  readonly what: string
  /** What to do; null when it is right. */
  readonly remedy: string | null
}

/** What a store needs of the system that it stands on. */
export interface StoreHealth {
  /** @throws EmmaError `store_unavailable` when it cannot be reached */
  findings(): Promise<readonly Finding[]>
}
