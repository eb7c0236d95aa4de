import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeDecide } from '../../../src/decide/decide.ts'
import { makeNameDecision } from '../../../src/decide/name-decision.ts'
import type { ContactFacts } from '../../../src/domain/contact.ts'
import { type CapPolicy, countedUnder, fits, isCap } from '../../../src/domain/contact-policy.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import type { Hold } from '../../../src/domain/hold.ts'
import { NO_RUN_TIME } from '../../../src/domain/run-time.ts'
import { priorScorer } from '../../../src/scoring/prior-scorer.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, NOW } from '../make-house.ts'
import { type GrantedFrom, makeMemoryStore, type State } from './memory-store.ts'

const fake = makeFakeStore()
const HOUR = 3_600_000
const ACTIONS = ['boots', 'scarf', 'gloves', 'recall', 'advice', 'hat']
const PLACEMENTS = ['hero', 'side', 'top']
const WINDOWS = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '72h': 72 * HOUR } as const
const windows = Object.keys(WINDOWS) as (keyof typeof WINDOWS)[]

const anyCap = fc.record({
  per: fc.constantFrom('customer', 'action', 'group', 'channel', 'placement', 'tier'),
  max: fc.integer({ min: 0, max: 4 }),
  window: fc.constantFrom(...windows),
  where: fc.constantFrom(
    undefined,
    { tier: 'marketing' },
    { tier: ['marketing', 'mandatory'] },
    { group: 'feet' },
    { placement: ['hero', 'side'] },
  ),
})
const anyShop = fc.record({
  caps: fc.array(anyCap, { minLength: 1, maxLength: 4 }),
  orders: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 })),
  holdFor: fc.constantFrom('10m', '2h', '100h'),
  pace: fc.array(fc.record({ max: fc.integer({ min: 0, max: 3 }), window: fc.constantFrom(...windows) }), {
    maxLength: 1,
  }),
})
const anyQuestion = fc.record({
  slates: fc
    .shuffledSubarray(PLACEMENTS, { minLength: 1 })
    .chain((ids) => fc.tuple(...ids.map((id) => fc.tuple(fc.constant(id), fc.integer({ min: 1, max: 3 }))))),
  sessionId: fc.constantFrom(undefined, 'v-1', 'v-1', 'v-2'),
  later: fc.constantFrom(0, 0, 0, HOUR, 5 * HOUR, 30 * HOUR),
  include: fc.subarray(ACTIONS, { minLength: 2 }),
})
type Question = typeof anyQuestion extends fc.Arbitrary<infer Asked> ? Asked : never
const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      questions: fc.array(anyQuestion, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('tell' as const),
      which: fc.nat({ max: 40 }),
      type: fc.constantFrom('impression' as const, 'notShown' as const, 'click' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(60_000, HOUR, 9 * HOUR, 26 * HOUR),
    }),
  },
)

function shopOf({
  caps,
  orders,
  holdFor,
}: {
  caps: readonly object[]
  orders: readonly number[]
  holdFor: string
}) {
  const everywhere = { in: PLACEMENTS }
  return makeCatalogue(
    [
      action('boots', { ...everywhere, group: 'feet' }),
      action('scarf', everywhere),
      action('gloves', everywhere),
      action('hat', { ...everywhere, group: 'feet' }),
      action('recall', { ...everywhere, tier: 'mandatory' }),
      action('advice', { ...everywhere, tier: 'service' }),
    ],
    {
      channels: { web: { holdFor } },
      groups: [{ id: 'feet' }],
      placements: PLACEMENTS.map((id, i) => ({ id, channel: 'web', order: orders[i] })),
      contactPolicies: caps.map((cap, i) => ({ id: `cap-${i}`, ...cap })),
    },
  )
}

type Counted = { readonly facts: ContactFacts; readonly at: number }

/** How many contacts the fullest window holds that a contact at `at` would share: every window tried, one by one. */
function fullest(contacts: readonly Counted[], cap: CapPolicy, facts: ContactFacts, at: number): number {
  const key = countedUnder(cap.per, facts)
  const times = contacts
    .filter((one) => fits(cap.where, one.facts) && countedUnder(cap.per, one.facts) === key)
    .map((one) => one.at)
  const starts = [at, at - cap.windowMs + 1, ...times].filter(
    (start) => start <= at && at < start + cap.windowMs,
  )
  return Math.max(
    ...starts.map((start) => times.filter((time) => time >= start && time < start + cap.windowMs).length),
  )
}

const counted = ({ holds, ledger }: State, without: ReadonlySet<string> = new Set()): Counted[] => [
  ...ledger.contacts,
  ...holds.filter(({ contact }) => !without.has(contact.ref)).map(({ contact }) => contact),
]

