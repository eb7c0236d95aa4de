import type { Situation } from '../../src/domain/situation.ts'
import type { Scorer } from '../../src/ports/scorer.ts'

export interface FakeScorer extends Scorer {
  /** What it was asked for, call by call, as action ids. */
  readonly asked: string[][]
}

/** Scores by action id; an action that is not listed gets `otherwise`. */
export function makeFakeScorer(scores: Readonly<Record<string, number>> = {}, otherwise = 0.02): FakeScorer {
  return scorerThat(({ id }) => (Object.hasOwn(scores, id) ? scores[id]! : otherwise))
}

export function scorerThat(score: (action: { id: string }, situation: Situation) => number): FakeScorer {
  const asked: string[][] = []
  return {
    version: 'fake/1@000000000000',
    asked,
    fits() {},
    async score(situation, positions) {
      const actions = positions.map((position) => situation.catalogue.actions[position]!)
      asked.push(actions.map(({ id }) => id))
      return { propensity: Float32Array.from(actions, (one) => score(one, situation)), evidence: true }
    },
  }
}
