import type { Situation } from '../../src/domain/situation.ts'
import type { Scorer } from '../../src/ports/scorer.ts'

export interface FakeScorer extends Scorer {
  /** What it was asked for, call by call, as action ids. */
  readonly asked: string[][]
}

/** Scores by action id; an action that is not listed gets `otherwise`. Evidence likewise, of which others have none. */
export function makeFakeScorer(
  scores: Readonly<Record<string, number>> = {},
  otherwise = 0.02,
  evidence: Readonly<Record<string, number>> | null = null,
): FakeScorer {
  return scorerThat(
    ({ id }) => (Object.hasOwn(scores, id) ? scores[id]! : otherwise),
    evidence === null ? null : ({ id }) => (Object.hasOwn(evidence, id) ? evidence[id]! : 0),
  )
}

export function scorerThat(
  score: (action: { id: string }, situation: Situation) => number,
  evidenceOf: ((action: { id: string }) => number) | null = null,
): FakeScorer {
  const asked: string[][] = []
  return {
    version: 'fake/1@000000000000',
    asked,
    fits() {},
    score(situation, positions) {
      const actions = positions.map((position) => situation.catalogue.actions[position]!)
      asked.push(actions.map(({ id }) => id))
      return {
        propensity: Float32Array.from(actions, (one) => score(one, situation)),
        evidence: evidenceOf === null ? null : Float64Array.from(actions, evidenceOf),
      }
    },
  }
}
