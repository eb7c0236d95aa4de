import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../../src/domain/consent.ts'
import {
  type Contact,
  type ContactDay,
  type ContactFacts,
  type ContactOutcome,
  DAY_MS,
} from '../../../src/domain/contact.ts'
import { EMPTY_PROFILE } from '../../../src/domain/profile.ts'
import { SESSION_KEPT_MS } from '../../../src/ports/customer-store.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, codesOf, makeHouse, NOW, slateOf, verdictOf } from '../make-house.ts'

const HOUR = 3_600_000
const FACTS: ContactFacts = {
  channel: 'web',
  placement: 'hero',
  action: 'boots',
  group: undefined,
  tier: 'marketing',
  kind: 'offer',
}
const contact = (
  at: number,
  outcomes: readonly ContactOutcome[] = [],
  facts: Partial<ContactFacts> = {},
): Contact => ({
  facts: { ...FACTS, ...facts },
  ref: `${at}`,
  at,
  heldUntil: null,
  outcomes,
})
const day = (at: number, more: Partial<ContactDay> = {}): ContactDay => ({
  facts: FACTS,
  day: Math.floor(at / DAY_MS),
  contacts: 1,
  outcomes: new Map(),
  ...more,
})
const storeOf = (contacts: readonly Contact[], days: readonly ContactDay[] = []) => {
  const known = { ledger: { contacts, days } }
  return makeFakeStore({ customers: { 'c-1': known }, sessions: { 's-1': known } })
}

describe('“later”', () => {
  const catalogue = makeCatalogue([action('boots')])
  const until = NOW + 5 * HOUR
  const codes = async (outcomes: readonly ContactOutcome[], contactAt = NOW) =>
    codesOf(
      await makeHouse(catalogue, { store: storeOf([contact(NOW - 9 * HOUR, outcomes)]) })(ask({ contactAt })),
      'boots',
    )
  const later = (at: number, until: number): ContactOutcome => ({ type: 'later', at, until })

  it('is over the moment that was named', async () => {
    expect(await codes([later(NOW - HOUR, until)], until - 1)).toEqual(['asked_for_later'])
    expect(await codes([later(NOW - HOUR, until)], until)).toEqual(['best_of_permitted'])
  })

  it('is the newest that was said, and not what is still to be said', async () => {
    expect(await codes([later(NOW - 2 * HOUR, until), later(NOW - HOUR, NOW)])).toEqual(['best_of_permitted'])
    expect(await codes([later(NOW - 2 * HOUR, NOW), later(NOW - HOUR, until)])).toEqual(['asked_for_later'])
    expect(await codes([later(NOW + 1, until)])).toEqual(['best_of_permitted'])
  })
})

describe('a visitor without a name and a session', () => {
  it('is exempt from every policy, one that allows none at all, too', async () => {
    const catalogue = makeCatalogue([action('boots')], {
      contactPolicies: [{ id: 'none', per: 'customer', max: 0, window: '1d' }],
    })
    const decide = makeHouse(catalogue)
    expect(codesOf(await decide(ask({ customer: undefined })), 'boots')).toEqual(['best_of_permitted'])
    expect(codesOf(await decide(ask({ customer: undefined, sessionId: 's-1' })), 'boots')).toEqual(['capped'])
  })
})

describe('mandatory in quiet hours', () => {
  it('waits for their end and for no cap', async () => {
    const catalogue = makeCatalogue([action('boots', { tier: 'mandatory' })], {
      channels: { web: { quietHours: { from: '09:00', to: '11:00' } } },
      contactPolicies: [{ id: 'daily', per: 'customer', max: 1, window: '1d' }],
    })
    const decision = await makeHouse(catalogue, { store: storeOf([contact(NOW - HOUR)]) })(ask())
    expect(verdictOf(decision, 'boots').changes).toEqual([{ kind: 'time', from: NOW + HOUR }])
  })
})

