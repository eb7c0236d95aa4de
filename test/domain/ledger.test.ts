import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Contact, type ContactLedger, DAY_MS, EMPTY_LEDGER } from '../../src/domain/contact.ts'
import {
  addContact,
  compactLedger,
  counts,
  EXACT_FOR_MS,
  exactFrom,
  exactSince,
  MOST_EXACT,
  MOST_OUTCOMES,
} from '../../src/domain/ledger.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { anyHistory } from '../decide/contact/histories.ts'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const YEAR = 365 * DAY_MS
const FACTS = {
  channel: 'web',
  placement: 'hero',
  action: 'boots',
  group: 'shoes',
  tier: 'marketing',
  kind: 'offer',
} as const
const contact = (at: number, more: Partial<Contact> = {}): Contact => ({
  facts: FACTS,
  ref: `${at}`,
  at,
  heldUntil: null,
  outcomes: [],
  ...more,
})
const ledgerOf = (...contacts: Contact[]): ContactLedger => ({ contacts, days: [] })

describe('a contact', () => {
  it('counts once however often it is told, and in order of time', () => {
    const first = addContact(EMPTY_LEDGER, contact(NOW))
    const both = addContact(first, contact(NOW - 5))
    expect(both.contacts.map(({ at }) => at)).toEqual([NOW - 5, NOW])
    expect(addContact(both, contact(NOW))).toBe(both)
  })

  it('gains the outcomes that are new, each once, in order of time', () => {
    const sent = { type: 'sent', at: NOW + 1 } as const
    const later = { type: 'later', at: NOW + 3, until: NOW + DAY_MS } as const
    const seen = { type: 'impression', at: NOW + 2 } as const
    let ledger = addContact(EMPTY_LEDGER, contact(NOW, { outcomes: [sent] }))
    ledger = addContact(ledger, contact(NOW, { outcomes: [later] }))
    ledger = addContact(ledger, contact(NOW, { outcomes: [seen, sent] }))
    expect(ledger.contacts).toHaveLength(1)
    expect(ledger.contacts[0]!.outcomes).toEqual([sent, seen, later])
    expect(addContact(ledger, contact(NOW, { outcomes: [seen] }))).toBe(ledger)
    const other = { ...later, until: NOW + 2 * DAY_MS }
    expect(addContact(ledger, contact(NOW, { outcomes: [other] })).contacts[0]!.outcomes).toContainEqual(
      other,
    )
  })

  it('takes what is told again without a time for what it has already', () => {
    const rejected = contact(NOW, { outcomes: [{ type: 'reject', at: NOW }] })
    const again = contact(NOW, { outcomes: [{ type: 'reject', at: NOW + 5 }] })
    const ledger = addContact(EMPTY_LEDGER, rejected)
    expect(addContact(ledger, again, { contact: true, outcomes: new Set(['reject']) })).toBe(ledger)
    expect(
      addContact(ledger, again, { contact: true, outcomes: new Set(['click']) }).contacts[0]!.outcomes,
    ).toHaveLength(2)
    const clicked = contact(NOW, { outcomes: [{ type: 'click', at: NOW + 5 }] })
    expect(
      addContact(ledger, clicked, { contact: true, outcomes: new Set(['click']) }).contacts[0]!.outcomes,
    ).toHaveLength(2)
  })

  it('keeps no more outcomes than anybody needs, and a no for ever', () => {
    const outcomes = Array.from({ length: 50 }, (_, i) => ({ type: 'click' as const, at: NOW + i }))
    const no = { type: 'reject', at: NOW + 7 } as const
    let ledger = addContact(EMPTY_LEDGER, contact(NOW, { outcomes: [no] }))
    ledger = addContact(ledger, contact(NOW, { outcomes }))
    expect(ledger.contacts[0]!.outcomes).toHaveLength(MOST_OUTCOMES)
    expect(ledger.contacts[0]!.outcomes[0]).toEqual(no)
    const last = { type: 'later', at: NOW + 99, until: NOW + 999 } as const
    expect(addContact(ledger, contact(NOW, { outcomes: [last] })).contacts[0]!.outcomes).toContainEqual(last)
  })

  it('that is planned moves to the moment that is told of it, until it takes place', () => {
    const planned = addContact(EMPTY_LEDGER, contact(NOW, { ref: 'x' }))
    const moved = addContact(planned, contact(NOW + 9, { ref: 'x' }))
    expect(moved.contacts.map(({ at }) => at)).toEqual([NOW + 9])
    expect(addContact(moved, contact(NOW, { ref: 'x' }), { contact: true, outcomes: new Set() })).toBe(moved)
    const sent = contact(NOW + 9, { ref: 'x', outcomes: [{ type: 'sent', at: NOW + 4 }] })
    const done = addContact(moved, sent)
    expect(done.contacts.map(({ at }) => at)).toEqual([NOW + 4])
    expect(addContact(done, contact(NOW + 50, { ref: 'x' }))).toBe(done)
  })

  it('that was planned and took place sooner was then', () => {
    const sooner = contact(NOW, {
      outcomes: [
        { type: 'cancelled', at: NOW - 9 },
        { type: 'sent', at: NOW - 5 },
      ],
    })
    expect(addContact(EMPTY_LEDGER, sooner).contacts[0]!.at).toBe(NOW - 5)
  })

  it('is confirmed when it was held, and never held again', () => {
    const held = addContact(EMPTY_LEDGER, contact(NOW, { heldUntil: NOW + 5 }))
    const confirmed = addContact(held, contact(NOW))
    expect(confirmed.contacts[0]!.heldUntil).toBeNull()
    expect(addContact(confirmed, contact(NOW, { heldUntil: NOW + 9 }))).toBe(confirmed)
  })

  it('counts while it is held, and not when it never took place', () => {
    expect(counts(contact(NOW), NOW)).toBe(true)
    expect(counts(contact(NOW, { heldUntil: NOW + 1 }), NOW)).toBe(true)
    expect(counts(contact(NOW, { heldUntil: NOW }), NOW)).toBe(false)
    for (const type of ['bounced', 'failed', 'notShown', 'cancelled'] as const)
      expect(counts(contact(NOW, { outcomes: [{ type, at: NOW }] }), NOW)).toBe(false)
    expect(counts(contact(NOW, { outcomes: [{ type: 'reject', at: NOW }] }), NOW)).toBe(true)
    const then = (...types: Outcome[]) =>
      counts(contact(NOW, { outcomes: types.map((type, i) => ({ type, at: NOW + i })) }), NOW)
    expect(then('bounced', 'sent')).toBe(true)
    expect(then('sent', 'bounced')).toBe(false)
    expect(then('sent', 'click', 'bounced')).toBe(true)
    const late = contact(NOW, { heldUntil: NOW - 1, outcomes: [{ type: 'impression', at: NOW }] })
    expect(counts(late, NOW)).toBe(true)
  })
})

