import type { Candidate } from '../domain/candidate.ts'
import type { Action } from '../domain/catalogue.ts'
import type { Change } from '../domain/change.ts'
import { valueIn, withValue } from '../domain/named-value.ts'
import type { ReasonCode } from '../domain/reason.ts'
import type { Condition, RuleContext } from '../domain/rule.ts'
import { type Comparison, witnessOf } from '../domain/rule-comparison.ts'
import type { Situation } from '../domain/situation.ts'
import { wireNumber } from '../domain/wire-number.ts'
import { mayUse } from './consent.ts'
import { atMost } from './evidence.ts'
import { makeRuleContext } from './judge/engaged.ts'
import { historyOf } from './judge/history.ts'
import { makePermitted } from './judge/permitted.ts'
import { makeQuiet } from './judge/quiet.ts'
import { makeRenewal } from './judge/renewal.ts'
import { allOpenFrom, type TimeGate } from './judge/time-gate.ts'
import { validityGate } from './judge/valid.ts'
import { makeWished } from './judge/wished.ts'

/** What refuses at one moment and not at another, of what was agreed on contacts. */
const WAITING: ReadonlySet<ReasonCode> = new Set([
  'quiet_hours',
  'paused',
  'pace_reached',
  'capped',
  'suppressed',
  'asked_for_later',
])
/** The same, and the validity. */
const TIMED: ReadonlySet<ReasonCode> = new Set([...WAITING, 'not_yet_valid'])

type Refused = Pick<Candidate, 'refusals'>

/** Refused for nothing but quiet hours. */
export const isQuietOnly = (candidate: Refused) => isOnly(candidate, (code) => code === 'quiet_hours')
/** Refused for nothing but volumes: a unit may come back at any moment, and be gone again. */
export const isSoldOutOnly = (candidate: Refused) => isOnly(candidate, (code) => code === 'volume_used_up')
/** Refused for nothing but that the store does not answer. */
export const isUncheckedOnly = (candidate: Refused) => isOnly(candidate, (code) => code === 'unchecked')
/** Refused for nothing but what a later moment mends. */
export const waitsForTime = (candidate: Refused) => isOnly(candidate, (code) => WAITING.has(code))

function isOnly({ refusals }: Refused, is: (code: ReasonCode) => boolean): boolean {
  return refusals.length > 0 && refusals.every(({ code }) => is(code))
}

/** What would admit refused candidates. */
export interface Admission {
  /** Changes each of which alone would admit it: a single moment, cap, threshold or comparison. */
  changes(candidate: Candidate): readonly Change[]
  /** The first moment at which one of those is permitted that wait for nothing but time; null when none ever is. */
  earliest(candidates: readonly Candidate[]): number | null
}

/** Works nothing out before it is asked. */
export function makeAdmission(situation: Situation): Admission {
  let gates: ReturnType<typeof makeGates> | undefined
  let contextOf: ReturnType<typeof makeRuleContext> | undefined
  const gatesNow = () => {
    gates ??= makeGates(situation)
    return gates
  }
  const contextNow = ({ action, placement }: Candidate) => {
    contextOf ??= makeRuleContext(situation)
    return contextOf(action, placement)
  }
  const opensAt = (candidate: Candidate): number | null => {
    const from = allOpenFrom(gatesNow().all(candidate), situation.contactAt)
    if (from === null) return null
    return rulesHold(candidate.action, { ...contextNow(candidate), now: from }, situation, 'now')
      ? from
      : null
  }
  return {
    changes(candidate) {
      const { refusals, propensity, evidence } = candidate
      const changes: Change[] = []
      if (isOnly(candidate, (code) => TIMED.has(code))) {
        const from = opensAt(candidate)
        if (from !== null) changes.push({ kind: 'time', from })
      }
      if (refusals.length !== 1) return changes
      const [{ code }] = refusals as [(typeof refusals)[number]]
      if (code === 'capped') changes.push(...gatesNow().caps(candidate))
      else if (code === 'below_min_propensity')
        changes.push({ kind: 'threshold', minimum: wireNumber(atMost(propensity!, evidence)) })
      else if (BY_RULE.has(code))
        changes.push(...comparisons(candidate.action, contextNow(candidate), situation))
      return changes
    },
    earliest(candidates) {
      const moments = candidates.filter(waitsForTime).flatMap((candidate) => opensAt(candidate) ?? [])
      return moments.length === 0 ? null : moments.reduce((a, b) => Math.min(a, b))
    },
  }
}