describe('what is known by the day only', () => {
  const value = async (policy: object, days: readonly ContactDay[]) => {
    const catalogue = makeCatalogue([action('boots')], {
      contactPolicies: [{ id: 'p', per: 'customer', ...policy }],
    })
    const decision = await makeHouse(catalogue, { store: storeOf([contact(NOW - HOUR)], days) })(ask())
    return verdictOf(decision, 'boots').reasons[0]!.values.roughly
  }
  const ended = (at: number) => ({
    phrase: 'by_day',
    values: { since: (Math.floor(at / DAY_MS) + 1) * DAY_MS },
  })
  const long = NOW - 100 * DAY_MS

  it('is told of a cap, with the end of the last day that it counted', async () => {
    const cap = { max: 1, window: '110d' }
    expect(await value(cap, [day(long)])).toEqual(ended(long))
    expect(await value(cap, [day(long - 3 * DAY_MS), day(long)])).toEqual(ended(long))
    expect(await value(cap, [day(NOW - 120 * DAY_MS)])).toEqual({ phrase: 'nothing', values: {} })
  })

  it('is told of a silence', async () => {
    const silence = { after: { outcome: 'reject' }, suppressFor: '110d' }
    expect(await value(silence, [day(long, { outcomes: new Map([['reject', 1]]) })])).toEqual(ended(long))
  })

  it('counts as often as it came', async () => {
    const codes = async (policy: object, days: readonly ContactDay[]) => {
      const catalogue = makeCatalogue([action('boots')], {
        contactPolicies: [{ id: 'p', per: 'customer', ...policy }],
      })
      return codesOf(await makeHouse(catalogue, { store: storeOf([], days) })(ask()), 'boots')
    }
    expect(await codes({ max: 2, window: '110d' }, [day(long, { contacts: 2 })])).toEqual(['capped'])
    expect(
      await codes({ after: { outcome: 'reject', times: 2, within: '7d' }, suppressFor: '110d' }, [
        day(long, { outcomes: new Map([['reject', 2]]) }),
      ]),
    ).toEqual(['suppressed'])
  })
})

describe('a silence', () => {
  it('is told with the moment at which the last of several ends', async () => {
    const catalogue = makeCatalogue([action('boots')], {
      contactPolicies: [{ id: 'p', per: 'customer', after: { outcome: 'reject' }, suppressFor: '1d' }],
    })
    const rejects = [NOW - 5 * HOUR, NOW - HOUR].map((at) => ({ type: 'reject' as const, at }))
    const decision = await makeHouse(catalogue, { store: storeOf([contact(NOW - 9 * HOUR, rejects)]) })(ask())
    expect(verdictOf(decision, 'boots').reasons[0]!.values.until).toBe(NOW + 23 * HOUR)
  })
})

describe('the first moment at which something may be sent', () => {
  it('is told beside what is below its minimum, too', async () => {
    const two = makeCatalogue([action('boots'), action('socks', { minPropensity: 0.5 })], {
      channels: { web: { direction: 'outbound' } },
      contactPolicies: [{ id: 'p', per: 'action', max: 1, window: '1d' }],
    })
    const decide = makeHouse(two, { store: storeOf([contact(NOW - HOUR)]) })
    expect(slateOf(await decide(ask()))).toMatchObject({
      code: 'nothing_above_threshold',
      notBefore: NOW + 23 * HOUR,
    })
  })
})

describe('the first moment of a slate', () => {
  it('is that of whatever may be sent first', async () => {
    const catalogue = makeCatalogue([action('boots'), action('socks')], {
      channels: { web: { direction: 'outbound' } },
      contactPolicies: [{ id: 'p', per: 'action', max: 1, window: '1d' }],
    })
    const contacts = [contact(NOW - 5 * HOUR), contact(NOW - HOUR, [], { action: 'socks' })]
    const decision = await makeHouse(catalogue, { store: storeOf(contacts) })(ask())
    expect(slateOf(decision)).toMatchObject({ code: 'not_now', notBefore: NOW + 19 * HOUR })
  })
})

describe('the moment that would admit', () => {
  it('is none when the action ends right then', async () => {
    const changes = async (end: number) => {
      const catalogue = makeCatalogue([action('boots', { validity: { to: new Date(end).toISOString() } })], {
        contactPolicies: [{ id: 'p', per: 'customer', max: 1, window: '1d' }],
      })
      const decision = await makeHouse(catalogue, { store: storeOf([contact(NOW - HOUR)]) })(ask())
      return verdictOf(decision, 'boots').changes.map(({ kind }) => kind)
    }
    expect(await changes(NOW + 23 * HOUR)).toEqual(['cap'])
    expect(await changes(NOW + 23 * HOUR + 1)).toEqual(['time', 'cap'])
  })
})

describe('whose history was looked at', () => {
  it('is told with how long it is kept', async () => {
    const decide = makeHouse(
      makeCatalogue([action('boots')], {
        defaults: { locale: 'de', timeZone: 'Europe/Berlin', historyHorizon: '30d' },
      }),
      { store: storeOf([contact(NOW - HOUR)]) },
    )
    const of = async (who: object) => (await decide(ask(who))).history
    const customer = { of: 'customer', keptSince: NOW - 30 * DAY_MS, exactSince: NOW - 30 * DAY_MS }
    const session = { of: 'session', keptSince: NOW - SESSION_KEPT_MS, exactSince: NOW - SESSION_KEPT_MS }
    expect(await of({})).toEqual(customer)
    expect(await of({ sessionId: 's-1' })).toEqual(customer)
    expect(await of({ customer: undefined, sessionId: 's-1' })).toEqual(session)
    expect(await of({ customer: undefined })).toBeNull()
  })

  it('is the customer’s, when he has a session, too', async () => {
    const catalogue = makeCatalogue([action('boots')], {
      contactPolicies: [{ id: 'p', per: 'customer', max: 1, window: '1d' }],
    })
    const store = makeFakeStore({
      sessions: { 's-1': { ledger: { contacts: [contact(NOW - HOUR)], days: [] } } },
    })
    expect(codesOf(await makeHouse(catalogue, { store })(ask({ sessionId: 's-1' })), 'boots')).toEqual([
      'best_of_permitted',
    ])
  })
})

