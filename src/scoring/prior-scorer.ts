import type { Scorer } from '../ports/scorer.ts'

/** Mean of Beta(1, 99): one success in a hundred tries, the weight of one observation, until outcomes are learned. */
const PRIOR_PROPENSITY = 0.01

/** The same door without a model: every action has the same smoothed rate, so that value decides. */
export const priorScorer: Scorer = {
  version: 'prior',
  fits() {},
  score(_, positions) {
    const propensity = new Float32Array(positions.length).fill(PRIOR_PROPENSITY)
    return { propensity, evidence: new Float64Array(positions.length) }
  },
}
