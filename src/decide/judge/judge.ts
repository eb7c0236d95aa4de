import type { Candidate } from '../../domain/candidate.ts'
import type { Situation } from '../../domain/situation.ts'
import { makeRequested } from './requested.ts'
import { valid } from './valid.ts'

/** Step 2: every action that plays in an asked placement, with all reasons that refuse it. Nothing is dropped. */
export function judge({ catalogue, request, now }: Situation): Candidate[] {
  const requested = makeRequested(request)
  return request.slates.flatMap((slate) =>
    (catalogue.plays.get(slate.placement) ?? []).map(({ position, speaks }): Candidate => {
      const action = catalogue.actions[position]!
      const refusals = [...valid(action, now), ...requested(action, slate)]
      return { placement: slate.placement, action, position, speaks, refusals }
    }),
  )
}
