import { describe, expect, it } from 'vitest'
import { type Contact, type ContactLedger, DAY_MS, EMPTY_LEDGER } from '../../src/domain/contact.ts'
import type { CapPolicy } from '../../src/domain/contact-policy.ts'
import type { Hold } from '../../src/domain/hold.ts'
import { addContact } from '../../src/domain/ledger.ts'
import { newlyCounted, overfilledBy } from '../../src/domain/overfilled.ts'
import { contact, DAY, facts, HORIZON, HOUR, NOW } from '../stores/contract/examples.ts'

const cap = (given: Partial<CapPolicy> = {}): CapPolicy => ({
  ...{ id: 'cap', where: {}, per: 'customer', max: 1, window: '1d', windowMs: DAY },
  ...given,
})
const held = (number: number, given: Partial<Contact> & { readonly heldUntil?: number } = {}): Hold => ({
  contact: { ...contact(number, { at: NOW, ...given }), heldUntil: given.heldUntil ?? NOW + 1 },
  session: null,
  confirmOn: 'impression',
  units: [],
})

interface Beside {
  readonly contacts?: readonly Contact[]
  readonly days?: ContactLedger['days']
  readonly holds?: readonly Hold[]
  readonly told?: Partial<Contact>
  readonly horizonMs?: number
}

/** Ids of the caps that a contact of now overfills, told with what is there beside it. */
function overfilled(caps: readonly CapPolicy[], beside: Beside): string[] {
  const { contacts = [], days = [], holds = [], told = {}, horizonMs = HORIZON } = beside
  const one = contact(1, { at: NOW, ...told })
  const ledger = { contacts: [...contacts, one].sort((a, b) => a.at - b.at), days }
  const found = overfilledBy({ contact: one, ledger, holds }, caps, { now: NOW, historyHorizonMs: horizonMs })
  return found.map(({ id }) => id)
}

const earlier = (number: number, ms: number, given: Partial<Contact> = {}) =>
  contact(number, { at: NOW - ms, ...given })

