import { readdirSync, readFileSync } from 'node:fs'
import type { Attributes } from '../../src/domain/attributes.ts'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import type { Contact, ContactDay, ContactFacts, ContactLedger } from '../../src/domain/contact.ts'
import { DAY_MS } from '../../src/domain/contact.ts'
import type { Decision } from '../../src/domain/decision.ts'
import type { Arm } from '../../src/domain/experiment.ts'
import type { Language } from '../../src/domain/language.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Preferences } from '../../src/domain/preferences.ts'
import { EMPTY_PROFILE } from '../../src/domain/profile.ts'
import { changeText, reasonText, type Telling } from '../../src/domain/reason-text.ts'
import type { RunTime } from '../../src/domain/run-time.ts'
import { type ActionLive, type Switch, switchKey } from '../../src/domain/run-time-state.ts'
import type { DegradedCode } from '../../src/domain/situation.ts'
import { wireNumber } from '../../src/domain/wire-number.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeFakeScorer, scorerThat } from './fake-scorer.ts'
import { FEATURE_SET, makeFakeStore } from './fake-store.ts'
import { makeCatalogue } from './make-catalogue.ts'
import { ask, makeHouse, type Question } from './make-house.ts'

/** One golden decision: a small catalogue, what the model says, a question, and the whole answer in words. */
export interface Case {
  readonly story: string
  readonly catalogue: { readonly actions: readonly object[] }
  /** Propensity by action; without it there is no model, only the prior. */
  readonly scores?: Readonly<Record<string, number>>
  /** Observations behind the propensities, by action; without it the model says nothing of them. */
  readonly evidence?: Readonly<Record<string, number>>
  /** What a challenger says, where the catalogue names one; without it the challenger cannot serve. */
  readonly challenger?: Readonly<Record<string, number>>
  readonly now: string
  /** Language of the reasons; English unless told otherwise. */
  readonly language?: Language
  /** Attributes of the customer who asks, and his features by name. */
  readonly knows?: Attributes
  readonly features?: Readonly<Record<string, number>>
  /** What he agreed to or refused, what he wishes, what he was shown. Of a visitor: what his session remembers. */
  readonly said?: readonly Said[]
  readonly wishes?: Wishes
  readonly history?: readonly WrittenContact[]
  readonly days?: readonly WrittenDay[]
  /** What was said of addresses, whoever said it. */
  readonly addresses?: Readonly<Record<string, readonly Said[]>>
  /** Run-time state: live values by action, and what is switched off by kind and id. */
  readonly told?: { readonly live?: Readonly<Record<string, ActionLive>>; readonly off?: readonly Switch[] }
  /** How many units are left, by volume; plenty where nothing is said. */
  readonly unitsLeft?: Readonly<Record<string, number>>
  /** True when the store, or the model, does not answer. */
  readonly storeFails?: boolean
  readonly modelFails?: boolean
  /** A customer of null is a visitor without a name; `contactAt` is a time. */
  readonly request: Omit<Question, 'contactAt'> & { readonly contactAt?: string }
  readonly expected: Expected
}

interface Expected {
  readonly slates: Readonly<Record<string, { status: string; code?: string; shows: readonly string[] }>>
  readonly notBefore?: string
  readonly personalised?: false
  /** Where it is not that of everybody. */
  readonly arm?: Arm
  /** By placement, where anything was left to chance: of each item, given what is shown before it. */
  readonly chances?: Readonly<Record<string, readonly number[]>>
  readonly ghosts?: Readonly<Record<string, readonly string[]>>
  /** Where levers changed something: what propensity and context alone choose, and what each lever costs. */
  readonly customerFirst?: Readonly<Record<string, readonly string[]>>
  readonly push?: Readonly<Record<string, string>>
  readonly reasons: Readonly<Record<string, readonly string[]>>
  readonly changes?: Readonly<Record<string, readonly string[]>>
  readonly degraded: readonly DegradedCode[]
}

type Said = Partial<Pick<ConsentStatement, 'purpose' | 'channel' | 'address'>> &
  Pick<ConsentStatement, 'state'> & { readonly at?: string; readonly toldAt?: string }
