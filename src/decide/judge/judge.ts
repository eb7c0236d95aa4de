import type { Candidate } from '../../domain/candidate.ts'
import { bothReasons } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { wantedLanguages } from '../language.ts'
import { makeTemplateValues } from '../template-values.ts'
import { makeAvailable } from './available.ts'
import { makeConsented } from './consented.ts'
import { makeEngaged, makeRuleContext } from './engaged.ts'
import { historyOf } from './history.ts'
import { makePermitted } from './permitted.ts'
import { makeQuiet } from './quiet.ts'
import { makeRenewal } from './renewal.ts'
import { makeRequested } from './requested.ts'
import { makeShowable } from './showable.ts'
import { makeSwitched } from './switched.ts'
import { valid } from './valid.ts'
import { valued } from './valued.ts'
import { makeWished } from './wished.ts'

/** Step 2: every action that plays in an asked placement, with all reasons that refuse it. Nothing is dropped. */
export function judge(situation: Situation): Candidate[] {
  const { catalogue, request, contactAt } = situation
  const requested = makeRequested(request)
  const contextOf = makeRuleContext(situation)
  const engaged = makeEngaged(catalogue, contextOf)
  const consented = makeConsented(situation)
  const quiet = makeQuiet(situation)
  const renewalOf = makeRenewal(situation)
  const wished = makeWished(situation, historyOf(situation))
  const permitted = makePermitted(situation, historyOf(situation))
  const available = makeAvailable(situation)
  const showable = makeShowable(wantedLanguages(situation), makeTemplateValues(situation))
  const candidates: Candidate[] = []
  for (const slate of request.slates) {
    const switched = makeSwitched(situation, slate.placement)
    for (const play of catalogue.plays.get(slate.placement) ?? []) {
      const action = catalogue.actions[play.position]!
      const { speaks, refusals: lacks } = showable(play, action)
      const renewed = renewalOf(play.facts)
      const isQuiet = quiet(action.tier).refusal
      let refusals = valid(action, contactAt)
      refusals = bothReasons(refusals, switched(action))
      refusals = bothReasons(refusals, engaged(action, slate.placement))
      refusals = bothReasons(refusals, consented(action))
      if (isQuiet !== null) refusals = bothReasons(refusals, [isQuiet])
      refusals = bothReasons(refusals, wished.refusals(action, renewed))
      refusals = bothReasons(refusals, permitted.refusals(play, action, renewed))
      refusals = bothReasons(refusals, available(play, action))
      refusals = bothReasons(refusals, lacks)
      refusals = bothReasons(refusals, requested(action, slate))
      let value: number | null = action.value
      if (action.valueRule !== undefined) {
        const worth = valued(action.valueRule, contextOf(action, slate.placement))
        refusals = bothReasons(refusals, worth.refusals)
        value = worth.value
      }
      candidates.push({
        placement: slate.placement,
        play,
        action,
        speaks,
        refusals,
        value,
        propensity: null,
        evidence: 0,
        contextWeight: 1,
        priority: null,
      })
    }
  }
  return candidates
}
