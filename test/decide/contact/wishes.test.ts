import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Preferences } from '../../../src/domain/preferences.ts'
import { EMPTY_PROFILE } from '../../../src/domain/profile.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, makeHouse } from '../make-house.ts'
import { anyHistory, TIERS } from './histories.ts'
import { isHeldBack } from './oracle.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const HOUR = 3_600_000
const ADVERTISING = ['retention', 'marketing']

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const defined = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values
const channel = some(fc.constantFrom('web', 'email'))
const pace = fc
  .record({
    channel,
    max: fc.integer({ min: 0, max: 3 }),
    window: fc.constantFrom('24h', '3d', '7d'),
  })
  .map(defined)
const pause = fc
  .record({ channel, until: some(fc.integer({ min: -24, max: 72 }).map((hours) => NOW + hours * HOUR)) })
  .map(defined)
const wishes = fc.record({
  refusedTopics: fc.subarray(['shoes', 'books']),
  pace: fc.array(pace, { maxLength: 2 }),
  pauses: fc.array(pause, { maxLength: 2 }),
})

describe('what a person wished himself', () => {
  it('holds back advertising by topic, pause and pace, and nothing else', async () => {
    const seen = { topic_refused: 0, paused: 0, pace_reached: 0, none: 0 }
    await fc.assert(
      fc.asyncProperty(
        wishes,
        anyHistory(NOW),
        fc.constantFrom('web', 'email'),
        fc.integer({ min: 0, max: 96 }),
        async (preferences, contacts, on, ahead) => {
          const catalogue = makeCatalogue(
            TIERS.map((tier) => action(tier, { tier, group: 'shoes', in: ['hero', 'mail'] })),
            {
              channels: { web: {}, email: { direction: 'outbound' } },
              placements: [
                { id: 'hero', channel: 'web' },
                { id: 'mail', channel: 'email' },
              ],
            },
          )
          const store = makeFakeStore({
            customers: {
              'c-1': {
                profile: { ...EMPTY_PROFILE, preferences: preferences as Preferences },
                ledger: { contacts, days: [] },
              },
            },
          })
          const placement = on === 'web' ? 'hero' : 'mail'
          const at = NOW + ahead * HOUR
          const decision = await makeHouse(catalogue, { store, now: NOW })(
            ask({ channel: on, slates: { [placement]: 4 }, contactAt: at }),
          )
          const isHere = (wish: { channel?: string | undefined }) =>
            wish.channel === undefined || wish.channel === on
          for (const { action: candidate, reasons } of decision.verdicts) {
            const facts = {
              channel: on,
              placement,
              action: candidate.id,
              group: 'shoes',
              tier: candidate.tier,
              kind: 'offer',
            } as const
            const expected = ADVERTISING.includes(candidate.tier)
              ? [
                  ...preferences.refusedTopics
                    .filter((topic) => topic === 'shoes')
                    .map(() => 'topic_refused'),
                  ...preferences.pauses
                    .filter(isHere)
                    .filter(({ until }) => until === undefined || at < until)
                    .map(() => 'paused'),
                  ...preferences.pace
                    .filter(isHere)
                    .filter(({ max, window, channel: only }) =>
                      isHeldBack(
                        {
                          id: 'pace',
                          per: 'customer',
                          max,
                          window,
                          where: { tier: ADVERTISING, ...(only === undefined ? {} : { channel: only }) },
                        },
                        facts,
                        contacts,
                        { now: NOW, at, horizonMs: 400 * 24 * HOUR },
                      ),
                    )
                    .map(() => 'pace_reached'),
                ]
              : []
            const codes = reasons.map(({ code }) => code).filter((code) => code in seen)
            expect(codes).toEqual(expected)
            for (const code of codes) seen[code as keyof typeof seen]++
            if (codes.length === 0) seen.none++
          }
        },
      ),
      { numRuns: 500 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  })
})