type Wishes = Omit<Preferences, 'pauses'> & {
  readonly pauses?: readonly { readonly channel?: string; readonly until?: string }[]
}
interface WrittenContact extends Partial<ContactFacts> {
  readonly at: string
  readonly heldUntil?: string
  /** Outcomes with their times; “later” may name until when. */
  readonly then?: readonly { readonly type: Outcome; readonly at: string; readonly until?: string }[]
}
interface WrittenDay extends Partial<ContactFacts> {
  readonly day: string
  readonly contacts: number
  readonly outcomes?: Partial<Record<Outcome, number>>
}

const FOLDER = new URL('../cases/', import.meta.url)

/** Every case with the name of its file. */
export const CASES = readdirSync(FOLDER)
  .sort()
  .map((file): [string, Case] => [file, JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))])

export async function decideCase(one: Case): Promise<Decision> {
  const {
    catalogue,
    scores,
    evidence,
    challenger,
    now,
    storeFails = false,
    modelFails = false,
    request,
    told,
  } = one
  const { actions, ...more } = catalogue
  const person = personOf(one)
  const store = makeFakeStore({
    broken: storeFails,
    unitsLeft: one.unitsLeft ?? {},
    ...(person === undefined ? {} : { customers: { 'c-1': person }, sessions: { 's-1': person } }),
    addresses: Object.fromEntries(
      Object.entries(one.addresses ?? {}).map(([address, said]) => [address, said.map(toStatement)]),
    ),
  })
  const decide = makeHouse(makeCatalogue(actions, more), {
    scorer: modelFails
      ? failingScorer
      : scores === undefined
        ? priorScorer
        : makeFakeScorer(scores, 0.02, evidence ?? null),
    challenger: challenger === undefined ? null : makeFakeScorer(challenger),
    store,
    runTime: runTimeOf(told),
    now: Date.parse(now),
  })
  const { contactAt, ...question } = request
  return decide(
    ask({
      ...question,
      ...(contactAt === undefined ? {} : { contactAt: Date.parse(contactAt) }),
      ...(request.customer === null ? { customer: undefined } : {}),
    }),
  )
}

const failingScorer = scorerThat(() => {
  throw new Error('the model failed')
})

/** Undefined of somebody of whom nothing is stored. */
function personOf({ knows, features, said, wishes, history, days }: Case) {
  const told = [knows, features, said, wishes, history, days]
  if (told.every((part) => part === undefined)) return undefined
  const { pauses, ...others } = wishes ?? {}
  const profile = {
    ...EMPTY_PROFILE,
    attributes: knows ?? {},
    consents: (said ?? []).map(toStatement),
    preferences: {
      ...others,
      ...(pauses === undefined ? {} : { pauses: pauses.map(toPause) }),
    },
  }
  const vector = features === undefined ? null : vectorOf(features)
  return { profile, vector, ledger: ledgerOf(history ?? [], days ?? []) }
}

function vectorOf(features: Readonly<Record<string, number>>): Float32Array {
  const vector = FEATURE_SET.defaults.slice()
  for (const [name, value] of Object.entries(features)) vector[FEATURE_SET.indexOf.get(name)!] = value
  return vector
}

function toPause({ channel, until }: { readonly channel?: string; readonly until?: string }) {
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  }
}

function toStatement({
  purpose = null,
  channel = null,
  address = null,
  state,
  at,
  toldAt = at,
}: Said): ConsentStatement {
  return {
    purpose,
    channel,
    // A case writes the address itself; the store would only have its key.
    address: address === null ? null : makeFakeStore().addressKey(address),
    state,
    at: at === undefined ? null : Date.parse(at),
    toldAt: toldAt === undefined ? 0 : Date.parse(toldAt),
  }
}

