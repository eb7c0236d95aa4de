import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, consentTo } from '../../src/decide/consent.ts'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { action, makeCatalogue } from './make-catalogue.ts'

const catalogue = makeCatalogue([action('boots')], {
  purposes: {
    ads: { basis: 'consent' },
    tips: { basis: 'legitimateInterest' },
    care: { basis: 'contract' },
    safety: { basis: 'legalObligation' },
  },
})
const PURPOSES = ['ads', 'tips', 'care', 'safety', 'personalisation', null] as const

/** An address belongs to a channel. */
const anyStatement: fc.Arbitrary<ConsentStatement> = fc
  .record({
    purpose: fc.constantFrom(...PURPOSES),
    place: fc.constantFrom(
      { channel: null, address: null },
      { channel: 'web', address: null },
      { channel: 'email', address: null },
      { channel: 'email', address: 'x' },
      { channel: 'email', address: 'y' },
    ),
    state: fc.constantFrom('granted' as const, 'refused' as const),
    at: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    lag: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ place, at, lag, ...rest }) => ({ ...rest, ...place, at, toldAt: (at ?? 0) + lag }))

const anyAsked: fc.Arbitrary<Asked> = fc.constantFrom(
  { channel: 'web', address: null },
  { channel: 'email', address: null },
  { channel: 'email', address: 'x' },
  { channel: 'email', address: 'y' },
)

/**
 * The rule once more, from its other end: for each purpose, channel and address the newest word is looked up by itself,
 * and one no among the words that apply is a no, unless a newer yes was as exact about it.
 */
function expected(purpose: string | null, statements: readonly ConsentStatement[], asked: Asked): string {
  const byDefault = purpose === 'ads' ? 'default_deny' : 'default_allow'
  if (purpose === 'safety') return byDefault
  const all = [null, 'ads', 'tips', 'care', 'personalisation']
  const meant = all.filter((one) =>
    one === null ? purpose !== 'personalisation' && purpose !== 'care' : one === purpose,
  )
  const time = ({ at, toldAt, state }: ConsentStatement) => at ?? (state === 'refused' ? toldAt : -1)
  const newest = (list: readonly ConsentStatement[]) => Math.max(-2, ...list.map(time))
  const applies = ({ channel, address, state }: ConsentStatement) =>
    (channel === null || channel === asked.channel) &&
    (address === null || address === asked.address || (asked.address === null && state === 'refused'))
  const here = statements.filter((one) => meant.includes(one.purpose) && applies(one))
  const nos = here.filter(({ state }) => state === 'refused')
  const yeses = here.filter(({ state }) => state === 'granted')
  const unlifted = nos.filter((no) => {
    const asExact = yeses.filter(
      (yes) =>
        (no.purpose === null || yes.purpose === no.purpose) &&
        (no.channel === null || yes.channel === no.channel) &&
        (no.address === null || yes.address === no.address),
    )
    return newest(asExact) <= time(no)
  })
  if (unlifted.some(({ address }) => address === null || asked.address !== null)) return 'refused'
  if (unlifted.length > 0) return 'unsure'
  if (yeses.length > 0) return 'granted'
  const isForSomeAddress = statements.some(
    ({ purpose: said, channel, address, state }) =>
      state === 'granted' && address !== null && channel === asked.channel && meant.includes(said),
  )
  return byDefault === 'default_deny' && asked.address === null && isForSomeAddress ? 'unsure' : byDefault
}

describe('consent', () => {
  it('is what the newest word says, for each purpose, channel and address', () => {
    const seen: Record<string, number> = {}
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 6, size: 'max' }),
        anyAsked,
        fc.constantFrom(...PURPOSES),
        (statements, asked, purpose) => {
          const { state } = consentTo(purpose, statements, asked, catalogue)
          expect(state).toBe(expected(purpose, statements, asked))
          seen[state] = (seen[state] ?? 0) + 1
        },
      ),
      { numRuns: 4000 },
    )
    for (const state of ['granted', 'refused', 'unsure', 'default_allow', 'default_deny'])
      expect(seen[state], state).toBeGreaterThan(50)
  })

  it('does not depend on the order in which statements came in', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyStatement, { maxLength: 6 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        anyAsked,
        fc.constantFrom(...PURPOSES),
        ([all, shuffled], asked, purpose) => {
          expect(consentTo(purpose, shuffled, asked, catalogue).state).toBe(
            consentTo(purpose, all, asked, catalogue).state,
          )
        },
      ),
    )
  })

  it('is never widened by one more no', () => {
    fc.assert(
      fc.property(
        fc.array(anyStatement, { maxLength: 5 }),
        anyStatement,
        anyAsked,
        fc.constantFrom(...PURPOSES),
        (all, more, asked, purpose) => {
          const isAllowed = (statements: readonly ConsentStatement[]) =>
            ['granted', 'default_allow'].includes(consentTo(purpose, statements, asked, catalogue).state)
          if (!isAllowed(all)) expect(isAllowed([...all, { ...more, state: 'refused' }])).toBe(false)
        },
      ),
    )
  })
})
