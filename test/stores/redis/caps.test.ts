import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CapCheck, overfilledCap } from '../../../src/domain/cap-check.ts'
import { COUNTED_PER } from '../../../src/domain/contact-policy.ts'
import type { Hold } from '../../../src/domain/hold.ts'
import { KINDS, TIERS } from '../../../src/domain/tier.ts'
import { encodeHold } from '../../../src/stores/hold-codec.ts'
import { toCheck } from '../../../src/stores/redis/granting.ts'
import { type RunningRedis, startRedis } from '../../setup/redis-server.ts'

const CASES = 200
const CAPS = readFileSync(new URL('../../../src/stores/redis/caps.lua', import.meta.url), 'utf8')

/** Answers many cases at once: for each the place of the cap that is overfilled, 0 where none is. */
const driver = (caps: string) => `${caps}
local answers = {}
for i = 1, #ARGV do
  local case = cjson.decode(ARGV[i])
  local holds, renewed = {}, {}
  for place, text in ipairs(case.holds) do holds[place] = cjson.decode(string.sub(text, 2)) end
  for _, ref in ipairs(case.renewed) do renewed[ref] = true end
  answers[i] = overfilled(case.checks, holds, case.now, renewed) or 0
end
return answers`

interface Case {
  readonly checks: readonly CapCheck[]
  readonly holds: readonly Hold[]
  readonly now: number
  readonly renewed: ReadonlySet<string>
}

// Few values and small times: what is drawn meets often, and at the edges of windows.
const name = fc.constantFrom('a', 'b', 'ä "c"\n')
const maybe = fc.option(name, { nil: undefined })
const time = fc.integer({ min: 0, max: 30 })
const facts = fc.record({
  ...{ channel: name, placement: maybe, action: maybe, group: maybe },
  ...{ tier: fc.constantFrom(...TIERS), kind: fc.constantFrom(...KINDS) },
})
const set = <T>(one: fc.Arbitrary<T>) => fc.uniqueArray(one, { maxLength: 3 }).map((all) => new Set(all))
// One or two keys: where there are more, hardly anything fits.
const where = fc
  .uniqueArray(
    fc.oneof(
      fc.tuple(fc.constantFrom('channel', 'placement', 'group', 'action'), set(name)),
      fc.tuple(fc.constant('tier'), set(fc.constantFrom(...TIERS))),
      fc.tuple(fc.constant('kind'), set(fc.constantFrom(...KINDS))),
    ),
    { selector: ([key]) => key, minLength: 1, maxLength: 2 },
  )
  .map((keys) => Object.fromEntries(keys) as CapCheck['cap']['where'])
const check: fc.Arbitrary<CapCheck> = fc
  .record({
    cap: fc.record({
      ...{ id: name, where: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, where) },
      ...{ per: fc.constantFrom(...COUNTED_PER), max: fc.integer({ min: 0, max: 5 }) },
      windowMs: fc.integer({ min: 1, max: 20 }),
    }),
    ...{ key: fc.constantFrom('a', 'b', 'ä "c"\n', ...TIERS), at: time },
    ...{ adds: fc.integer({ min: 1, max: 3 }), confirmed: fc.array(time, { maxLength: 4 }) },
  })
  .map((one) => (one.cap.per === 'customer' ? { ...one, key: '' } : one))
