import type { Candidate, ScoredCandidate } from '../domain/candidate.ts'
import { failure } from '../domain/errors.ts'
import { reason } from '../domain/reason.ts'
import type { DegradedCode, Situation } from '../domain/situation.ts'
import { wireNumber } from '../domain/wire-number.ts'
import type { Scorer, Scores } from '../ports/scorer.ts'

export interface Scored {
  readonly candidates: readonly ScoredCandidate[]
  /** Version of the scorer that answered. */
  readonly model: string
  readonly degraded: readonly DegradedCode[]
}

/**
 * Steps 3 and 4: the scorer is asked once for every action that is permitted anywhere; if it fails, the prior
 * answers and the decision says so. Then the minimum propensity is held against P.
 */
export async function addPropensity(
  judged: readonly Candidate[],
  situation: Situation,
  scorer: Scorer,
  prior: Scorer,
  onTrouble: (error: unknown) => void,
): Promise<Scored> {
  const positions = [...new Set(judged.filter((c) => c.refusals.length === 0).map((c) => c.play.position))]
  const { scores, model, degraded } = await ask(positions, situation, scorer, prior, onTrouble)
  // The prior that a catalogue chose by naming no model is no guess.
  const fallen =
    degraded.length > 0 ||
    situation.degraded.includes('model_unavailable') ||
    situation.degraded.includes('store_unavailable')
  const guessed = fallen && !scores.evidence
  const outbound = isOutbound(situation)
  const rowOf = new Map(positions.map((position, row) => [position, row]))
  const candidates = judged.map((candidate): ScoredCandidate => {
    const row = candidate.refusals.length === 0 ? rowOf.get(candidate.play.position) : undefined
    if (row === undefined) return { ...candidate, propensity: null, priority: null }
    if (guessed && needsEvidence(candidate, outbound)) {
      return { ...candidate, propensity: null, priority: null, refusals: [reason('propensity_unknown')] }
    }
    return weigh(candidate, scores.propensity[row]!, scores.evidence)
  })
  return { candidates, model, degraded }
}

/** What has a threshold was never meant for everybody, and a message once sent cannot be taken back. */
function needsEvidence({ action }: Candidate, outbound: boolean): boolean {
  return action.tier !== 'mandatory' && (outbound || action.minPropensity > 0)
}

function isOutbound({ catalogue, request }: Situation): boolean {
  return catalogue.channels.get(request.channel)!.direction === 'outbound'
}

async function ask(
  positions: number[],
  situation: Situation,
  scorer: Scorer,
  prior: Scorer,
  onTrouble: (error: unknown) => void,
) {
  if (positions.length > 0 && situation.customer.vector === null && scorer !== prior) {
    // Without a feature set no model can be fed. When the store failed, gather has already said why.
    const degraded: DegradedCode[] = situation.degraded.includes('store_unavailable')
      ? []
      : ['features_not_loaded']
    return { scores: await prior.score(situation, positions), model: prior.version, degraded }
  }
  try {
    const scores = await scorer.score(situation, positions)
    if (areProbabilities(scores, positions.length)) return { scores, model: scorer.version, degraded: [] }
    onTrouble(
      failure(
        'model_invalid',
        scorer.version,
        'the model answered something that is not a probability',
        'check its inputs and retrain it',
      ),
    )
  } catch (error) {
    onTrouble(error)
  }
  const failed: DegradedCode[] = ['model_failed']
  return { scores: await prior.score(situation, positions), model: prior.version, degraded: failed }
}

/** One NaN would leave the order of a whole slate to chance. */
function areProbabilities({ propensity }: Scores, count: number): boolean {
  return propensity.length === count && propensity.every((p) => p >= 0 && p <= 1)
}

/**
 * P×V, and the threshold: it is held against the target’s P only where there is evidence, so that a prior starves
 * nothing. P is taken as it is told: the model’s f32 of 0.01 is a little less than the 0.01 that a marketer writes.
 */
function weigh(candidate: Candidate, propensity: number, evidence: boolean): ScoredCandidate {
  const { placement, play, action, speaks } = candidate
  const { minPropensity, tier, value } = action
  const below =
    evidence && tier !== 'mandatory' && propensity < minPropensity && wireNumber(propensity) < minPropensity
  const refusals = below ? [reason('below_min_propensity', { propensity, minimum: minPropensity })] : []
  return { placement, play, action, speaks, refusals, propensity, priority: propensity * value }
}
