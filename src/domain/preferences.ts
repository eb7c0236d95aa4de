/** What a person wished of retention and marketing: caps that he set himself. */
export interface Preferences {
  /** IANA name of the zone he lives in; undefined while unknown. */
  readonly timeZone?: string
  /** At most so many contacts in a rolling window; `channel` undefined: over all channels. */
  readonly pace?: readonly Pace[]
  /** Groups of actions he does not want to hear of. */
  readonly refusedTopics?: readonly string[]
  readonly pauses?: readonly Pause[]
}

export interface Pace {
  readonly channel?: string
  readonly max: number
  /** A duration as it is written, such as `7d`. */
  readonly window: string
}

/** Nothing on this channel (undefined: on any) before `until`, epoch milliseconds (undefined: until he says so). */
export interface Pause {
  readonly channel?: string
  readonly until?: number
}

export const NO_PREFERENCES: Preferences = {}
