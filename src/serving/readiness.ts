import type { Serving } from '../decide/parts.ts'
import { EmmaError } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { DegradedCode } from '../domain/situation.ts'
import type { Scorer } from '../ports/scorer.ts'

export interface ReadinessParts {
  readonly serving: () => Serving
  /** The prior needs no features; the store is looked at for everybody’s sake. */
  readonly prior: Scorer
  readonly featureSet: () => Promise<FeatureSet | null>
}

/** The versions that decide, and what decisions lack now: as each of them would find out. */
export function makeReadiness({ serving, prior, featureSet }: ReadinessParts) {
  return async () => {
    const { catalogue, scorer, challenger, degraded } = serving()
    const lacks = async (scorer: Scorer, otherwise: DegradedCode): Promise<DegradedCode[]> => {
      try {
        const set = await featureSet()
        if (scorer === prior) return []
        if (set === null) return ['features_not_loaded']
        scorer.fits(catalogue, set)
        return []
      } catch (error) {
        const isDown = error instanceof EmmaError && error.code === 'store_unavailable'
        return [isDown ? 'store_unavailable' : otherwise]
      }
    }
    const ofChallenger = async (): Promise<DegradedCode[]> => {
      if (challenger !== null) return lacks(challenger, 'challenger_unavailable')
      return catalogue.challenger === undefined ? [] : ['challenger_unavailable']
    }
    const codes = [...degraded, ...(await lacks(scorer, 'model_failed')), ...(await ofChallenger())]
    return {
      versions: { catalogue: catalogue.version, model: scorer.version },
      // What both lack is said once.
      degraded: [...new Set(codes)],
    }
  }
}
