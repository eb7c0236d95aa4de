import type { Candidate } from '../domain/candidate.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { failure } from '../domain/errors.ts'
import { NO_REASONS, NOTHING_MORE, phrase, type Reason, reason } from '../domain/reason.ts'
import type { DegradedCode, Situation } from '../domain/situation.ts'
import { wireNumber } from '../domain/wire-number.ts'
import type { Scorer, Scores } from '../ports/scorer.ts'
import { atMost } from './evidence.ts'

export interface Scored {
  readonly candidates: readonly Candidate[]
  /** Version of the scorer that answered. */
  readonly model: string
  readonly degraded: readonly DegradedCode[]
}

/**
 * Step 4: the scorer is asked once for every action that is permitted anywhere; if it fails, the prior answers and the
 * decision says so. Then the minimum propensity is held against P.
 */
export function addPropensity(
  judged: readonly Candidate[],
  situation: Situation,
  scorer: Scorer,
  prior: Scorer,
  onTrouble: (error: unknown) => void,
): Scored {
  const positions = positionsOf(judged, situation.catalogue)
  const { scores, answered, degraded } = ask(positions, situation, scorer, prior, onTrouble)
  // The prior that a catalogue chose by naming no model is no guess.
  const fallen = degraded.length > 0 || situation.degraded.some((code) => FALLS_BACK.has(code))
  const isGuess = fallen && answered === prior
  const candidates = withScores(judged, positions, scores, situation, isGuess)
  return { candidates, model: answered.version, degraded }
}

/** The actions that are permitted anywhere, as positions in the catalogue. */
export function positionsOf(judged: readonly Candidate[], { actions }: Pick<Catalogue, 'actions'>): number[] {
  const isThere = new Uint8Array(actions.length)
  const positions: number[] = []
  for (const { refusals, play } of judged) {
    if (refusals.length > 0 || isThere[play.position] === 1) continue
    isThere[play.position] = 1
    positions.push(play.position)
  }
  return positions
}

/**
 * Scores written down in the candidates, and thresholds held against them.
 * @param positions - what the scores are of, in order
 * @param isGuess - whether a prior stands in for a model that failed
 */
export function withScores(
  judged: readonly Candidate[],
  positions: readonly number[],
  { propensity: propensities, evidence: observations }: Scores,
  situation: Situation,
  isGuess: boolean,
): readonly Candidate[] {
  const outbound = isOutbound(situation)
  const rowOf = new Int32Array(situation.catalogue.actions.length)
  for (let row = 0; row < positions.length; row++) rowOf[positions[row]!] = row
  for (const candidate of judged) {
    if (candidate.refusals.length > 0) continue
    if (isGuess && needsEvidence(candidate, outbound)) {
      candidate.refusals = [reason('propensity_unknown')]
      continue
    }
    const row = rowOf[candidate.play.position]!
    const propensity = propensities[row]!
    const evidence = observations === null ? Number.POSITIVE_INFINITY : observations[row]!
    candidate.propensity = propensity
    candidate.evidence = evidence
    candidate.refusals = belowThreshold(candidate, propensity, evidence)
  }
  return judged
}

/** With these the prior may have answered in the place of a model. */
const FALLS_BACK: ReadonlySet<DegradedCode> = new Set([
  'model_unavailable',
  'challenger_unavailable',
  'store_unavailable',
])

/** What has a threshold was never meant for everybody, and a message once sent cannot be taken back. */
function needsEvidence({ action }: Candidate, outbound: boolean): boolean {
  return action.tier !== 'mandatory' && (outbound || action.minPropensity > 0)
}

function isOutbound({ catalogue, request }: Situation): boolean {
  return catalogue.channels.get(request.channel)!.direction === 'outbound'
}

function ask(
  positions: readonly number[],
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
    return { scores: prior.score(situation, positions), answered: prior, degraded }
  }
  try {
    const scores = scorer.score(situation, positions)
    if (areProbabilities(scores, positions.length)) return { scores, answered: scorer, degraded: [] }
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
  return { scores: prior.score(situation, positions), answered: prior, degraded: failed }
}

/** One NaN would leave the order of a whole slate to chance. */
function areProbabilities({ propensity, evidence }: Scores, count: number): boolean {
  if (evidence !== null && !(evidence.length === count && evidence.every((n) => n >= 0))) return false
  return propensity.length === count && propensity.every((p) => p >= 0 && p <= 1)
}

/**
 * The threshold is held against the target’s P, and where too few observations stand behind it against what it may well
 * be, so that what is new is not starved. P is taken as it is told: the model’s f32 of 0.01 is a little less than the 0.01
 * that a marketer writes.
 */
function belowThreshold({ action }: Candidate, propensity: number, evidence: number): readonly Reason[] {
  const { minPropensity: minimum, tier } = action
  if (tier === 'mandatory' || propensity >= minimum) return NO_REASONS
  const most = atMost(propensity, evidence)
  if (most >= minimum || wireNumber(most) >= minimum) return NO_REASONS
  const bound = most === propensity ? NOTHING_MORE : phrase('at_most_likely', { most })
  return [reason('below_min_propensity', { propensity, bound, minimum })]
}
