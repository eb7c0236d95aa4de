/** How others than the best get a chance. */
export const EXPLORATION_METHODS = ['greedy', 'epsilon', 'softmax', 'thompson'] as const
export type ExplorationMethod = (typeof EXPLORATION_METHODS)[number]

/** How a slot’s action is drawn among those of its tier. */
export interface Exploration {
  /**
   * greedy: the best. epsilon: the best, but for the even share. softmax: in proportion to priority^(1/temperature)
   * (Plackett–Luce over the slots). thompson: with the probability of being the best, given the evidence.
   */
  readonly method: ExplorationMethod
  /** Share of customers and days for whom all that is permitted is drawn evenly, 0–1; 0 with greedy. */
  readonly epsilon: number
  /** Above 0; with softmax only. */
  readonly temperature: number
}

/** What holds where a catalogue says nothing. */
export const DEFAULT_EXPLORATION: Exploration = { method: 'epsilon', epsilon: 0.03, temperature: 1 }
