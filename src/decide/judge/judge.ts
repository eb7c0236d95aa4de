import type { Candidate } from '../../domain/candidate.ts'
import type { Action, Play } from '../../domain/catalogue.ts'
import type { SlateRequest } from '../../domain/decision-request.ts'
import type { PlacementId } from '../../domain/ids.ts'
import { bothReasons, NO_REASONS, type Reason } from '../../domain/reason.ts'
import type { RuleContext } from '../../domain/rule.ts'
import type { Situation } from '../../domain/situation.ts'
import { wantedLanguages } from '../language.ts'
import { makeTemplateValues } from '../template-values.ts'
import { isAnySoldOut, makeAvailable } from './available.ts'
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
import { makeWished, paceCaps } from './wished.ts'

/** Step 2: every action that plays in an asked placement, with all reasons that refuse it. Nothing is dropped. */
export function judge(situation: Situation): Candidate[] {
  const { catalogue, request } = situation
  const judging = makeJudging(situation)
  return request.slates.flatMap((slate) => {
    const candidate = judging.inSlate(slate).candidate
    return (catalogue.plays.get(slate.placement) ?? []).map(candidate)
  })
}

/** Made once per request: what is the same for many candidates is worked out once. */
export interface Judging {
  inSlate(slate: SlateRequest): SlateJudging
}

export interface SlateJudging {
  /** With every reason that refuses it. */
  candidate(play: Play): Candidate
  /** What can be said of a play and of all that differ from it in their action alone. */
  kind(play: Play): KindJudgement
  /** What rules may look at, with the action of any play. */
  context(play: Play): RuleContext
  /** One that nothing refuses, as is known already, and that is shown as it is written. */
  permitted(play: Play): Candidate
}

/**
 * `refused`: whatever the action is. `permitted`: unless its validity or its own rules refuse it, or a rule gives its value.
 * `single`: each has to be judged by itself.
 */
export type KindJudgement = 'refused' | 'permitted' | 'single'

export function makeJudging(situation: Situation): Judging {
  const { catalogue, request, contactAt, runTime } = situation
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
  /** Nothing is asked, switched off, paced or sold out that is not the same for all of a kind. */
  const areKindsAlike =
    runTime.state.off.size === 0 &&
    request.include === undefined &&
    request.exclude.length === 0 &&
    paceCaps(situation).length === 0 &&
    !isAnySoldOut(situation)

  return {
    inSlate(slate) {
      const { placement } = slate
      const switched = makeSwitched(situation, placement)
      return {
        candidate(play) {
          const action = catalogue.actions[play.position]!
          const { speaks, refusals: lacks } = showable.of(play, action)
          const renewed = renewalOf(play.facts)
          const isQuiet = quiet(action.tier).refusal
          let refusals = valid(action, contactAt)
          refusals = bothReasons(refusals, switched(action))
          refusals = bothReasons(refusals, engaged.refusals(action, placement))
          refusals = bothReasons(refusals, consented(action))
          if (isQuiet !== null) refusals = bothReasons(refusals, [isQuiet])
          refusals = bothReasons(refusals, wished.refusals(action, renewed))
          refusals = bothReasons(refusals, permitted.refusals(play, action, renewed))
          refusals = bothReasons(refusals, available(play, action))
          refusals = bothReasons(refusals, lacks)
          refusals = bothReasons(refusals, requested(action, slate))
          let value: number | null = action.value
          if (action.valueRule !== undefined) {
            const worth = valued(action.valueRule, contextOf(action, placement))
            refusals = bothReasons(refusals, worth.refusals)
            value = worth.value
          }
          return toCandidate(play, action, placement, speaks, refusals, value)
        },
        kind(play) {
          const action = catalogue.actions[play.position]!
          const isRefused =
            quiet(action.tier).refusal !== null ||
            consented(action).length > 0 ||
            !engaged.isInherited(action, placement) ||
            slate.kinds?.includes(action.kind) === false
          if (isRefused) return 'refused'
          if (!areKindsAlike || !permitted.isSurelyOpen(play, action)) return 'single'
          if (wished.refusals(action, undefined).length > 0) return 'refused'
          return showable.isSurelyAsWritten(play, action) ? 'permitted' : 'single'
        },
        context: (play) => contextOf(catalogue.actions[play.position]!, placement),
        permitted(play) {
          const action = catalogue.actions[play.position]!
          return toCandidate(play, action, placement, play.asWritten.speaks, NO_REASONS, action.value)
        },
      }
    },
  }
}

function toCandidate(
  play: Play,
  action: Action,
  placement: PlacementId,
  speaks: Candidate['speaks'],
  refusals: readonly Reason[],
  value: number | null,
): Candidate {
  return {
    placement,
    play,
    action,
    speaks,
    refusals,
    value,
    propensity: null,
    evidence: 0,
    contextWeight: 1,
    priority: null,
  }
}
