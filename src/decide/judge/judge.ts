import type { Candidate } from '../../domain/candidate.ts'
import { bothReasons } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { wantedLanguages } from '../language.ts'
import { makeTemplateValues } from '../template-values.ts'
import { consented } from './consented.ts'
import { makeEngaged, makeRuleContext } from './engaged.ts'
import { makeRequested } from './requested.ts'
import { showable } from './showable.ts'
import { makeSwitched } from './switched.ts'
import { valid } from './valid.ts'

/** Step 2: every action that plays in an asked placement, with all reasons that refuse it. Nothing is dropped. */
export function judge(situation: Situation): Candidate[] {
  const { catalogue, request, now } = situation
  const requested = makeRequested(request)
  const engaged = makeEngaged(catalogue, makeRuleContext(situation))
  const valuesOf = makeTemplateValues(situation)
  const wanted = wantedLanguages(situation)
  return request.slates.flatMap((slate) => {
    const switched = makeSwitched(situation, slate.placement)
    return (catalogue.plays.get(slate.placement) ?? []).map((play): Candidate => {
      const { position } = play
      const action = catalogue.actions[position]!
      const { speaks, refusals: lacks } = showable(play, action, wanted, valuesOf)
      const refusals = [
        switched(action),
        engaged(action, slate.placement),
        consented(catalogue, action),
        lacks,
        requested(action, slate),
      ].reduce(bothReasons, valid(action, now))
      return { placement: slate.placement, action, position, speaks, refusals }
    })
  })
}
