import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { CapCheck } from '../../../src/domain/cap-check.ts'
import { overfilledCap } from '../../../src/domain/cap-check.ts'
import { type ContactFacts, DAY_MS } from '../../../src/domain/contact.ts'
import { countedUnder, fits } from '../../../src/domain/contact-policy.ts'
import { type Hold, refOfHold } from '../../../src/domain/hold.ts'
import type { DecisionId } from '../../../src/domain/ids.ts'
import { counts } from '../../../src/domain/ledger.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Allowance, Unit } from '../../../src/domain/volume.ts'
import type { Gathered, Subject } from '../../../src/ports/customer-store.ts'
import type { Became, Grant, Granted } from '../../../src/ports/decision-store.ts'
import type { DecisionStoreUnderTest } from './decision-store-home.ts'
import { DAY, facts, HORIZON, HOUR } from './examples.ts'

/** Long enough that two calls fit into it, short enough to wait for. */
export const SHORT = 300

type Cap = CapCheck['cap']

export const cap = (given: Partial<Cap> = {}): Cap => ({
  ...{ id: 'cap', where: {}, per: 'customer', max: 1, windowMs: DAY },
  ...given,
})

/** A name for a decision about somebody: it begins with the bucket that his keys are in. */
export function nameDecision(store: DecisionStoreUnderTest, subject: Subject | null): DecisionId {
  return `b${String(bucketOf(store, subject)).padStart(4, '0')}-${randomUUID()}` as DecisionId
}

function bucketOf(store: DecisionStoreUnderTest, subject: Subject | null): number {
  if (subject === null) return 0
  if ('customer' in subject) return store.person(subject.customer).bucket
  return store.visitor(subject.session).bucket
}

/** What one item of an answer is to hold. Times are relative to the moment of the decision. */
export interface Shown {
  readonly facts?: Partial<ContactFacts>
  readonly inMs?: number
  readonly heldMs?: number
  readonly session?: string | null
  readonly confirmOn?: Outcome
  readonly units?: readonly Unit[]
  /** The ref of the hold that it renews. */
  readonly renews?: string
}

export function holdOf(decision: DecisionId, now: number, shown: Shown): Hold {
  const about = facts(shown.facts)
  return {
    contact: {
      facts: about,
      ref: shown.renews ?? refOfHold(decision, about.placement!, about.action!),
      at: now + (shown.inMs ?? 0),
      heldUntil: now + (shown.heldMs ?? HOUR),
      outcomes: [],
    },
    session: shown.session ?? null,
    confirmOn: shown.confirmOn ?? 'impression',
    units: shown.units ?? [],
  }
}

/** What of an answer has to hold for a cap: one check for each key that it counts items under, all at one moment. */
export function checksOf(gathered: Gathered, policy: Cap, holds: readonly Hold[]): CapCheck[] {
  const counted = holds.filter(({ contact }) => fits(policy.where, contact.facts))
  const keys = new Set(counted.map(({ contact }) => countedUnder(policy.per, contact.facts)))
  return [...keys].flatMap((key) => {
    if (key === undefined) return []
    const isCounted = (about: ContactFacts) =>
      fits(policy.where, about) && countedUnder(policy.per, about) === key
    const mine = counted.filter(({ contact }) => isCounted(contact.facts))
    const { at } = mine[0]!.contact
    const { contacts, days } = gathered.ledger
    const times = [
      ...contacts.filter((one) => counts(one, gathered.readAt) && isCounted(one.facts)).map((one) => one.at),
      ...days.flatMap((day) => {
        if (!isCounted(day.facts)) return []
        const first = day.day * DAY_MS
        const nearest = Math.max(first, Math.min(at, first + DAY_MS - 1))
        return Array.from({ length: day.contacts }, () => nearest)
      }),
    ]
    const confirmed = times.filter((time) => Math.abs(time - at) < policy.windowMs)
    return [{ cap: policy, key, at, adds: mine.length, confirmed }]
  })
}

