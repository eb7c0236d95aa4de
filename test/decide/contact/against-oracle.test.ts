import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contact, ContactFacts } from '../../../src/domain/contact.ts'
import { compactLedger } from '../../../src/domain/ledger.ts'
import type { Preferences } from '../../../src/domain/preferences.ts'
import { EMPTY_PROFILE } from '../../../src/domain/profile.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, makeHouse, verdictOf } from '../make-house.ts'
import { anyHistory, anyPolicies, CHANNELS, GROUPS, SHOP } from './histories.ts'
import { awakeOnTheWall, isHeldBack, isQuietOnTheWall, ms, type WrittenPolicy } from './oracle.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-11-20T09:00:00Z')
const CONTACT_CODES = ['capped', 'suppressed']

function shop(policies: readonly WrittenPolicy[], more: object = {}) {
  return makeCatalogue(
    SHOP.map(({ id, group, tier, kind }) =>
      action(id, {
        in: ['hero', 'strip', 'mail'],
        tier,
        kind,
        ...(group === undefined ? {} : { group }),
      }),
    ),
    {
      channels: { web: {}, email: { direction: 'outbound' } },
      placements: Object.entries(CHANNELS).flatMap(([channel, ids]) => ids.map((id) => ({ id, channel }))),
      groups: GROUPS.map((id) => ({ id })),
      contactPolicies: policies,
      ...more,
    },
  )
}

interface World {
  readonly policies: readonly WrittenPolicy[]
  readonly contacts: readonly Contact[]
  readonly aheadHours: number
  readonly channel: keyof typeof CHANNELS
  readonly horizon: string
}

const worlds = fc.record({
  policies: anyPolicies,
  contacts: anyHistory(NOW),
  aheadHours: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 24 * 9 })),
  channel: fc.constantFrom('web' as const, 'email' as const),
  horizon: fc.constantFrom('400d', '5d'),
})

async function judged({ policies, contacts, aheadHours, channel, horizon }: World, now = NOW, limit = 4) {
  const catalogue = shop(policies, {
    defaults: { locale: 'de', timeZone: 'Europe/Berlin', historyHorizon: horizon },
  })
  const store = makeFakeStore({ customers: { 'c-1': { ledger: { contacts, days: [] } } } })
  const slates = Object.fromEntries(CHANNELS[channel].map((id) => [id, limit]))
  const contactAt = now + aheadHours * HOUR
  return makeHouse(catalogue, { store, now })(ask({ channel, slates, contactAt }))
}

/** Every candidate of a world with the policies that refused it. */
async function refusals(world: World, now = NOW) {
  const decision = await judged(world, now)
  return decision.verdicts.map(({ action: { id, group, tier, kind }, placement, reasons, changes }) => ({
    facts: { channel: world.channel, placement: placement.id, action: id, group, tier, kind } as ContactFacts,
    policies: reasons.filter(({ code }) => CONTACT_CODES.includes(code)).map(({ values }) => values.policy),
    changes,
    codes: reasons.map(({ code }) => code),
  }))
}

const askedOf = (world: World, now = NOW) => ({
  now,
  at: now + world.aheadHours * HOUR,
  horizonMs: ms(world.horizon),
})

