import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { ChosenScorers } from '../ports/chosen-scorers.ts'
import type { Scorer } from '../ports/scorer.ts'

/** Why models that a catalogue names do not serve, or would not be fed by the set; null is no set, which feeds any. */
export function modelTroubles(
  { scorer, challenger, troubles }: Pick<ChosenScorers, 'scorer' | 'challenger' | 'troubles'>,
  catalogue: Catalogue,
  set: FeatureSet | null,
): EmmaError[] {
  const ofChampion = troubles.champion ?? feedingTrouble(scorer, catalogue, set)
  const ofChallenger = troubles.challenger ?? feedingTrouble(challenger, catalogue, set)
  return [
    ...(ofChampion === null ? [] : [ofChampion]),
    ...(ofChallenger === null ? [] : [saidOfChallenger(ofChallenger, catalogue)]),
  ]
}

/** It also plans its rows now, and not in the first decision. */
function feedingTrouble(
  scorer: Scorer | null,
  catalogue: Catalogue,
  set: FeatureSet | null,
): EmmaError | null {
  if (scorer === null || set === null) return null
  try {
    scorer.fits(catalogue, set)
    return null
  } catch (error) {
    if (error instanceof EmmaError) return error
    throw error
  }
}

/** Faults name folders and inputs: whoever reads them must know that the catalogue’s own model is not meant. */
function saidOfChallenger({ code, faults }: EmmaError, { challenger }: Catalogue): EmmaError {
  const place = `challenger ${challenger}`
  const remedy = 'do what follows, or remove the challenger from the catalogue'
  return new EmmaError(code, [{ place, what: 'it cannot serve', remedy }, ...faults])
}
