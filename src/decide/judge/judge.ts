import type { Candidate } from '../../domain/candidate.ts'
import type { Play } from '../../domain/catalogue.ts'
import type { SlateRequest } from '../../domain/decision-request.ts'
import type { Situation } from '../../domain/situation.ts'
import { requested } from './requested.ts'
import { valid } from './valid.ts'

/** Step 2: every action that plays in an asked placement, with all reasons that refuse it. Nothing is dropped. */
export function judge(situation: Situation): Candidate[] {
  const { catalogue, request } = situation
  return request.slates.flatMap((slate) =>
    (catalogue.plays.get(slate.placement) ?? []).map((play) => judgeOne(play, slate, situation)),
  )
}

function judgeOne(play: Play, slate: SlateRequest, situation: Situation): Candidate {
  const action = situation.catalogue.actions[play.position]!
  return {
    placement: slate.placement,
    action,
    position: play.position,
    treatments: play.treatments,
    refusals: [...valid(action, situation.now), ...requested(action, slate, situation.request)],
  }
}