describe('a contact that was told after the deed', () => {
  it('overfills the caps that hold more with it than they allow, and no other', () => {
    const caps = [1, 2, 3].map((max) => cap({ id: `at most ${max}`, max }))
    expect(overfilled(caps, {})).toEqual([])
    expect(overfilled(caps, { contacts: [earlier(2, HOUR)] })).toEqual(['at most 1'])
    expect(overfilled(caps, { contacts: [earlier(2, HOUR), earlier(3, HOUR)] })).toEqual([
      'at most 1',
      'at most 2',
    ])
    expect(overfilled([cap({ max: 0 })], {})).toEqual(['cap'])
  })

  it('does so in any window that it is in, and windows are half open', () => {
    expect(overfilled([cap()], { contacts: [earlier(2, DAY)] })).toEqual([])
    expect(overfilled([cap()], { contacts: [earlier(2, DAY - 1)] })).toEqual(['cap'])
    expect(overfilled([cap()], { contacts: [earlier(2, 1 - DAY)] })).toEqual(['cap'])
    expect(overfilled([cap()], { contacts: [earlier(2, -DAY)] })).toEqual([])
    // Two on either side, and no window holds both with it.
    const apart = [earlier(2, 0.6 * DAY), earlier(3, -0.6 * DAY)]
    expect(overfilled([cap({ max: 2 })], { contacts: apart })).toEqual([])
    expect(overfilled([cap({ max: 2 })], { contacts: [apart[0]!, earlier(3, -0.3 * DAY)] })).toEqual(['cap'])
  })

  it('is of a moment of its own: what was full elsewhere is not overfilled by it', () => {
    const contacts = [earlier(2, 5 * DAY), earlier(3, 5 * DAY)]
    expect(overfilled([cap()], { contacts })).toEqual([])
    expect(overfilled([cap()], { contacts, told: { at: NOW - 5 * DAY } })).toEqual(['cap'])
  })

  it.each([
    ['customer', { action: 'scarf', group: 'other' }, true],
    ['action', { group: 'other' }, true],
    ['action', { action: 'scarf' }, false],
    ['action', { action: undefined }, false],
    ['group', { action: 'scarf' }, true],
    ['group', { group: 'other' }, false],
    ['group', { group: undefined }, false],
    ['channel', { channel: 'email' }, false],
    ['placement', { placement: 'strip' }, false],
    ['tier', { tier: 'service' }, false],
  ] as const)('per %s counts with it one of %j: %s', (per, other, isCounted) => {
    const [confirmed, holds] = [earlier(2, HOUR, { facts: facts(other) }), [held(2, { facts: facts(other) })]]
    const expected = isCounted ? ['cap'] : []
    expect(overfilled([cap({ per })], { contacts: [confirmed] })).toEqual(expected)
    expect(overfilled([cap({ per })], { holds })).toEqual(expected)
  })

  it('is no matter of caps that do not count it, nor are others that they do not count', () => {
    const mails = cap({ where: { channel: new Set(['email']) } })
    const mail = facts({ channel: 'email' })
    expect(overfilled([mails], { contacts: [earlier(2, HOUR, { facts: mail })] })).toEqual([])
    expect(overfilled([mails], { contacts: [earlier(2, HOUR)], told: { facts: mail } })).toEqual([])
    expect(
      overfilled([mails], { contacts: [earlier(2, HOUR, { facts: mail })], told: { facts: mail } }),
    ).toEqual(['cap'])
    const unknown = { facts: facts({ group: undefined }) }
    expect(overfilled([cap({ per: 'group', max: 0 })], { told: unknown })).toEqual([])
  })

  it('counts with holds while they are live, and not with what bounced', () => {
    expect(overfilled([cap()], { holds: [held(2)] })).toEqual(['cap'])
    expect(overfilled([cap()], { holds: [held(2, { heldUntil: NOW })] })).toEqual([])
    expect(overfilled([cap({ max: 2 })], { holds: [held(2)], contacts: [earlier(3, 1)] })).toEqual(['cap'])
    const bounced = earlier(2, HOUR, { outcomes: [{ type: 'bounced', at: NOW }] })
    expect(overfilled([cap()], { contacts: [bounced] })).toEqual([])
  })

  it('counts with older contacts by their day, and with none from before the horizon', () => {
    const [max, windowMs] = [3, 150 * DAY]
    const day = Math.floor((NOW - 100 * DAY) / DAY_MS)
    const days = (contacts: number) => [{ facts: facts(), day, contacts, outcomes: new Map() }]
    expect(overfilled([cap({ max, windowMs })], { days: days(2) })).toEqual([])
    expect(overfilled([cap({ max, windowMs })], { days: days(3) })).toEqual(['cap'])
    expect(overfilled([cap({ max, windowMs: 99 * DAY })], { days: days(3) })).toEqual([])
    expect(overfilled([cap({ max, windowMs })], { days: days(3), horizonMs: 90 * DAY })).toEqual([])
    const old = { contacts: [earlier(2, 50 * DAY)], horizonMs: 40 * DAY }
    expect(overfilled([cap({ windowMs })], old)).toEqual([])
    expect(overfilled([cap({ windowMs })], { ...old, horizonMs: 60 * DAY })).toEqual(['cap'])
  })
})

describe('a contact counts newly', () => {
  const adding = (ledger: ContactLedger, one: Contact) => {
    const next = addContact(ledger, one)
    return { next, counted: newlyCounted(ledger, next, one.ref, NOW) }
  }

  it('once: when it is first told, and not with what is told of it afterwards', () => {
    const first = adding(EMPTY_LEDGER, contact(1))
    expect(first.counted).toEqual(contact(1))
    expect(adding(first.next, contact(1)).counted).toBeNull()
    expect(adding(first.next, contact(1, { outcomes: [{ type: 'click', at: NOW }] })).counted).toBeNull()
    expect(adding(first.next, contact(2)).counted).toEqual(contact(2))
  })

  it('when it had bounced, and was sent all the same', () => {
    const bounced = contact(1, { outcomes: [{ type: 'bounced', at: NOW - 2 }] })
    const first = adding(EMPTY_LEDGER, bounced)
    expect(first.counted).toBeNull()
    const sent = adding(first.next, contact(1, { outcomes: [{ type: 'sent', at: NOW - 1 }] }))
    expect(sent.counted).toMatchObject({ ref: contact(1).ref, outcomes: [{}, { type: 'sent' }] })
  })
})