describe('a ledger as it is kept', () => {
  const old = NOW - EXACT_FOR_MS - 3 * DAY_MS

  it('knows the last 92 days exactly, from the beginning of a day on', () => {
    expect(exactSince(NOW)).toBe(Date.parse('2026-08-20T00:00:00Z'))
    const ledger = ledgerOf(contact(exactSince(NOW) - 1), contact(exactSince(NOW)))
    const { contacts, days } = compactLedger(ledger, NOW, YEAR)
    expect(contacts.map(({ at }) => at)).toEqual([exactSince(NOW)])
    expect(days.map(({ day, contacts: count }) => [day * DAY_MS, count])).toEqual([
      [Date.parse('2026-08-19T00:00:00Z'), 1],
    ])
  })

  it('counts older contacts and their outcomes by the day on which each came', () => {
    const outcomes = [
      { type: 'impression', at: old },
      { type: 'click', at: old + DAY_MS },
    ] as const
    const ledger = ledgerOf(
      contact(old, { outcomes }),
      contact(old + 1, { ref: 'x', outcomes: outcomes.slice(0, 1) }),
    )
    const { contacts, days } = compactLedger(ledger, NOW, YEAR)
    expect(contacts).toEqual([])
    expect(days.map(({ contacts: count, outcomes: came }) => [count, [...came]])).toEqual([
      [2, [['impression', 2]]],
      [0, [['click', 1]]],
    ])
  })

  it('keeps a contact exactly while something came of it lately, or somebody wants to hear of it again', () => {
    const clicked = contact(old, { outcomes: [{ type: 'click', at: NOW - DAY_MS }] })
    const later = contact(old, { outcomes: [{ type: 'later', at: old, until: NOW + 1 }] })
    expect(compactLedger(ledgerOf(clicked), NOW, YEAR).contacts).toEqual([clicked])
    expect(compactLedger(ledgerOf(later), NOW, YEAR).contacts).toEqual([later])
    expect(compactLedger(ledgerOf(later), NOW + 1, YEAR).contacts).toEqual([])
  })

  it('drops holds that ran out, and what is older than the horizon', () => {
    const held = ledgerOf(contact(NOW - 9, { heldUntil: NOW }), contact(NOW - 8, { heldUntil: NOW + 1 }))
    expect(compactLedger(held, NOW, YEAR)).toEqual({ contacts: [held.contacts[1]], days: [] })
    const compact = compactLedger(ledgerOf(contact(old)), NOW, YEAR)
    expect(compactLedger(compact, NOW + YEAR, YEAR)).toEqual(EMPTY_LEDGER)
    expect(compactLedger(ledgerOf(contact(NOW - 40 * DAY_MS)), NOW, 30 * DAY_MS).contacts).toEqual([])
  })

  it('knows no more than so many contacts exactly, the newest, and what somebody wants to hear of again', () => {
    const first = contact(NOW - 9_000_000, {
      outcomes: [{ type: 'later', at: NOW - 9_000_000, until: NOW + 1 }],
    })
    const many = Array.from({ length: MOST_EXACT + 2 }, (_, i) => contact(NOW - 5_000_000 + i))
    const { contacts, days } = compactLedger(ledgerOf(first, ...many), NOW, YEAR)
    expect(contacts).toHaveLength(MOST_EXACT + 1)
    expect(contacts[0]).toBe(first)
    expect(contacts.at(-1)).toBe(many.at(-1))
    expect(days.map(({ contacts: count }) => count)).toEqual([2])
  })

  it('says from when on it is exact', () => {
    const ledger = ledgerOf(contact(old), contact(NOW))
    expect(exactFrom(ledger)).toBe(Number.NEGATIVE_INFINITY)
    expect(exactFrom(compactLedger(ledger, NOW, YEAR))).toBe((Math.floor(old / DAY_MS) + 1) * DAY_MS)
  })

  it('counts by the day only what took place, and whatever came of the rest', () => {
    const bounced = contact(old, { outcomes: [{ type: 'bounced', at: old }] })
    const { days } = compactLedger(ledgerOf(bounced, contact(old + 1)), NOW, YEAR)
    expect(days.map(({ contacts, outcomes }) => [contacts, [...outcomes]])).toEqual([[1, [['bounced', 1]]]])
  })

  it('keeps a day while the horizon reaches into it', () => {
    const compact = compactLedger(ledgerOf(contact(old)), NOW, YEAR)
    const end = (Math.floor(old / DAY_MS) + 1) * DAY_MS
    expect(compactLedger(compact, end + YEAR - 1, YEAR).days).toHaveLength(1)
    expect(compactLedger(compact, end + YEAR, YEAR).days).toEqual([])
  })

  it('is the same when there is nothing to do', () => {
    const ledger = ledgerOf(contact(NOW - 9))
    expect(compactLedger(ledger, NOW, YEAR)).toBe(ledger)
  })

  it('comes out alike however often and whenever it was compacted on the way', () => {
    const long = anyHistory(NOW - 95 * DAY_MS, 12, 8).map((contacts) =>
      contacts.map((one) => ({ ...one, heldUntil: null })),
    )
    fc.assert(
      fc.property(long, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }), (contacts, stops) => {
        const atOnce = compactLedger({ contacts, days: [] }, NOW, YEAR)
        let step: ContactLedger = { contacts, days: [] }
        for (const days of stops.sort((a, b) => b - a)) step = compactLedger(step, NOW - days * DAY_MS, YEAR)
        step = compactLedger(step, NOW, YEAR)
        const inWords = ({ contacts: kept, days }: ContactLedger) => ({
          kept,
          days: days
            .map(({ facts, day, contacts: count, outcomes }) =>
              JSON.stringify([day, facts, count, [...outcomes].sort()]),
            )
            .sort(),
        })
        expect(inWords(step)).toEqual(inWords(atOnce))
      }),
      { numRuns: 200 },
    )
  })
})
