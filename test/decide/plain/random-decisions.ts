import { buildCatalogue } from '../../../src/catalogue/build.ts'
import { gather } from '../../../src/decide/gather.ts'
import { parseWritten } from '../../../src/documents/read-document.ts'
import { sha256Hex } from '../../../src/domain/canonical-json.ts'
import type { Catalogue } from '../../../src/domain/catalogue.ts'
import type { Contact, ContactFacts } from '../../../src/domain/contact.ts'
import type { DecisionRequest } from '../../../src/domain/decision-request.ts'
import { compileFeatureSet } from '../../../src/domain/feature-set.ts'
import type { Hold } from '../../../src/domain/hold.ts'
import type { CustomerId, PlacementId } from '../../../src/domain/ids.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../../src/domain/profile.ts'
import { switchKey } from '../../../src/domain/run-time-state.ts'
import type { Situation } from '../../../src/domain/situation.ts'
import type { Gathered } from '../../../src/ports/customer-store.ts'
import type { Scorer } from '../../../src/ports/scorer.ts'
import { createRandom, type Random } from '../../../src/sample/random.ts'

const NOW = Date.parse('2026-11-01T09:00:00Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Features of which one is no number now and then. */
const FEATURES = compileFeatureSet({
  name: 'shop',
  version: '1',
  features: [
    { name: 'churn', type: 'float32', default: 0.5 },
    { name: 'visits', type: 'float32', default: 0 },
  ],
} as unknown as Parameters<typeof compileFeatureSet>[0])

/** A shop that uses nearly all there is, drawn anew for each number. */
export function randomCatalogue(number: number): Catalogue {
  const random = createRandom(77, number)
  const document = JSON.stringify(shopOf(random, 10 + random.below(60)))
  return buildCatalogue(parseWritten(document, 'shop.json', 'catalogue_invalid'), {
    features: new Set(FEATURES.indexOf.keys()),
  })
}

/** What holds nobody back. */
const ROOMY = [{ id: 'cd', per: 'customer', max: 1000, window: '24h' }]

function shopOf(random: Random, size: number): object {
  const isOne = (of: number) => random.chance(1, of)
  return {
    schema: 'emma/v1',
    defaults: { locale: 'en', timeZone: 'Europe/Berlin' },
    types: {
      customer: {
        country: 'string',
        age: 'number',
        member: 'bool',
        firstName: { type: 'string', default: '' },
      },
      context: { budget: { type: 'number', default: 10 }, intent: { type: 'string' } },
    },
    channels: {
      web: {},
      email: {
        direction: 'outbound',
        quietHours: { from: '22:00', to: isOne(3) ? '11:00' : '07:00', except: 'mandatory' },
      },
    },
    placements: [
      { id: 'home', channel: 'web', fallback: { a: 1 } },
      { id: 'strip', channel: 'web', allowRepeats: isOne(4) },
      { id: 'mail', channel: 'email' },
    ],
    purposes: { advertising: { basis: 'consent' }, care: { basis: 'legitimateInterest' } },
    exploration: random.oneOf([
      { method: 'greedy' },
      { method: 'epsilon', epsilon: 0.3 },
      { method: 'softmax', temperature: 0.5 },
      { method: 'thompson' },
    ]),
    experiments: isOne(3) ? { holdout: { share: 0.2 }, random: { share: 0.1, rotate: 'month' } } : {},
    arbitration: isOne(3)
      ? {
          contextWeights: [
            { when: 'context.budget > 5', where: { group: 'g-1' }, weight: 20 },
            { when: 'action.price < 40.0', where: { tier: 'marketing' }, weight: -30 },
          ],
        }
      : {},
    volumes: [{ id: 'v1', per: 'day', max: 5, where: { group: 'g-1' } }],
    contactPolicies: isOne(2)
      ? ROOMY
      : [
          { id: 'aw', per: 'action', max: 1 + random.below(3), window: '7d' },
          { id: 'cd', per: 'customer', max: 3 + random.below(20), window: '24h' },
          { id: 'gm', per: 'group', max: 2 + random.below(6), window: '30d', where: { tier: ['marketing'] } },
          { id: 'pl', per: 'placement', max: 2 + random.below(10), window: '24h' },
          { id: 'zero', per: 'action', max: 0, window: '1d', where: { action: 'a-3' } },
          {
            ...{ id: 'seen', per: 'action', suppressFor: '14d' },
            after: { outcome: 'impression', times: 2, within: '7d', without: 'click' },
          },
          { id: 'no', per: 'action', after: { outcome: 'reject' }, suppressFor: '90d' },
        ],
    blocks: [
      { id: 'old', tier: 'marketing', when: 'customer.age > 74.0' },
      ...(isOne(3) ? [{ id: 'churned', tier: 'retention', when: 'features.churn >= 0.9' }] : []),
    ],
    groups: Array.from({ length: 6 }, (_, i) => ({
      id: `g-${i}`,
      lever: isOne(3) ? 10 : 0,
      ...(isOne(2) ? { maxPerSlate: 1 + random.below(2) } : {}),
      ...(isOne(3) ? { eligibility: ruleOf(random) } : {}),
    })),
    actions: Array.from({ length: size }, (_, i) => actionOf(i, random)),
  }
}

/** Clauses and what is none, of what is there and what may be missing. */
function ruleOf(random: Random): string {
  const term = () =>
    random.oneOf([
      `customer.country ${random.oneOf(['==', '!='])} "${random.oneOf(['DE', 'AT'])}"`,
      `customer.age ${random.oneOf(['<', '<=', '>', '>=', '!='])} ${18 + 4 * random.below(15)}`,
      `features.churn < ${(1 + random.below(9)) / 10}`,
      `features.visits >= ${random.below(3)}.0`,
      `context.budget > ${random.below(12)}`,
      `context.intent != "return"`,
      'customer.member',
      'customer.member == false',
      `customer.age in [20.0, 30.0, 40.0]`,
      `(customer.age > 30 || context.budget < 5)`,
    ])
  return Array.from({ length: 1 + random.below(3) }, term).join(' && ')
}

function actionOf(i: number, random: Random): object {
  const isOne = (of: number) => random.chance(1, of)
  const tiers = ['marketing', 'marketing', 'marketing', 'retention', 'service', 'mandatory']
  const ofCandidate = `action.price < ${20 + random.below(90)}`
  return {
    id: `a-${i}`,
    group: `g-${random.below(6)}`,
    tier: random.oneOf(tiers.slice(0, i % 9 === 0 ? 6 : 5)),
    ...(isOne(9) ? { kind: 'activity' } : {}),
    ...(isOne(12) ? { status: 'inactive' } : {}),
    ...(isOne(9) ? { validity: { to: isOne(2) ? '2026-11-01T09:00:00Z' : '2026-11-01T09:20:00Z' } } : {}),
    value: isOne(9) ? 'customer.age * 0.1' : 1 + random.below(40),
    ...(isOne(3) ? { minPropensity: 0.02 } : {}),
    purpose: random.oneOf(['advertising', 'care']),
    attributes: { price: random.below(100) },
    ...(isOne(4) ? {} : { eligibility: isOne(3) ? `${ruleOf(random)} && ${ofCandidate}` : ruleOf(random) }),
    ...(isOne(5) ? { suitability: ruleOf(random) } : {}),
    ...(isOne(9) ? { applicability: 'live.stock > 0' } : {}),
    treatments: [
      {
        id: 't',
        for: isOne(2) ? ['home', 'mail', 'strip'] : ['home'],
        content: isOne(2)
          ? { en: { h: `x ${i}`, t: 'Hi {{ customer.firstName }}, {{ action.price }}' }, de: { h: 'y' } }
          : { en: { h: `${i}`, ...(isOne(4) ? { t: '{{ context.intent }} {{ live.stock }}' } : {}) } },
        ...(isOne(5) ? { needs: ['customer.firstName'] } : {}),
      },
      ...(isOne(4) ? [{ id: 'u', for: ['strip'], content: { de: { h: 'nur' } } }] : []),
    ],
  }
}

const STORE = {
  person: (id: string) => ({ key: id, bucket: 0 }),
  hmac: (text: string) => sha256Hex(text),
  addressKey: (address: string) => address,
  soldOut: () => new Set<string>(),
} as unknown as Parameters<typeof gather>[2]['store']

/** Somebody with some history, who asks for something. */
export function randomSituation(catalogue: Catalogue, number: number, of: number): Situation {
  const random = createRandom(1000 + of, number)
  const isOne = (among: number) => random.chance(1, among)
  const off = new Map(
    isOne(6)
      ? [
          random.oneOf([
            { kind: 'everything', id: '' } as const,
            { kind: 'group', id: 'g-2' } as const,
            { kind: 'action', id: 'a-4' } as const,
            { kind: 'channel', id: 'email' } as const,
          ]),
        ].map((one) => [switchKey(one), true] as const)
      : [],
  )
  const live = new Map(
    catalogue.actions.filter(() => isOne(2)).map(({ id }) => [id, { stock: random.below(3) }]),
  )
  return gather(requestOf(number, random), isOne(25) ? null : storedOf(catalogue, random), {
    catalogue,
    runTime: { position: null, state: { live, off } } as unknown as Situation['runTime'],
    store: STORE,
    now: NOW,
    newVisitor: () => 'nobody',
    unitsLeft: isOne(5) ? new Map([['v1', random.below(2)]]) : new Map(),
    canHold: !isOne(12),
  })
}

function requestOf(number: number, random: Random): DecisionRequest {
  const isOne = (among: number) => random.chance(1, among)
  const isMail = isOne(4)
  const slate = (placement: string, limit: number) => ({
    placement: placement as PlacementId,
    limit,
    kinds: isOne(8) ? (['offer'] as const) : undefined,
  })
  return {
    requestId: undefined,
    customer: isOne(9) ? undefined : (`c${number}` as CustomerId),
    sessionId: isOne(6) ? undefined : 's',
    channel: (isMail ? 'email' : 'web') as DecisionRequest['channel'],
    address: undefined,
    slates: isMail
      ? [slate('mail', 1 + random.below(3))]
      : isOne(2)
        ? [slate('home', 1 + random.below(5))]
        : [slate('strip', 2), slate('home', 3)],
    context: { ...(isOne(2) ? { budget: random.below(15) } : {}), ...(isOne(2) ? { intent: 'return' } : {}) },
    locale: isOne(4) ? 'de' : undefined,
    include: isOne(12) ? (['a-1', 'a-2', 'a-5'] as unknown as DecisionRequest['include']) : undefined,
    exclude: (isOne(8) ? ['a-1'] : []) as unknown as DecisionRequest['exclude'],
    mode: 'live',
    at: undefined,
    contactAt: undefined,
    reserve: 'hold',
    deadlineMs: undefined,
    explain: random.oneOf(['none', 'none', 'none', 'codes', 'full']),
  } as DecisionRequest
}

function storedOf(catalogue: Catalogue, random: Random): Gathered {
  const isOne = (among: number) => random.chance(1, among)
  const known = new Map<string, ContactFacts>()
  const facts = (): ContactFacts => {
    const { id, group, tier, kind } = random.oneOf(catalogue.actions)
    const channel = random.oneOf(['web', 'email'])
    const placement = channel === 'email' ? 'mail' : random.oneOf(['home', 'strip'])
    const key = `${id} ${placement}`
    const one = known.get(key) ?? { channel, placement, action: id, group, tier, kind }
    known.set(key, one)
    return one
  }
  const contacts = Array.from({ length: isOne(3) ? 0 : random.below(40) }, (_, i): Contact => {
    const at = NOW - (random.below(60 * 24) * HOUR_MS) / (1 + random.below(10))
    const type = random.oneOf(['impression', 'impression', 'click', 'reject', 'notShown', 'bounced'] as const)
    const outcomes: Contact['outcomes'][number][] = isOne(3) ? [] : [{ type, at: at + 1000 }]
    if (isOne(5)) outcomes.push({ type: 'later', at: at + 2000, until: NOW + random.below(5) * DAY_MS })
    return { facts: facts(), ref: `r${i}`, at, heldUntil: null, outcomes }
  }).sort((a, b) => a.at - b.at)
  const days = Array.from({ length: isOne(4) ? random.below(5) : 0 }, (_, i) => ({
    facts: facts(),
    day: Math.floor(NOW / DAY_MS) - 93 - i * 3,
    contacts: 1 + random.below(3),
    outcomes: new Map([['impression', 1] as const]),
  })).sort((a, b) => a.day - b.day)
  const visit = sha256Hex('visit\ns').slice(0, 16)
  const holds = Array.from({ length: random.below(8) }, (_, i): Hold => {
    const of = facts()
    const at = NOW - random.below(25) * 60_000
    return {
      contact: { facts: of, ref: `h${i}`, at, heldUntil: at + 1_800_000, outcomes: [] },
      session: isOne(4) ? (isOne(2) ? null : 'ffffffffffffffff') : visit,
      confirmOn: 'impression',
      units: of.group === 'g-1' ? [{ volume: 'v1', period: '2026-11-01' }] : [],
    }
  })
  const said = (purpose: string, state: 'granted' | 'refused', channel: string | null = null) => ({
    ...{ purpose, channel, address: null, state, at: NOW - DAY_MS, toldAt: NOW },
  })
  return {
    ...NOTHING_STORED,
    profile: {
      ...EMPTY_PROFILE,
      attributes: {
        ...(isOne(9) ? {} : { country: random.oneOf(['DE', 'DE', 'AT']) }),
        // A catalogue may have changed its mind on a type.
        ...(isOne(9) ? {} : { age: isOne(20) ? '40' : 18 + 4 * random.below(15) }),
        ...(isOne(3) ? {} : { member: isOne(2) }),
        ...(isOne(3) ? {} : { firstName: 'Ann' }),
      },
      consents: [
        ...(isOne(6) ? [] : [said('advertising', 'granted')]),
        ...(isOne(9) ? [said('care', 'refused', 'web')] : []),
        said('personalisation', isOne(9) ? 'refused' : 'granted'),
      ],
      preferences: isOne(3)
        ? {
            pace: [{ channel: 'web', max: 1 + random.below(4), window: '7d' }],
            refusedTopics: isOne(3) ? ['g-2'] : [],
            ...(isOne(4) ? { pauses: [{ channel: 'email' }] } : {}),
          }
        : {},
      updatedAt: NOW,
    },
    ledger: { contacts, days },
    holds,
    featureSet: isOne(9) ? null : FEATURES,
    vector: isOne(5) ? null : Float32Array.of(isOne(9) ? Number.NaN : random.below(10) / 10, random.below(4)),
    readAt: NOW,
    basis: { record: '', holds: '' },
  } as Gathered
}

/** Answers something else for each action, with little behind some of it. */
export const SCORER: Scorer = {
  version: 'fixed',
  fits() {},
  score: (_situation, positions) => ({
    propensity: Float32Array.from(positions, (position) => 0.001 + ((position * 7919) % 97) / 1000),
    evidence: Float64Array.from(positions, (position) => (position * 31) % 500),
  }),
}
