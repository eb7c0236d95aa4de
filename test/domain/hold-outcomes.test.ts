import { describe, expect, it } from 'vitest'
import { type ContactLedger, EMPTY_LEDGER } from '../../src/domain/contact.ts'
import { type Hold, refOfHold } from '../../src/domain/hold.ts'
import { tellOutcome } from '../../src/domain/hold-outcomes.ts'
import { OUTCOMES, type Outcome, PROVING, RELEASING } from '../../src/domain/outcome.ts'
import { contact, HOUR, NOW } from '../stores/contract/examples.ts'

const hold = (heldUntil: number, at = NOW - HOUR): Hold => ({
  contact: { ...contact(7, { at }), heldUntil },
  session: null,
  confirmOn: 'sent',
  units: [],
})
const LIVE = hold(NOW + 1)
const ENDED = hold(NOW)
const told = (type: Outcome) => ({ type, at: NOW })
const tell = (type: Outcome, stored: Hold | null, ledger: ContactLedger = EMPTY_LEDGER) =>
  tellOutcome({ ledger, stored, remembered: LIVE }, told(type), NOW)

describe('an outcome of a hold', () => {
  it.each(OUTCOMES)('%s does what its kind does, whether the hold is live, ran out, or is gone', (type) => {
    const confirms = type === 'sent' || PROVING.has(type)
    const releases = RELEASING.has(type)
    const confirmed = { contacts: [contact(7, { outcomes: [told(type)] })], days: [] }
    const ledger = confirms ? confirmed : EMPTY_LEDGER
    const known = { became: 'known', ledger: EMPTY_LEDGER, hold: 'kept' }
    expect(tell(type, LIVE)).toEqual(
      confirms
        ? { became: 'confirmed', ledger, hold: 'used' }
        : releases
          ? { became: 'released', ledger, hold: 'returned' }
          : known,
    )
    expect(tell(type, ENDED)).toEqual(confirms ? { became: 'late', ledger, hold: 'returned' } : known)
    expect(tell(type, null)).toEqual(confirms ? { became: 'late', ledger, hold: 'kept' } : known)
  })

  it('only adds to a contact that was confirmed, and never moves it', () => {
    const moved = contact(7, { at: NOW - 5 * HOUR })
    const ledger = { contacts: [moved, contact(8)], days: [] }
    const after = tell('bounced', null, ledger)
    expect(after).toMatchObject({ became: 'recorded', hold: 'kept' })
    expect(after.ledger.contacts[0]).toEqual({ ...moved, outcomes: [told('bounced')] })
    const again = tell('bounced', null, after.ledger)
    expect(again).toEqual({ became: 'known', ledger: after.ledger, hold: 'kept' })
    expect(again.ledger).toBe(after.ledger)
  })

  it('does not count twice what is confirmed and held', () => {
    const ledger = { contacts: [contact(7)], days: [] }
    expect(tell('click', LIVE, ledger)).toMatchObject({ became: 'recorded', hold: 'used' })
  })

  it('confirms the hold as it stands, which may have been renewed since', () => {
    const renewed = hold(NOW + HOUR, NOW - 60_000)
    expect(tell('click', renewed).ledger.contacts[0]!.at).toBe(NOW - 60_000)
  })
})

describe('the name of a hold', () => {
  it('is 16 hex digits, another for every decision, placement and action', () => {
    const refs = ['ab', 'a'].flatMap((a) =>
      ['b', 'c'].flatMap((b) => ['c', 'bc'].map((c) => refOfHold(a, b, c))),
    )
    expect(new Set(refs).size).toBe(refs.length)
    for (const ref of refs) expect(ref).toMatch(/^[0-9a-f]{16}$/)
    expect(refOfHold('a', 'b', 'c')).toBe(refOfHold('a', 'b', 'c'))
  })
})
