/** One thing that was looked at. */
export interface Finding {
  /** `wrong`: Emma must not run on it; `advice`: it runs, and something should be done. */
  readonly state: 'right' | 'advice' | 'wrong'
  /** What was looked at and what was found, in one sentence. */
  readonly what: string
  /** What to do; null when it is right. */
  readonly remedy: string | null
}

/** How much a store keeps, over all its nodes. */
export interface StoreSizes {
  /** Memory of Redis, or the file of an embedded store. */
  readonly usedBytes: number
  /** Bytes that it may grow to: maxmemory of all masters, or the file and what is free on its disk; null: nothing says. */
  readonly limitBytes: number | null
  readonly keys: number
}

/** What a store needs of the system that it stands on. */
export interface StoreHealth {
  /** Cheap enough to be asked each few seconds. @throws EmmaError `store_unavailable` when it cannot be reached */
  sizes(): Promise<StoreSizes>
  /** @throws EmmaError `store_unavailable` when it cannot be reached */
  findings(): Promise<readonly Finding[]>
}