const hold: fc.Arbitrary<Hold> = fc.record({
  contact: fc.record({
    ...{ facts, at: time, heldUntil: time, outcomes: fc.constant([]) },
    ref: fc.constantFrom('0'.repeat(16), '1'.repeat(16), '2'.repeat(16)),
  }),
  ...{ session: fc.constant(null), confirmOn: fc.constant('impression' as const), units: fc.constant([]) },
})
const mixedCase: fc.Arbitrary<Case> = fc.record({
  ...{ checks: fc.array(check, { maxLength: 4 }), holds: fc.array(hold, { maxLength: 10 }) },
  now: fc.integer({ min: 0, max: 15 }),
  renewed: set(fc.constantFrom('0'.repeat(16), '1'.repeat(16))),
})
/** Where nothing but the selection decides: every hold is live and in the window, many have no such fact. */
const selectingCase: fc.Arbitrary<Case> = fc
  .record({
    wanted: fc.uniqueArray(fc.tuple(fc.constantFrom('placement', 'group', 'action'), set(name)), {
      ...{ selector: ([key]: [string, Set<string>]) => key, minLength: 1, maxLength: 2 },
    }),
    known: fc.array(
      fc.record({
        placement: fc.option(name, { nil: undefined, freq: 1 }),
        action: fc.option(name, { nil: undefined, freq: 1 }),
        group: fc.option(name, { nil: undefined, freq: 1 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    one: hold,
    max: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ wanted, known, one, max }) => {
    const where = Object.fromEntries(wanted) as CapCheck['cap']['where']
    const cap = { id: 'c', where, per: 'customer' as const, max, windowMs: 1 }
    const holds = known.map((some) => {
      const all = { ...one.contact.facts, ...some }
      return { ...one, contact: { ...one.contact, facts: all, at: 1, heldUntil: 1 } }
    })
    return { checks: [{ cap, key: '', at: 1, adds: 1, confirmed: [] }], holds, now: 0, renewed: new Set() }
  })
const anyCase = fc.oneof({ weight: 3, arbitrary: mixedCase }, { weight: 1, arbitrary: selectingCase })

describe('caps in Redis', () => {
  let server: RunningRedis
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })

  const answersOf = async (caps: string, cases: readonly Case[]) => {
    const texts = cases.map(({ checks, holds, now, renewed }) =>
      JSON.stringify({
        ...{ checks: checks.map(toCheck), holds: holds.map(encodeHold), now, renewed: [...renewed] },
      }),
    )
    return (await redis.eval(driver(caps), 0, ...texts)) as number[]
  }
  const expected = ({ checks, holds, now, renewed }: Case) => {
    const over = overfilledCap(checks, holds, now, renewed)
    return over === null ? 0 : checks.indexOf(over) + 1
  }
  const batches = fc.array(anyCase, { minLength: CASES, maxLength: CASES })

  it('are judged as the core judges them', async () => {
    let filled = 0
    await fc.assert(
      fc.asyncProperty(batches, async (cases) => {
        const core = cases.map(expected)
        filled += core.filter((place) => place > 0).length
        expect(await answersOf(CAPS, cases)).toEqual(core)
      }),
      { numRuns: 20, endOnFailure: true },
    )
    expect(filled).toBeGreaterThan(500)
    expect(filled).toBeLessThan(3_500)
  })

  it.each([
    ['a window that is closed at its end', 'times[last + 1] - times[first] < window', '<', '<='],
    ['a window that is closed at both ends', 'math.abs(time - at) < window', '<', '<='],
    ['a hold that counts in its last moment', "hold['until'] > now", '>', '>='],
    [
      'a renewed hold that stands in its own way',
      ' and not renewed[hold.ref]',
      ' and not renewed[hold.ref]',
      '',
    ],
    ['an item too few', 'check.adds - 1', ' - 1', ' - 2'],
    ['windows that only begin at the contact', 'for first = 1, own', '1', 'own'],
    ['a key that is not looked at', 'key == check.key', 'key == check.key', 'true'],
    [
      'an unknown fact that fits any selection',
      'if one == value',
      'one == value',
      'value == nil or one == value',
    ],
    [
      'an unknown fact that fits an empty selection',
      'if not is_wanted',
      'is_wanted',
      'is_wanted and value ~= nil',
    ],
  ])('would be found out: %s', async (_, place, right, wrong) => {
    expect(CAPS).toContain(place)
    const caps = CAPS.replace(place, place.replace(right, wrong))
    // Of any seed nearly every time; of this one each time.
    const cases = fc.sample(anyCase, { numRuns: 10 * CASES, seed: 1 })
    expect(await answersOf(caps, cases)).not.toEqual(cases.map(expected))
  })
})