describe('caps and silences', () => {
  it('refuse exactly what a look at every window refuses', async () => {
    const seen = { capped: 0, suppressed: 0, permitted: 0 }
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        for (const { facts, policies, codes } of await refusals(world)) {
          const expected = world.policies.filter((policy) =>
            isHeldBack(policy, facts, world.contacts, askedOf(world)),
          )
          expect(policies, facts.action).toEqual(
            facts.tier === 'mandatory' ? [] : expected.map(({ id }) => id),
          )
          for (const code of codes) if (code in seen) seen[code as keyof typeof seen]++
          if (policies.length === 0) seen.permitted++
        }
      }),
      { numRuns: 1500 },
    )
    // The property says something only while there is enough of everything.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(300)
  })

  it('hold as they are written now, whatever was written before', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, anyPolicies, async (world, edited) => {
        const before = await refusals(world)
        await refusals({ ...world, policies: edited })
        expect(await refusals(world)).toEqual(before)
        for (const { facts, policies } of await refusals({ ...world, policies: edited })) {
          const expected = edited.filter((policy) =>
            isHeldBack(policy, facts, world.contacts, askedOf(world)),
          )
          expect(policies).toEqual(facts.tier === 'mandatory' ? [] : expected.map(({ id }) => id))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('let nothing pass from a history by the day that they refuse from the exact one', async () => {
    // Long ago, so that most of the history has become days.
    let stricter = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          policies: anyPolicies,
          // Holds do not become days.
          contacts: anyHistory(NOW - 96 * 24 * HOUR, 10, 6).map((all) =>
            all.map((contact) => ({ ...contact, heldUntil: null })),
          ),
          aheadHours: fc.constant(0),
          channel: fc.constantFrom('web' as const, 'email' as const),
          horizon: fc.constant('400d'),
        }),
        fc.integer({ min: 0, max: 24 * 12 }),
        async (world, hoursAgo) => {
          // Judged at a moment near the old contacts: a replay, or a dry-run for a moment of the past.
          const at = NOW - 96 * 24 * HOUR + hoursAgo * HOUR
          const exact = await refusals({ ...world }, at)
          const { contacts, days } = compactLedger({ contacts: world.contacts, days: [] }, NOW, ms('400d'))
          const store = makeFakeStore({ customers: { 'c-1': { ledger: { contacts, days } } } })
          const slates = Object.fromEntries(CHANNELS[world.channel].map((id) => [id, 4]))
          const decision = await makeHouse(shop(world.policies), { store, now: at })(
            ask({ channel: world.channel, slates }),
          )
          decision.verdicts.forEach(({ reasons }, i) => {
            const byDay = reasons.flatMap(({ code, values }) =>
              CONTACT_CODES.includes(code) ? [values.policy] : [],
            )
            expect(byDay).toEqual(expect.arrayContaining(exact[i]!.policies))
            refused += exact[i]!.policies.length
            stricter += byDay.length - exact[i]!.policies.length
          })
        },
      ),
      { numRuns: 600 },
    )
    expect(refused).toBeGreaterThan(200)
    expect(stricter).toBeGreaterThan(20)
  })
})