describe('a contact', () => {
  it('is never judged for a moment of the past', async () => {
    const catalogue = makeCatalogue([action('boots', { validity: { from: new Date(NOW).toISOString() } })])
    const decision = await makeHouse(catalogue)(ask({ contactAt: NOW - 1 }))
    expect(codesOf(decision, 'boots')).toEqual(['best_of_permitted'])
  })

  it('is judged by the validity at its own moment', async () => {
    const catalogue = makeCatalogue([
      action('boots', { validity: { from: new Date(NOW + HOUR).toISOString() } }),
    ])
    expect(codesOf(await makeHouse(catalogue)(ask({ contactAt: NOW + HOUR })), 'boots')).toEqual([
      'best_of_permitted',
    ])
    expect(codesOf(await makeHouse(catalogue)(ask()), 'boots')).toEqual(['not_yet_valid'])
  })
})

describe('personalisation', () => {
  it('that an address refused is refused only where that address, or none, is asked with', async () => {
    const refusal: ConsentStatement = {
      purpose: 'personalisation',
      channel: 'web',
      address: makeFakeStore().addressKey('a@example.org'),
      state: 'refused',
      at: 1,
      toldAt: 1,
    }
    const store = makeFakeStore({
      customers: { 'c-1': { profile: { ...EMPTY_PROFILE, attributes: {}, consents: [refusal] } } },
    })
    const decide = makeHouse(makeCatalogue([action('boots')]), { store })
    const personalised = async (address?: string) => (await decide(ask({ address }))).personalised
    expect(await personalised('a@example.org')).toBe(false)
    expect(await personalised('b@example.org')).toBe(true)
    // Which address is meant is not known: when in doubt, not.
    expect(await personalised()).toBe(false)
  })

  it('takes whatever is known without a purpose with it, where no attribute has one, too', async () => {
    const refusal: ConsentStatement = {
      purpose: 'personalisation',
      channel: null,
      address: null,
      state: 'refused',
      at: 1,
      toldAt: 1,
    }
    const store = makeFakeStore({
      customers: { 'c-1': { profile: { ...EMPTY_PROFILE, attributes: { age: 40 }, consents: [refusal] } } },
    })
    const catalogue = makeCatalogue([action('boots', { eligibility: 'customer.age >= 18' })], {
      types: { customer: { age: 'number' } },
    })
    expect(codesOf(await makeHouse(catalogue, { store })(ask()), 'boots')).toEqual(['data_missing'])
  })
})

describe('a purpose', () => {
  const said = (
    state: 'granted' | 'refused',
    at: number,
    purpose: string | null = null,
  ): ConsentStatement => ({
    purpose,
    channel: null,
    address: null,
    state,
    at,
    toldAt: at,
  })
  const house = (purposes: object, consents: readonly ConsentStatement[]) => {
    const store = makeFakeStore({ customers: { 'c-1': { profile: { ...EMPTY_PROFILE, consents } } } })
    return makeHouse(makeCatalogue([action('boots', { purpose: 'ads' })], { purposes }), { store })(ask())
  }

  it.each([
    ['legalObligation', 'best_of_permitted'],
    ['vitalInterest', 'best_of_permitted'],
    ['contract', 'consent_refused'],
    ['publicTask', 'consent_refused'],
    ['legitimateInterest', 'consent_refused'],
    ['consent', 'consent_refused'],
  ])('of basis %s ends a no to it with %s', async (basis, code) => {
    const decision = await house({ ads: { basis } }, [said('refused', 1, 'ads')])
    expect(codesOf(decision, 'boots')).toEqual([code])
  })

  it('that was refused more than once was refused when it was refused last', async () => {
    const consents = [said('refused', 1, 'ads'), said('refused', 3), said('refused', 2, 'ads')]
    const decision = await house({ ads: { basis: 'consent' } }, consents)
    expect(verdictOf(decision, 'boots').reasons[0]!.values.since).toEqual({
      phrase: 'on_date',
      values: { at: 3 },
    })
  })

  it('that is denied by default leaves a stranger impersonal until he agrees', async () => {
    const purposes = { ads: { basis: 'contract' }, personalisation: { basis: 'consent' } }
    expect((await house(purposes, [])).personalised).toBe(false)
    expect((await house(purposes, [said('granted', 1, 'personalisation')])).personalised).toBe(true)
  })
})
