import fc from 'fast-check'
import type { ContactFacts, ContactLedger } from '../../src/domain/contact.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { KINDS, TIERS } from '../../src/domain/tier.ts'

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const maybe = fc.option(name, { nil: undefined })
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const outcomeType = fc.constantFrom(...OUTCOMES)

export const anyFacts: fc.Arbitrary<ContactFacts> = fc.record({
  channel: name,
  placement: maybe,
  action: maybe,
  group: maybe,
  tier: fc.constantFrom(...TIERS),
  kind: fc.constantFrom(...KINDS),
})

const outcome = fc.oneof(
  fc.record({ type: outcomeType, at: time }),
  fc.record({ type: fc.constant('later' as const), at: time, until: time }),
)
const ref = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'))

/** Any ledger that a store may have to keep; the same facts come again in it. */
export const anyLedger: fc.Arbitrary<ContactLedger> = fc
  .array(anyFacts, { minLength: 1, maxLength: 4 })
  .chain((all) => {
    const facts = fc.constantFrom(...all)
    return fc.record({
      contacts: fc.array(
        fc.record({
          facts,
          ref,
          at: time,
          heldUntil: fc.constant(null),
          outcomes: fc.array(outcome, { maxLength: 5 }),
        }),
        { maxLength: 6 },
      ),
      days: fc.array(
        fc.record({
          facts,
          day: fc.integer({ min: 0, max: 0xffff }),
          contacts: fc.integer({ min: 0, max: 0xffff }),
          outcomes: fc
            .uniqueArray(fc.tuple(outcomeType, fc.integer({ min: 0, max: 0xffff })), {
              selector: ([type]) => type,
            })
            .map((entries) => new Map(entries)),
        }),
        { maxLength: 4 },
      ),
    })
  })

/** Numbers for facts in memory. */
export function makeFactNumbers() {
  const all: ContactFacts[] = []
  return {
    numberOf(facts: ContactFacts): number {
      const known = all.findIndex((one) => JSON.stringify(one) === JSON.stringify(facts))
      return known < 0 ? all.push(facts) - 1 : known
    },
    factsOf(number: number): ContactFacts {
      const facts = all[number]
      if (facts === undefined) throw new RangeError('no facts have this number')
      return facts
    },
  }
}
