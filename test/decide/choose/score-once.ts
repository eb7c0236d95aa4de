import type { Choice } from '../../../src/decide/choose/choose.ts'
import { judge } from '../../../src/decide/judge/judge.ts'
import { addPropensity } from '../../../src/decide/propensity.ts'
import { weigh } from '../../../src/decide/weigh.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import { sha256Hex } from '../../../src/domain/canonical-json.ts'
import type { Catalogue } from '../../../src/domain/catalogue.ts'
import type { Situation } from '../../../src/domain/situation.ts'
import type { Scorer } from '../../../src/ports/scorer.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { type Question, situate } from '../make-house.ts'

export interface Weighed {
  readonly situation: Situation
  readonly candidates: readonly Candidate[]
}

/** The corridor up to where chance begins. */
export async function scoreOnce(
  catalogue: Catalogue,
  question: Question,
  scorer: Scorer = makeFakeScorer(),
): Promise<Weighed> {
  const situation = await situate(catalogue, question)
  const { candidates } = addPropensity(judge(situation), situation, scorer, scorer, thrown)
  return { situation, candidates: weigh(candidates, situation) }
}

function thrown(error: unknown): never {
  throw error
}

/** The same situation for another person. */
export function withSeeds(situation: Situation, person: number | string): Situation {
  const placements = new Map(
    situation.request.slates.map(({ placement }) => [placement, sha256Hex(`${person} ${placement}`)]),
  )
  return { ...situation, seeds: { ...situation.seeds, placements, day: sha256Hex(`${person}`) } }
}

/** Choices in the order in which they were made. */
export function asMade(choices: readonly Choice[], { catalogue }: Situation): Choice[] {
  const orderOf = ({ slate }: Choice) => catalogue.placements.get(slate.placement)!.order
  return [...choices].sort((a, b) => orderOf(a) - orderOf(b))
}
