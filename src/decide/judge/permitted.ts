import type { Action, Play } from '../../domain/catalogue.ts'
import type { ContactFacts, ContactOutcome } from '../../domain/contact.ts'
import {
  type CapPolicy,
  type ContactPolicy,
  countedUnder,
  isCap,
  type SuppressionPolicy,
} from '../../domain/contact-policy.ts'
import { NO_REASONS, phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { type CapGate, capGate } from './capped.ts'
import type { History } from './history.ts'
import { suppressionGate } from './suppressed.ts'
import { OPEN_GATE, type TimeGate } from './time-gate.ts'

/** A contact policy, or the person’s own “later”, as it holds an action back. */
export interface PolicyGate {
  /** Undefined for “later”. */
  readonly policy: ContactPolicy | undefined
  readonly gate: TimeGate | CapGate
}

export interface Permitted {
  /** Every reason by which contact policy refuses a candidate. */
  refusals(play: Play, action: Action): readonly Reason[]
  /** All gates of contact policy before a candidate, open or closed. */
  gates(play: Play, action: Action): readonly PolicyGate[]
}

const NOTHING_HOLDS: readonly PolicyGate[] = []

/**
 * Contact policy: caps and silences over the person’s contact ledger. Made once per request; what a policy comes to is
 * worked out once per key, so that a thousand candidates of one channel share one count. Mandatory skips it. A visitor
 * without a session has no history, and nobody keeps one.
 */
export function makePermitted(situation: Situation, history: History): Permitted {
  const { standing } = situation
  const gateOf = makeGates(situation, history)
  const later = makeLater(situation)
  const isExempt = ({ tier }: Action) => tier === 'mandatory' || standing.of === 'nobody'

  return {
    refusals(play, action) {
      if (isExempt(action)) return NO_REASONS
      if (!standing.isChecked) {
        const isHeld = play.policies.length > 0
        return isHeld ? [reason('unchecked', { what: phrase('checked_history') })] : NO_REASONS
      }
      let reasons: Reason[] | undefined
      for (const policy of play.policies) {
        const { refusal } = gateOf(policy, play.facts)
        if (refusal === null) continue
        reasons ??= []
        reasons.push(refusal)
      }
      const { refusal } = later(action.id)
      if (refusal !== null) return [...(reasons ?? []), refusal]
      return reasons ?? NO_REASONS
    },
    gates(play, action) {
      if (isExempt(action) || !standing.isChecked) return NOTHING_HOLDS
      const gates = play.policies.map((policy) => ({ policy, gate: gateOf(policy, play.facts) }))
      return [...gates, { policy: undefined, gate: later(action.id) }]
    },
  }
}

/** The gate of a policy for what a candidate is about. */
function makeGates(situation: Situation, history: History) {
  const known = new Map<ContactPolicy, (key: string) => TimeGate>()
  return (policy: ContactPolicy, facts: ContactFacts): TimeGate => {
    const key = countedUnder(policy.per, facts)
    // What has no group is not counted by groups.
    if (key === undefined) return OPEN_GATE
    let ofKey = known.get(policy)
    if (ofKey === undefined) {
      ofKey = gatesByKey(policy, situation, history)
      known.set(policy, ofKey)
    }
    return ofKey(key)
  }
}

function gatesByKey(
  policy: ContactPolicy,
  situation: Situation,
  history: History,
): (key: string) => TimeGate {
  const make = isCap(policy)
    ? capMaker(policy, situation, history)
    : suppressionMaker(policy, situation, history)
  if (make === null) return () => OPEN_GATE
  const made = new Map<string, TimeGate>()
  return (key) => {
    let gate = made.get(key)
    if (gate === undefined) {
      gate = make(key)
      made.set(key, gate)
    }
    return gate
  }
}

/** Null where nothing is counted, so that most customers cost nothing. */
function capMaker(policy: CapPolicy, situation: Situation, history: History) {
  const contacts = history.contacts(policy)
  if (contacts.size === 0 && policy.max > 0) return null
  return (key: string) => capGate(policy, key, contacts.get(key) ?? [], situation)
}

function suppressionMaker(policy: SuppressionPolicy, situation: Situation, history: History) {
  const outcomes = history.outcomes(policy, policy.outcome)
  if (outcomes.size === 0) return null
  const lifts = policy.without === undefined ? undefined : history.outcomes(policy, policy.without)
  return (key: string) => suppressionGate(policy, key, outcomes.get(key), lifts?.get(key), situation)
}

/** The newest “later” of each action with the moment that the person named. */
function makeLater({ standing, contactAt }: Situation): (action: string) => TimeGate {
  const newest = new Map<string, ContactOutcome>()
  for (const { facts, outcomes } of standing.ledger.contacts) {
    if (facts.action === undefined) continue
    for (const outcome of outcomes) {
      if (outcome.until === undefined || outcome.at > contactAt) continue
      const before = newest.get(facts.action)
      if (before === undefined || outcome.at >= before.at) newest.set(facts.action, outcome)
    }
  }
  if (newest.size === 0) return () => OPEN_GATE
  return (action) => {
    const until = newest.get(action)?.until
    if (until === undefined) return OPEN_GATE
    const refusal = contactAt < until ? reason('asked_for_later', { until }) : null
    return { refusal, openFrom: (at) => Math.max(at, until) }
  }
}