function ledgerOf(history: readonly WrittenContact[], days: readonly WrittenDay[]): ContactLedger {
  return {
    contacts: history.map(
      ({ at, heldUntil, then = [], ...facts }, i): Contact => ({
        facts: toFacts(facts),
        ref: `${i}`,
        at: Date.parse(at),
        heldUntil: heldUntil === undefined ? null : Date.parse(heldUntil),
        outcomes: then.map(({ type, at: cameAt, until }) => ({
          type,
          at: Date.parse(cameAt),
          ...(until === undefined ? {} : { until: Date.parse(until) }),
        })),
      }),
    ),
    days: days.map(
      ({ day, contacts, outcomes = {}, ...facts }): ContactDay => ({
        facts: toFacts(facts),
        day: Date.parse(day) / DAY_MS,
        contacts,
        outcomes: new Map(Object.entries(outcomes) as [Outcome, number][]),
      }),
    ),
  }
}

function toFacts(facts: Partial<ContactFacts>): ContactFacts {
  return {
    channel: 'web',
    placement: undefined,
    action: undefined,
    group: undefined,
    tier: 'marketing',
    kind: 'offer',
    ...facts,
  }
}

function runTimeOf({ live = {}, off = [] }: NonNullable<Case['told']> = {}): RunTime {
  const state = { live: new Map(Object.entries(live)), off: new Map(off.map((one) => [switchKey(one), 0])) }
  return { position: null, state }
}

function chancesIn(slates: Decision['slates']): Pick<Expected, 'chances'> {
  const drawn = slates.filter(({ items }) => items.some((item) => item.selectionProbability !== 1))
  if (drawn.length === 0) return {}
  const chances = drawn.map(({ placement, items }) => [
    placement.id,
    items.map((item) => wireNumber(item.selectionProbability)),
  ])
  return { chances: Object.fromEntries(chances) }
}

function ghostsIn({ ghosts }: Decision): Pick<Expected, 'ghosts'> {
  if (ghosts.length === 0) return {}
  const shown = ghosts.map(({ placement, items }) => [placement.id, items.map(({ action }) => action.id)])
  return { ghosts: Object.fromEntries(shown) }
}

function pushIn({ customerFirst }: Decision): Pick<Expected, 'customerFirst' | 'push'> {
  if (customerFirst === null || customerFirst.push.levers.length === 0) return {}
  const { placements, push } = customerFirst
  return {
    customerFirst: Object.fromEntries(
      placements.map(({ placement, actions }) => [placement.id, actions.map(({ id }) => id)]),
    ),
    push: Object.fromEntries(
      push.levers.map(({ lever, propensity, margin }) => [
        lever,
        `propensity ${wireNumber(propensity)}, margin ${wireNumber(margin)}`,
      ]),
    ),
  }
}

export function inWords(decision: Decision, language: Language = 'en'): Expected {
  const { slates, verdicts, degraded } = decision
  const telling: Telling = { ...decision.telling, language }
  const notBefore = slates.flatMap((slate) => slate.notBefore ?? [])
  const changes = verdicts.filter((verdict) => verdict.changes.length > 0)
  const nameOf = ({ action, placement }: (typeof verdicts)[number]) => `${action.id} in ${placement.id}`
  return {
    slates: Object.fromEntries(
      slates.map(({ placement, status, code, items }) => [
        placement.id,
        {
          status,
          ...(code === undefined ? {} : { code }),
          shows: items.map(({ action, locale, content }) => `${action.id} (${locale}): ${content}`),
        },
      ]),
    ),
    ...(notBefore.length === 0 ? {} : { notBefore: new Date(Math.min(...notBefore)).toISOString() }),
    ...(decision.personalised ? {} : { personalised: false }),
    ...(decision.arm === 'champion' || decision.arm === 'none' ? {} : { arm: decision.arm }),
    ...chancesIn(slates),
    ...ghostsIn(decision),
    ...pushIn(decision),
    reasons: Object.fromEntries(
      verdicts.map((verdict) => [
        nameOf(verdict),
        [verdict.status, ...verdict.reasons.map((reason) => reasonText(reason, telling))],
      ]),
    ),
    ...(changes.length === 0
      ? {}
      : {
          changes: Object.fromEntries(
            changes.map((verdict) => [
              nameOf(verdict),
              verdict.changes.map((change) => changeText(change, telling)),
            ]),
          ),
        }),
    degraded,
  }
}
