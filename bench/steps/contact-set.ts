import {
  type Contact,
  type ContactFacts,
  type ContactLedger,
  type ContactOutcome,
  DAY_MS,
  EMPTY_LEDGER,
} from '../../src/domain/contact.ts'
import { compactLedger } from '../../src/domain/ledger.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { EMPTY_PROFILE, NOTHING_STORED, type StoredCustomer } from '../../src/domain/profile.ts'
import type { Tier } from '../../src/domain/tier.ts'
import { createRandom, type Random } from '../../src/sample/random.ts'
import { NOW } from './situation.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** Of the catalogue: how long contacts are remembered. */
const HORIZON_MS = 400 * DAY_MS
/** So that a group has more of the actions, and not that there are more groups, when there are more actions. */
const GROUPS = 23

const ADVERTISING: readonly Tier[] = ['retention', 'marketing']

/** The cap whose window reaches into what is kept by the day. */
export const LONG_CAP = 'group-half-year'

/** What a company agreed on contacts: ten caps over windows of a day to half a year, and two silences. */
export const POLICIES = [
  { id: 'mail-day', where: { channel: 'email', tier: 'marketing' }, per: 'customer', max: 1, window: '24h' },
  { id: 'mail-week', where: { channel: 'email', tier: ADVERTISING }, per: 'customer', max: 4, window: '7d' },
  { id: 'quarter', where: { tier: 'marketing' }, per: 'customer', max: 380, window: '90d' },
  { id: 'action-week', where: { tier: ADVERTISING }, per: 'action', max: 2, window: '7d' },
  { id: 'action-quarter', where: { tier: ADVERTISING }, per: 'action', max: 10, window: '90d' },
  { id: 'group-week', where: { tier: ADVERTISING }, per: 'group', max: 4, window: '7d' },
  { id: LONG_CAP, where: { tier: ADVERTISING }, per: 'group', max: 24, window: '180d' },
  { id: 'channel-month', per: 'channel', max: 30, window: '30d' },
  { id: 'place-day', per: 'placement', max: 2, window: '24h' },
  { id: 'tier-week', where: { tier: ADVERTISING }, per: 'tier', max: 45, window: '7d' },
  {
    id: 'seen-enough',
    where: { tier: ADVERTISING },
    per: 'action',
    after: { outcome: 'impression', times: 3, within: '7d', without: 'click' },
    suppressFor: '14d',
  },
  { id: 'said-no', per: 'action', after: { outcome: 'reject' }, suppressFor: '90d' },
] as const

const PURPOSES = {
  advertising: { basis: 'consent' },
  care: { basis: 'legitimateInterest' },
  delivery: { basis: 'contract' },
  duty: { basis: 'legalObligation' },
} as const

const PURPOSE_OF: Readonly<Record<Tier, keyof typeof PURPOSES>> = {
  mandatory: 'duty',
  service: 'delivery',
  retention: 'care',
  marketing: 'advertising',
}

const NIGHT = {
  from: '21:00',
  to: '08:00',
  timeZones: ['Europe/Berlin', 'Europe/Lisbon'],
  except: 'mandatory',
} as const

/** Of a hundred actions 1 is mandatory, 9 are service, 20 retention, the others marketing. */
function tierOf(position: number): Tier {
  const place = position % 100
  if (place === 0) return 'mandatory'
  return place % 10 === 0 ? 'service' : place % 10 < 3 ? 'retention' : 'marketing'
}

const idOf = (position: number) => `a-${String(position).padStart(5, '0')}`
const groupOf = (position: number) => `g-${position % GROUPS}`

/** `count` actions that play in an e-mail and on a page, without rules; with all that is agreed on contacts, or nothing. */
export function contactDocument(count: number, isAgreed: boolean): object {
  const actions = Array.from({ length: count }, (_, position) => {
    const tier = tierOf(position)
    const treatments = [{ id: 'text', for: ['mail', 'hero'], content: { de: `Text ${position}` } }]
    const base = { id: idOf(position), tier, group: groupOf(position), treatments }
    return isAgreed ? { ...base, purpose: PURPOSE_OF[tier] } : base
  })
  const email = { direction: 'outbound', ...(isAgreed ? { quietHours: NIGHT } : {}) }
  return {
    schema: 'emma/v1',
    defaults: { locale: 'de', timeZone: 'Europe/Berlin' },
    channels: { email, web: {} },
    placements: [
      { id: 'mail', channel: 'email' },
      { id: 'hero', channel: 'web' },
    ],
    actions,
    ...(isAgreed ? { purposes: PURPOSES, contactPolicies: POLICIES } : {}),
  }
}

/** How long a history is, and how much of it became days. */
export interface LedgerKind {
  readonly id: 'empty' | 'short' | 'long' | 'days'
  readonly name: string
  readonly contacts: number
  readonly byDay: number
  readonly mails: number
  /** The days before now over which the others are spread. */
  readonly days: number
  /** Different actions that they were about, at most. */
  readonly favourites: number
}

