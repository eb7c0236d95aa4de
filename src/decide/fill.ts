import type { Candidate } from '../domain/candidate.ts'
import type { CustomerFirst, Ghost, Slate, Verdict } from '../domain/decision.ts'
import type { Situation } from '../domain/situation.ts'
import { makeAdmission } from './admission.ts'
import { type Choice, chooseSlates } from './choose/choose.ts'
import { type Policy, policyOf } from './choose/policy.ts'
import { customerFirst } from './customer-first.ts'
import { holdOut } from './holdout.ts'
import { itemsOf, jointOf, toSlate, verdictsOf } from './slate.ts'

export interface FilledSlates {
  readonly slates: readonly Slate[]
  readonly ghosts: readonly Ghost[]
  readonly verdicts: readonly Verdict[]
  readonly customerFirst: CustomerFirst | null
}

/**
 * Steps 6 and 7: what is chosen, in the order it was asked for; for the holdout also what would have been.
 * @param candidates - those that may be chosen; of the others as many as {@link screen} found
 * @param everyone - all of them, asked for where a slate is not full
 */
export function fillSlates(
  candidates: readonly Candidate[],
  situation: Situation,
  everyone: () => readonly Candidate[] = () => candidates,
): FilledSlates {
  const policy = policyOf(situation)
  const admission = makeAdmission(situation)
  const isHeldOut = situation.arm === 'holdout'
  const ghosts = isHeldOut
    ? chooseSlates(candidates, situation, policy).map((c) => toGhost(c, situation))
    : []
  const own = isHeldOut ? holdOut(candidates) : candidates
  const choices = chooseSlates(own, situation, policy)
  const all = isHeldOut ? () => own : everyone
  const ofPlacement =
    ({ slate }: Choice) =>
    () =>
      choices.length === 1 ? all() : all().filter(({ placement }) => placement === slate.placement)
  const slates = choices.map((choice) => toSlate(choice, ofPlacement(choice), situation, admission))
  const explains = situation.request.explain !== 'none'
  const verdicts = !explains
    ? []
    : choices.flatMap((choice, i) =>
        verdictsOf(choice, ofPlacement(choice)(), slates[i]!.items, situation, admission),
      )
  return {
    slates,
    ghosts,
    verdicts,
    customerFirst: customerFirst(own, situation, isByPriority(policy) ? choices : null),
  }
}

/** Whether nothing but the order of priorities chose. */
function isByPriority({ base, isEvenDay }: Policy): boolean {
  return base === 'best' && !isEvenDay
}

function toGhost(choice: Choice, situation: Situation): Ghost {
  const items = itemsOf(choice, situation)
  return {
    placement: situation.catalogue.placements.get(choice.slate.placement)!,
    items,
    selectionProbability: jointOf(items),
  }
}