describe('one answer', () => {
  /** What an item is about, as a contact at the moment that was judged. */
  function contactBy(candidate: Shown, at: number, ref: number): Contact {
    return { facts: factsOf(candidate), ref: `new ${ref}`, at, heldUntil: null, outcomes: [] }
  }
  type Shown = Awaited<ReturnType<typeof judged>>['verdicts'][number]
  const factsOf = ({ action: { id, group, tier, kind }, placement }: Shown): ContactFacts => ({
    channel: placement.channel,
    placement: placement.id,
    action: id,
    group,
    tier,
    kind,
  })

  it('shows no more together than every cap allows, and leaves out only what is too much', async () => {
    const seen = { crowdedOut: 0, together: 0 }
    const caps = fc
      .tuple(worlds, fc.integer({ min: 1, max: 4 }))
      .map(([world, limit]) => ({ world: { ...world, policies: world.policies.map(asCap) }, limit }))
    await fc.assert(
      fc.asyncProperty(caps, async ({ world, limit }) => {
        const decision = await judged(world, NOW, limit)
        const { at } = askedOf(world)
        const isHeld = (candidate: Shown, contacts: readonly Contact[]) =>
          candidate.action.tier !== 'mandatory' &&
          world.policies.some((policy) => isHeldBack(policy, factsOf(candidate), contacts, askedOf(world)))
        const contacts = [...world.contacts]
        const inOrder = decision.slates.flatMap(({ placement, items }) =>
          items.map(
            ({ action: { id } }) =>
              decision.verdicts.find((one) => one.action.id === id && one.placement.id === placement.id)!,
          ),
        )
        for (const [i, item] of inOrder.entries()) {
          expect(isHeld(item, contacts), item.action.id).toBe(false)
          contacts.push(contactBy(item, at, i))
        }
        if (inOrder.length > 1) seen.together++
        for (const verdict of decision.verdicts) {
          if (!verdict.reasons.some(({ code }) => code === 'capped_by_answer')) continue
          seen.crowdedOut++
          expect(isHeld(verdict, world.contacts)).toBe(false)
          expect(isHeld(verdict, contacts)).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
    expect(seen.crowdedOut).toBeGreaterThan(100)
    expect(seen.together).toBeGreaterThan(100)
  })

  function asCap({ after, suppressFor, ...policy }: WrittenPolicy, i: number): WrittenPolicy {
    return after === undefined ? policy : { ...policy, max: 1 + (i % 3), window: suppressFor! }
  }
})

describe('the change that would admit', () => {
  it('admits when it is a moment, and no moment before it does', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        for (const { facts, codes, changes } of await refusals(world)) {
          const time = changes.find(({ kind }) => kind === 'time')
          if (time?.kind !== 'time') {
            if (codes.length === 1 && codes[0] === 'capped') {
              const empty = world.policies.some(({ id, max }) => max === 0 && isHeldBackBy(id, world, facts))
              expect(empty, 'a cap that is not empty always opens').toBe(true)
            }
            continue
          }
          told++
          const held = (at: number) =>
            world.policies.some((policy) =>
              isHeldBack(policy, facts, world.contacts, { ...askedOf(world), at }),
            )
          expect(held(time.from)).toBe(false)
          // Every moment at which something changes lies on a whole hour, a millisecond beside it at most.
          for (let at = NOW + world.aheadHours * HOUR; at < time.from; at += HOUR)
            for (const near of [at - 1, at, at + 1].filter((each) => each < time.from))
              if (near >= NOW + world.aheadHours * HOUR) expect(held(near)).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
    expect(told).toBeGreaterThan(80)
  })

  function isHeldBackBy(id: string, world: World, facts: ContactFacts): boolean {
    const policy = world.policies.find((one) => one.id === id)!
    return isHeldBack(policy, facts, world.contacts, askedOf(world))
  }

  it('admits when it is a wider cap, and the cap that is one narrower does not', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        for (const { facts, changes } of await refusals(world)) {
          const cap = changes.find(({ kind }) => kind === 'cap')
          if (cap?.kind !== 'cap') continue
          told++
          const held = (max: number) =>
            world.policies
              .map((policy) => (policy.id === cap.policy ? { ...policy, max } : policy))
              .some((policy) => isHeldBack(policy, facts, world.contacts, askedOf(world)))
          expect(held(cap.max)).toBe(false)
          expect(held(cap.max - 1)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
    expect(told).toBeGreaterThan(80)
  })
})

/** Zones with half hours, quarters, both hemispheres, a jump of half an hour, a date line. */
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Sao_Paulo'],
  ...['Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca', 'UTC', 'Antarctica/Troll'],
]
/** Days on which some of these clocks jump, and one on which none does. */
const JUMPS = [
  ...['2026-03-29T00:00:00Z', '2026-10-25T00:00:00Z', '2026-03-08T06:00:00Z', '2026-11-01T05:00:00Z'],
  ...['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z', '2026-02-15T03:00:00Z', '2026-07-01T00:00:00Z'],
].map((text) => Date.parse(text))
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)

describe('quiet hours', () => {
  it('are quiet by the clock on the wall, and end when it says so, when clocks jump too', async () => {
    let quiet = 0
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(clock, clock).filter(([from, to]) => from !== to),
        fc.constantFrom(...JUMPS),
        fc.integer({ min: -36 * 60, max: 36 * 60 }),
        fc.integer({ min: 0, max: 59_999 }),
        fc.constantFrom(undefined, ...ZONES),
        fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async ([from, to], jump, minutes, milliseconds, timeZone, timeZones, outbound) => {
          const at = jump + minutes * 60_000 + milliseconds
          const hours = { from, to }
          const preferences: Preferences = timeZone === undefined ? {} : { timeZone }
          const catalogue = shop([], {
            channels: {
              web: {},
              email: {
                direction: outbound ? 'outbound' : 'inbound',
                quietHours: { ...hours, timeZones, except: 'service' },
              },
            },
          })
          const store = makeFakeStore({
            customers: { 'c-1': { profile: { ...EMPTY_PROFILE, preferences } } },
          })
          const now = at - 24 * HOUR
          const decision = await makeHouse(catalogue, { store, now })(
            ask({ channel: 'email', slates: { mail: 4 }, contactAt: at }),
          )
          const zones = timeZone === undefined ? timeZones : [timeZone]
          const isQuiet = isQuietOnTheWall(hours, at, zones)
          for (const { id, tier } of SHOP) {
            const { reasons, changes } = verdictOf(decision, id, 'mail')
            const codes = reasons.map(({ code }) => code).filter((code) => code === 'quiet_hours')
            expect(codes, id).toEqual(isQuiet && tier !== 'service' ? ['quiet_hours'] : [])
            if (codes.length === 0) continue
            quiet++
            const awake = awakeOnTheWall(hours, at, zones)
            expect(changes).toEqual(awake === null ? [] : [{ kind: 'time', from: awake }])
          }
        },
      ),
      { numRuns: 400 },
    )
    expect(quiet).toBeGreaterThan(200)
  }, 60_000)
})