export const LEDGERS: readonly LedgerKind[] = [
  { id: 'empty', name: '0', contacts: 0, byDay: 0, mails: 0, days: 0, favourites: 0 },
  { id: 'short', name: '20', contacts: 20, byDay: 0, mails: 8, days: 30, favourites: 6 },
  { id: 'long', name: '500', contacts: 500, byDay: 0, mails: 30, days: 90, favourites: 60 },
  {
    id: 'days',
    name: '500, of which 300 by day',
    contacts: 500,
    byDay: 300,
    mails: 50,
    days: 90,
    favourites: 60,
  },
]

/** A customer’s history with a shop of `actions` actions, compacted as the store compacts it. */
export function ledgerOf(kind: LedgerKind, person: number, actions: number): ContactLedger {
  if (kind.contacts === 0) return EMPTY_LEDGER
  const random = createRandom(20_261_201, person)
  const contacts = Array.from({ length: kind.contacts }, (_, i) => {
    // Some are liked more than others: the smaller of two draws.
    const favourite = Math.min(random.below(kind.favourites), random.below(kind.favourites))
    const position = (person * 131 + favourite * 379) % actions
    return contactAt(
      i,
      momentOf(i < kind.byDay ? OLD : { from: 1, days: kind.days }, random),
      factsOf(position, isMail(i, kind)),
      random,
    )
  }).sort((a, b) => a.at - b.at)
  const ledger = compactLedger({ contacts, days: [] }, NOW, HORIZON_MS)
  const inDays = ledger.days.reduce((sum, day) => sum + day.contacts, 0)
  if (ledger.contacts.length !== kind.contacts - kind.byDay || inDays > kind.byDay)
    throw new Error(`a ledger of ${ledger.contacts.length} contacts and ${inDays} by day`)
  return ledger
}

/** Evenly among the others. */
function isMail(i: number, { contacts, mails }: LedgerKind): boolean {
  return Math.floor(((i + 1) * mails) / contacts) > Math.floor((i * mails) / contacts)
}

/** Days before now: what is kept by day only, and is no older than the horizon. */
const OLD = { from: 100, days: 280 }

/** Noon of a day, give or take some hours, so that what came of it came on the same day. */
function momentOf({ from, days }: typeof OLD, random: Random): number {
  const daysAgo = from + random.below(days)
  const noon = Math.floor(NOW / DAY_MS) * DAY_MS + DAY_MS / 2
  return noon - daysAgo * DAY_MS + random.below(16 * 60) * MINUTE_MS - 8 * HOUR_MS
}

const allFacts = new Map<string, ContactFacts>()

/** One object for all contacts that were about the same, as the store gives them. */
function factsOf(position: number, isMail: boolean): ContactFacts {
  const key = `${position} ${isMail}`
  const facts = allFacts.get(key) ?? {
    channel: isMail ? 'email' : 'web',
    placement: isMail ? 'mail' : 'hero',
    action: idOf(position),
    group: groupOf(position),
    tier: tierOf(position),
    kind: 'offer',
  }
  allFacts.set(key, facts)
  return facts
}

function contactAt(i: number, at: number, facts: ContactFacts, random: Random): Contact {
  const outcomes: ContactOutcome[] = []
  const add = (type: Outcome, afterMs: number) => outcomes.push({ type, at: at + afterMs })
  if (random.chance(2, 100)) add(facts.channel === 'email' ? 'bounced' : 'notShown', 1000)
  else if (random.chance(facts.channel === 'email' ? 40 : 80, 100)) {
    add('impression', 2000)
    if (random.chance(10, 100)) add('click', MINUTE_MS)
    if (random.chance(2, 100)) add('reject', 2 * MINUTE_MS)
  }
  return { facts, ref: `r-${i}`, at, heldUntil: null, outcomes }
}

/** Of eight customers one refused advertising; the others agreed to it by e-mail. All wished something. */
export function storedOf(person: number, ledger: ContactLedger): StoredCustomer {
  const said = (
    purpose: string | null,
    channel: string | null,
    state: 'granted' | 'refused',
    days: number,
  ) => {
    const at = NOW - days * DAY_MS
    return { purpose, channel, address: null, state, at, toldAt: at }
  }
  const consents = [
    said('personalisation', null, 'granted', 300),
    said('advertising', 'email', 'granted', 300),
    said('advertising', 'web', 'refused', 200),
    said('care', null, 'granted', 100),
    ...(person % 8 === 0 ? [said('advertising', 'email', 'refused', 20)] : []),
  ]
  const preferences = {
    timeZone: 'Europe/Vienna',
    pace: [{ channel: 'email', max: 6, window: '14d' }],
    refusedTopics: person % 3 === 0 ? [groupOf(person)] : [],
  }
  return { ...NOTHING_STORED, profile: { ...EMPTY_PROFILE, preferences, consents, updatedAt: NOW }, ledger }
}

/** Of whom nothing is known, and nobody agreed anything with. */
export const STRANGER: StoredCustomer = { ...NOTHING_STORED, profile: { ...EMPTY_PROFILE, updatedAt: NOW } }
