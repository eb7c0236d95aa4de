import fc from 'fast-check'
import type { Hold } from '../../src/domain/hold.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { anyFacts } from './any-ledger.ts'

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const hex = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => bits.toString(16).padStart(16, '0'))
const unit = fc.record({
  volume: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  period: fc.constantFrom('2026-11-29', '2026-W48', '2026-11', 'total'),
})

/** Any hold that a store may have to keep. */
export const anyHold: fc.Arbitrary<Hold> = fc.record({
  contact: fc.record({
    facts: anyFacts,
    ref: hex,
    at: time,
    heldUntil: time,
    outcomes: fc.constant([]),
  }),
  session: fc.option(hex, { nil: null }),
  confirmOn: fc.constantFrom(...OUTCOMES),
  units: fc.array(unit, { maxLength: 3 }),
})
