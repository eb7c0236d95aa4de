import type { Action, Catalogue, PolicyLevel, PolicyRule } from '../../domain/catalogue.ts'
import type { PlacementId } from '../../domain/ids.ts'
import {
  bothReasons,
  NO_REASONS,
  type Phrase,
  phrase,
  type Reason,
  type ReasonCode,
  reason,
} from '../../domain/reason.ts'
import type { Rule, RuleContext, Undecided } from '../../domain/rule.ts'
import { NOTHING_TOLD } from '../../domain/run-time-state.ts'
import type { Situation } from '../../domain/situation.ts'
import { readFeature } from '../read-feature.ts'

/**
 * Everything that rules may look at. It is one object that is set for each candidate anew, so that a thousand of them make
 * none: it is to be used before the next candidate is asked for.
 */
export function makeRuleContext(
  situation: Situation,
): (action: Action, placement: PlacementId) => RuleContext {
  const { request, customer, contactAt, runTime } = situation
  const { live } = runTime.state
  const context = {
    customer: customer.attributes,
    context: request.context,
    feature: readFeature(situation),
    channel: request.channel,
    placement: undefined as unknown as PlacementId,
    action: undefined as unknown as Action,
    live: NOTHING_TOLD,
    now: contactAt,
  }
  return (action, placement) => {
    context.placement = placement
    context.action = action
    context.live = live.get(action.id) ?? NOTHING_TOLD
    return context
  }
}

export interface Engaged {
  /** Of all rules. */
  refusals(action: Action, placement: PlacementId): readonly Reason[]
  /** Whether blocks, and those rules of its group that look at no candidate, let an action pass. */
  isInherited(action: Action, placement: PlacementId): boolean
}

/**
 * Judges by rules. Made once per request: blocks and rules of groups are worked out once for all their actions, where
 * they look at no candidate. An action’s own rule is asked once anyway, so nothing is kept of it.
 */
export function makeEngaged(catalogue: Catalogue, contextOf: ReturnType<typeof makeRuleContext>): Engaged {
  const known = new Map<Rule, boolean | Undecided>()
  const once = (rule: Rule, context: RuleContext) => {
    let outcome = known.get(rule)
    if (outcome === undefined) {
      outcome = rule.evaluate(context)
      known.set(rule, outcome)
    }
    return outcome
  }

  const refusals: Engaged['refusals'] = (action, placement) => {
    if (action.policy.length === 0 && catalogue.blocks.length === 0) return NO_REASONS
    const context = contextOf(action, placement)
    let reasons = NO_REASONS
    for (const block of catalogue.blocks) {
      if (!block.tiers.has(action.tier)) continue
      const outcome = once(block.when, context)
      if (outcome === false) continue
      const { id } = block
      const refused =
        outcome === true
          ? reason('blocked', { block: id, tier: action.tier })
          : reason('block_undecided', { block: id, why: inWords(outcome) })
      reasons = bothReasons(reasons, [refused])
    }
    for (const policy of action.policy) {
      const { rule, group } = policy
      const outcome = rule.perCandidate || group === undefined ? rule.evaluate(context) : once(rule, context)
      if (outcome !== true)
        reasons = bothReasons(reasons, outcome === false ? untrue(policy) : [undecided(policy, outcome)])
    }
    return reasons
  }

  const isInherited: Engaged['isInherited'] = (action, placement) => {
    const context = contextOf(action, placement)
    const isFree = catalogue.blocks.every(
      ({ tiers, when }) => !tiers.has(action.tier) || once(when, context) === false,
    )
    return (
      isFree &&
      action.policy.every(
        ({ group, rule }) => group === undefined || rule.perCandidate || once(rule, context) === true,
      )
    )
  }
  return { refusals, isInherited }
}

const REFUSALS: Readonly<Record<PolicyLevel, ReasonCode>> = {
  eligibility: 'not_eligible',
  applicability: 'not_applicable',
  suitability: 'not_suitable',
}

/** What a rule says that does not hold is the same for everybody. */
const untrueBefore = new WeakMap<PolicyRule, readonly Reason[]>()

function untrue(policy: PolicyRule): readonly Reason[] {
  let reasons = untrueBefore.get(policy)
  if (reasons === undefined) {
    const { level, rule } = policy
    reasons = [reason(REFUSALS[level], { owner: ownerOf(policy), rule: rule.source })]
    untrueBefore.set(policy, reasons)
  }
  return reasons
}

function undecided(policy: PolicyRule, { kind, name }: Undecided): Reason {
  const said = { level: phrase(policy.level), owner: ownerOf(policy) }
  if (kind === 'missing') return reason('data_missing', { ...said, name })
  return reason('rule_failed', { ...said, what: inWords({ kind, name }) })
}

function ownerOf({ group }: PolicyRule): Phrase {
  return group === undefined ? phrase('the_action') : phrase('the_group', { group })
}

/** Why a rule is neither true nor false, or gives no number. */
export function inWords({ kind, name }: Undecided): Phrase {
  return kind === 'missing' ? phrase('not_known', { name }) : phrase('text', { text: name })
}
