import type { Action, Play } from '../../domain/catalogue.ts'
import type { ContactOutcome } from '../../domain/contact.ts'
import {
  type CapPolicy,
  type ContactPolicy,
  countedUnder,
  isCap,
  type SuppressionPolicy,
} from '../../domain/contact-policy.ts'
import type { Hold } from '../../domain/hold.ts'
import { NO_REASONS, phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { type CapGate, capGate } from './capped.ts'
import type { History } from './history.ts'
import { suppressionGate } from './suppressed.ts'
import { OPEN_GATE, type TimeGate, timeGate } from './time-gate.ts'

/** A contact policy, or the person’s own “later”, as it holds an action back. */
export interface PolicyGate {
  /** Undefined for “later”. */
  readonly policy: ContactPolicy | undefined
  readonly gate: TimeGate | CapGate
}

/** What renews a hold does not stand in its own way: it is judged as if that were not there. */
export interface Permitted {
  /** Every reason by which contact policy refuses a candidate. */
  refusals(play: Play, action: Action, renewed: Hold | undefined): readonly Reason[]
  /** Whether nothing holds back any action with the policies and the tier of this one. */
  isSurelyOpen(play: Play, action: Action): boolean
  /** All gates of contact policy before a candidate that are not always open. */
  gates(play: Play, action: Action, renewed: Hold | undefined): readonly PolicyGate[]
}

const NOTHING_HOLDS: readonly PolicyGate[] = []

/**
 * Contact policy: caps and silences over the person’s contact ledger. Made once per request; what a policy comes to is
 * worked out once per key, so that a thousand candidates of one channel share one count. Mandatory skips it. A visitor
 * without a session has no history, and nobody keeps one.
 */
export function makePermitted(situation: Situation, history: History): Permitted {
  const { standing } = situation
  const livingOf = makeLiving(situation, history)
  const later = makeLater(situation)
  const isExempt = ({ tier }: Action) => tier === 'mandatory' || standing.of === 'nobody'

  return {
    refusals(play, action, renewed) {
      if (isExempt(action)) return NO_REASONS
      if (!standing.isChecked || !standing.canHold) {
        const isHeld = standing.isChecked ? play.policies.some(isCap) : play.policies.length > 0
        return isHeld ? [reason('unchecked', { what: phrase('checked_history') })] : NO_REASONS
      }
      let reasons: Reason[] | undefined
      for (const { gateOf } of livingOf(play.policies)) {
        const { refusal } = gateOf(play, renewed)
        if (refusal === null) continue
        reasons ??= []
        reasons.push(refusal)
      }
      const { refusal } = later(action.id)
      if (refusal !== null) return [...(reasons ?? []), refusal]
      return reasons ?? NO_REASONS
    },
    isSurelyOpen(play, action) {
      if (isExempt(action)) return true
      if (!standing.isChecked || !standing.canHold) return false
      return later === NOTHING_LATER && livingOf(play.policies).length === 0
    },
    gates(play, action, renewed) {
      if (isExempt(action)) return NOTHING_HOLDS
      const gates = livingOf(play.policies).map(({ policy, gateOf }) => ({
        policy,
        gate: gateOf(play, renewed),
      }))
      return [...gates, { policy: undefined, gate: later(action.id) }]
    },
  }
}

type GateOf = (play: Play, renewed: Hold | undefined) => TimeGate

/** A policy that something of this person’s history may fill, or that allows nothing at all. */
interface Living {
  readonly policy: ContactPolicy
  readonly gateOf: GateOf
}

/** The policies of a list that can hold anything back: for most customers few, and plays have few lists. */
function makeLiving(situation: Situation, history: History) {
  const ofPolicy = new Map<ContactPolicy, Living | null>()
  const ofList = new Map<readonly ContactPolicy[], readonly Living[]>()
  const living = (policy: ContactPolicy) => {
    let known = ofPolicy.get(policy)
    if (known === undefined) {
      const gates = isCap(policy)
        ? capGates(policy, situation, history)
        : suppressionGates(policy, situation, history)
      known = gates === null ? null : { policy, gateOf: gates }
      ofPolicy.set(policy, known)
    }
    return known
  }
  return (policies: readonly ContactPolicy[]): readonly Living[] => {
    let list = ofList.get(policies)
    if (list === undefined) {
      list = policies.flatMap((policy) => living(policy) ?? [])
      ofList.set(policies, list)
    }
    return list
  }
}

/** Null where nothing can be capped. */
function capGates(policy: CapPolicy, { contactAt }: Situation, history: History): GateOf | null {
  const { max, per } = policy
  // Most customers have fewer contacts of all kinds than some caps allow of one; what allows none is full without any.
  if (max > 0 && history.size < max) return null
  const contacts = history.contacts(policy)
  const full = new Set<string>()
  for (const [key, { length }] of contacts) if (length >= max) full.add(key)
  if (max > 0 && full.size === 0) return null
  const gateOf = once((key) => capGate(policy, key, contacts.get(key) ?? [], contactAt))
  return ({ facts }, renewed) => {
    const key = countedUnder(per, facts)
    // What has no group is not counted by groups.
    if (key === undefined || (max > 0 && !full.has(key))) return OPEN_GATE
    if (renewed === undefined) return gateOf(key)
    return capGate(policy, key, history.under(policy, key, [renewed]), contactAt)
  }
}

/** Null where nothing can be silent. */
function suppressionGates(
  policy: SuppressionPolicy,
  { contactAt }: Situation,
  history: History,
): GateOf | null {
  const outcomes = history.outcomes(policy, policy.outcome)
  if (outcomes.size === 0) return null
  const lifts = policy.without === undefined ? undefined : history.outcomes(policy, policy.without)
  const gateOf = once((key) =>
    suppressionGate(policy, key, { outcomes: outcomes.get(key)!, lifts: lifts?.get(key) ?? [] }, contactAt),
  )
  return ({ facts }) => {
    const key = countedUnder(policy.per, facts)
    return key !== undefined && outcomes.has(key) ? gateOf(key) : OPEN_GATE
  }
}

/** Makes the gate of each key once. */
function once(make: (key: string) => TimeGate): (key: string) => TimeGate {
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

const NOTHING_LATER = () => OPEN_GATE

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
  if (newest.size === 0) return NOTHING_LATER
  return (action) => {
    const until = newest.get(action)?.until
    if (until === undefined) return OPEN_GATE
    const refusal = contactAt < until ? reason('asked_for_later', { until }) : null
    return timeGate(refusal, (at) => Math.max(at, until))
  }
}