function makeGates(situation: Situation) {
  const quiet = makeQuiet(situation)
  const renewalOf = makeRenewal(situation)
  const wished = makeWished(situation, historyOf(situation))
  const permitted = makePermitted(situation, historyOf(situation))
  return {
    all: ({ action, play }: Candidate): TimeGate[] => {
      const renewed = renewalOf(play.facts)
      return [
        validityGate(action, situation.contactAt),
        quiet(action.tier),
        ...wished.gates(action, renewed),
        ...permitted.gates(play, action, renewed).map(({ gate }) => gate),
      ]
    },
    /** The cap that is reached, as it would have to be. */
    caps: ({ action, play }: Candidate): Change[] =>
      permitted
        .gates(play, action, renewalOf(play.facts))
        .flatMap(({ policy, gate }): Change[] =>
          policy !== undefined && 'max' in policy && 'most' in gate
            ? [{ kind: 'cap', policy: policy.id, max: gate.most, is: policy.max }]
            : [],
        ),
  }
}

/** Refusals by a rule of the action, its group or a block. */
const BY_RULE: ReadonlySet<ReasonCode> = new Set([
  'blocked',
  'block_undecided',
  'not_eligible',
  'not_applicable',
  'not_suitable',
  'data_missing',
  'rule_failed',
])

/** Every rule that an action has to meet, with what it must come to. */
function* rulesOf(action: Action, { catalogue }: Situation): Generator<readonly [Condition, boolean]> {
  for (const { tiers, when } of catalogue.blocks) if (tiers.has(action.tier)) yield [when, false]
  for (const { rule } of action.policy) yield [rule, true]
}

/** Whether all rules of an action that read a name come to what they must. */
function rulesHold(action: Action, context: RuleContext, situation: Situation, name: string): boolean {
  for (const [rule, wanted] of rulesOf(action, situation))
    if (rule.reads.has(name) && rule.evaluate(context) !== wanted) return false
  return true
}

/** The one comparison that keeps the one rule from admitting, unless what mends it breaks another rule. */
function comparisons(action: Action, context: RuleContext, situation: Situation): Change[] {
  for (const [rule, wanted] of rulesOf(action, situation)) {
    if (rule.evaluate(context) === wanted) continue
    const needs = rule.decisive(context, wanted)
    if (needs === null || !canChange(needs.name, situation)) return []
    if (!isEnough(needs, action, context, situation)) return []
    return [{ kind: 'comparison', needs, is: valueIn(context, needs.name) }]
  }
  return []
}

/**
 * Whether a name is anything that could be otherwise: not where and of what it is asked, and not what the customer does
 * not let us use, of which nothing true can be said.
 */
function canChange(name: string, { catalogue, standing, request }: Situation): boolean {
  const [root, field = ''] = name.split('.') as [string, string?]
  if (root === 'channel' || root === 'placement' || root === 'action') return false
  if (root !== 'customer' && root !== 'features') return true
  const purpose = root === 'customer' ? catalogue.attributePurposes.get(field) : undefined
  const asked = { channel: request.channel, address: standing.address }
  return mayUse(purpose, standing.consents, asked, catalogue)
}

function isEnough(needs: Comparison, action: Action, context: RuleContext, situation: Situation): boolean {
  const witness = witnessOf(needs)
  if (witness === undefined) return false
  return rulesHold(action, withValue(context, needs.name, witness), situation, needs.name)
}