it('caps are never over for what is shown, what is held is what is shown, and nothing is capped that has room', async () => {
  const seen = { shown: 0, capped: 0, beside: 0, contended: 0, renewed: 0, rerun: 0 }
  await fc.assert(
    fc.asyncProperty(anyShop, fc.array(anyStep, { minLength: 3, maxLength: 14 }), async (shop, steps) => {
      const catalogue = shopOf(shop)
      const caps = [...catalogue.plays.values()]
        .flat()
        .flatMap(({ policies }) => policies)
        .filter(isCap)
      const pace = shop.pace.map(({ max, window }) => ({ id: 'pace', max, window }))
      const policies: CapPolicy[] = [
        ...new Set(caps),
        ...pace.map(
          (one): CapPolicy => ({
            ...one,
            per: 'customer',
            where: { tier: new Set(['retention', 'marketing']) },
            windowMs: WINDOWS[one.window],
          }),
        ),
      ]
      const memory = makeMemoryStore(NOW, { pace })
      let named = 0
      const uuid = () => `019a3e4c-0000-7000-8000-${String(named++).padStart(12, '0')}`
      const house = () =>
        makeDecide({
          newVisitor: () => 'somebody',
          serving: () => ({
            catalogue,
            runTime: NO_RUN_TIME,
            scorer: makeFakeScorer(),
            challenger: null,
            degraded: [],
          }),
          store: memory.store,
          prior: priorScorer,
          clock: () => memory.state().now,
          startDeadline: () => ({ within: (work) => work, isOver: () => false, end: () => {} }),
          deadlineMs: 50,
          onTrouble: (error) => {
            throw error
          },
          onDecided: () => {},
          onCommit: (result) => {
            if (result !== 'granted') seen.rerun++
          },
          nameDecision: makeNameDecision(memory.store, uuid),
        })
      // Two processes: within one, decisions of a customer wait for one another.
      const houses = [house(), house()]
      for (const step of steps) {
        if (step.do === 'pass') memory.pass(step.ms)
        else if (step.do === 'tell') memory.tell(step.which, step.type)
        else {
          const decisions = await Promise.all(
            step.questions.map(({ slates, later, ...question }, i) =>
              houses[i % 2]!(
                ask({
                  ...question,
                  slates: Object.fromEntries(slates),
                  ...(later === 0 ? {} : { contactAt: memory.state().now + later }),
                }),
              ),
            ),
          )
          for (const [i, decision] of decisions.entries()) check(decision, step.questions[i]!, policies)
        }
      }

      function check(decision: Decision, question: Question, all: readonly CapPolicy[]): void {
        const from = memory.granted.find(({ grant }) => grant.decision === decision.id)
        const shown = [...decision.slates]
          .sort((a, b) => a.placement.order - b.placement.order)
          .flatMap(({ placement, items }) => items.map((item) => `${placement.id}/${item.action.id}`))
        if (from === undefined) {
          expect(decision.degraded).toEqual(['contended'])
          seen.contended++
          return
        }
        const holdOf = new Map(from.grant.holds.map((hold) => [nameOf(hold), hold]))
        expect([...holdOf.keys()].sort()).toEqual([...shown].sort())
        neverOver(shown, holdOf, from, all)
        tight(decision, question, from, all)
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
  for (const [what, count] of Object.entries(seen))
    if (what !== 'contended') expect(count, what).toBeGreaterThan(20)

  function neverOver(
    shown: readonly string[],
    holdOf: ReadonlyMap<string, Hold>,
    { before }: GrantedFrom,
    all: readonly CapPolicy[],
  ) {
    const renewed = new Set<string>()
    const added: Counted[] = []
    for (const name of shown) {
      const { contact } = holdOf.get(name)!
      if (before.holds.some((hold) => hold.contact.ref === contact.ref)) {
        renewed.add(contact.ref)
        seen.renewed++
      }
      added.push(contact)
      seen.shown++
      if (contact.facts.tier === 'mandatory') continue
      const others = [...counted(before, renewed), ...added]
      for (const cap of all.filter(
        (one) => fits(one.where, contact.facts) && countedUnder(one.per, contact.facts) !== undefined,
      ))
        expect(
          fullest(others, cap, contact.facts, contact.at),
          `${name} under ${cap.id}`,
        ).toBeLessThanOrEqual(cap.max)
    }
  }

  function tight(
    decision: Decision,
    { sessionId, later }: Question,
    { grant, gathered }: GrantedFrom,
    all: readonly CapPolicy[],
  ) {
    const visit = sessionId === undefined ? null : fake.hmac(`visit\n${sessionId}`).slice(0, 16)
    for (const { action: of, placement, reasons } of decision.verdicts) {
      const { id: name, group, tier, kind } = of
      const facts: ContactFacts = { channel: 'web', placement: placement.id, action: name, group, tier, kind }
      const own = gathered.holds
        .filter(
          (hold) => visit !== null && hold.session === visit && nameOf(hold) === `${placement.id}/${name}`,
        )
        .map(({ contact }) => contact.ref)
        // Two processes may each have taken one for the same visit at the same moment: one of them is renewed.
        .slice(-1)
      for (const { code, values } of reasons) {
        if (code !== 'capped' && code !== 'capped_by_answer' && code !== 'pace_reached') continue
        const isBeside = code === 'capped_by_answer'
        const beside = isBeside ? grant.holds.map(({ contact }) => contact) : []
        const renewed = new Set([...own, ...beside.map(({ ref }) => ref)])
        const at = gathered.now + later
        const others = [...counted(gathered, renewed), ...beside, { facts, at }]
        const id = typeof values['policy'] === 'string' ? values['policy'] : 'pace'
        const cap = all.find((one) => one.id === id)!
        seen[isBeside ? 'beside' : 'capped']++
        const why = `${placement.id}/${name} ${code} by ${id}`
        expect(fullest(others, cap, facts, at), why).toBeGreaterThan(cap.max)
      }
    }
  }
})

function nameOf({ contact: { facts } }: Hold): string {
  return `${facts.placement}/${facts.action}`
}