export interface Wanted {
  readonly shown?: readonly Shown[]
  readonly caps?: readonly Cap[]
  readonly takes?: readonly Allowance[]
  readonly returns?: readonly Unit[]
  readonly decision?: DecisionId
  readonly request?: Grant['request']
  readonly record?: string
}

/** What an answer that was founded on `gathered` asks for. */
export function grantOf(
  store: DecisionStoreUnderTest,
  subject: Subject | null,
  gathered: Gathered,
  wanted: Wanted = {},
): Grant {
  const decision = wanted.decision ?? nameDecision(store, subject)
  const { readAt: now, basis } = gathered
  const holds = (wanted.shown ?? [{}]).map((shown) => holdOf(decision, now, shown))
  return {
    ...{ subject, decision, now, basis, holds },
    request: wanted.request ?? null,
    checks: (wanted.caps ?? []).flatMap((policy) => checksOf(gathered, policy, holds)),
    takes: wanted.takes ?? [],
    returns: wanted.returns ?? [],
    record: Buffer.from(wanted.record ?? `of ${decision}`),
    keptUntil: now + 30 * DAY,
  }
}

/** Gathers and commits once. */
export async function ask(
  store: DecisionStoreUnderTest,
  subject: Subject | null,
  wanted?: Wanted,
): Promise<{ readonly grant: Grant; readonly granted: Granted }> {
  const grant = grantOf(store, subject, await store.gather(subject), wanted)
  return { grant, granted: await store.commit(grant) }
}

/** The same where it must be granted. */
export async function granted(
  store: DecisionStoreUnderTest,
  subject: Subject | null,
  wanted?: Wanted,
): Promise<Grant> {
  const { grant, granted: result } = await ask(store, subject, wanted)
  expect(result.result).toBe('granted')
  return grant
}

/** As a decision does: judges what was gathered, commits, and begins anew when it must. False: there is no room. */
export async function decideFor(
  store: DecisionStoreUnderTest,
  subject: Subject,
  policy: Cap,
  shown: Shown,
  tell: (refused: Granted['result']) => void = () => {},
): Promise<boolean> {
  for (;;) {
    const gathered = await store.gather(subject)
    const grant = grantOf(store, subject, gathered, { caps: [policy], shown: [shown] })
    if (overfilledCap(grant.checks, gathered.holds, gathered.readAt, new Set()) !== null) return false
    const { result } = await store.commit(grant)
    if (result === 'granted') return true
    tell(result)
  }
}

/** Tells one outcome of the first thing that a decision holds, at the store’s moment. */
export async function tell(
  store: DecisionStoreUnderTest,
  { decision, holds }: Grant,
  type: Outcome,
  given: { readonly at?: number; readonly placement?: string; readonly action?: string } = {},
): Promise<Became> {
  const { readAt } = await store.gather(null)
  const outcome = { type, at: given.at ?? readAt }
  const action = given.action ?? holds[0]!.contact.facts.action!
  const told = [{ decision, action, placement: given.placement, outcome }]
  const [became] = await store.recordOutcomes(told, readAt, HORIZON)
  return became!
}

/** Refs of what counts by the store’s clock, in order. */
export async function liveRefs(store: DecisionStoreUnderTest, subject: Subject): Promise<string[]> {
  const { holds, readAt } = await store.gather(subject)
  return holds
    .filter(({ contact }) => contact.heldUntil > readAt)
    .map(({ contact }) => contact.ref)
    .sort()
}

export const refsOf = ({ holds }: Grant) => holds.map(({ contact }) => contact.ref).sort()

/** A volume without an end. */
export const allowance = (volume: string, max: number, given: Partial<Allowance> = {}): Allowance => ({
  ...{ volume, period: 'total', allowed: max, max, endsAt: null },
  ...given,
})

export const unitOf = ({ volume, period }: Unit): Unit => ({ volume, period })
