import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import { readSampleActions } from '../../src/sample/actions.ts'
import { CATEGORIES, CATEGORY_INDEX } from '../../src/sample/assortment.ts'
import type { Contact } from '../../src/sample/contacts.ts'
import { generateShop, type SampleCustomer } from '../../src/sample/generate.ts'
import { customersCsv, responsesCsv, transactionsCsv } from '../../src/sample/tables.ts'

const actions = await readSampleActions()
const actionOf = new Map(actions.map((action) => [action.id, action]))
const shop = generateShop(actions)
const tables = {
  customers: customersCsv(shop),
  transactions: transactionsCsv(shop),
  responses: responsesCsv(shop),
}
const rowsOf = (csv: string) =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))

describe('the sample data', () => {
  it('is of a size to learn from and to wait for', () => {
    const [customers, transactions, responses] = Object.values(tables).map((csv) => rowsOf(csv).length)
    expect(customers).toBe(2000)
    expect(transactions).toBeGreaterThan(30_000)
    expect(transactions).toBeLessThan(45_000)
    expect(responses).toBeGreaterThan(40_000)
    expect(responses).toBeLessThan(60_000)
  })

  it('is the same everywhere', () => {
    expect(Object.values(tables).map(sha256Hex)).toEqual([
      'ba94178ad49704a59f875acfca601c924fa76630e976029c427fdb873bb6eaad',
      'eda45095a7e3c040a727117fadf0ec4f6c761efa50a94e0cd692ba364d8ae2be',
      'c46d8be04b716053139714e2ace9d8819d2d7a47ce744f6b9c9d8163638d5b7a',
    ])
  })

  it('lies before the as-of day, and contacts within the half-year before it', () => {
    const column = (csv: string, index: number) => rowsOf(csv).map((row) => row[index]!)
    const between = (values: string[], from: string, to: string) =>
      values.every((value) => value >= from && value < to)
    expect(between(column(tables.customers, 4), '2015', '2026-11-01')).toBe(true)
    expect(between(column(tables.transactions, 2), '2024-11-01T00:00:00', '2026-11-01T00:00:00')).toBe(true)
    expect(between(column(tables.responses, 3), '2026-05-01T00:00:00', '2026-11-01T00:00:00')).toBe(true)
  })

  it('contacts and serves members only, and subscribers only by e-mail', () => {
    for (const { person, lines, contacts } of shop) {
      const joined = person.memberSince * 86_400
      expect([...lines, ...contacts].every(({ at }) => at >= joined)).toBe(true)
      if (!person.newsletter) expect(contacts.some(({ channel }) => channel === 'email')).toBe(false)
    }
  })

  it('is not too clean: returns, one-time buyers, silent members, unknown birth years', () => {
    expect(rowsOf(tables.transactions).filter((row) => Number(row[5]) < 0).length).toBeGreaterThan(1000)
    expect(shop.filter(({ situation }) => situation.orders === 1).length).toBeGreaterThan(200)
    expect(shop.filter(({ situation }) => situation.orders === 0).length).toBeGreaterThan(40)
    expect(rowsOf(tables.customers).filter((row) => row[3] === '').length).toBeGreaterThan(60)
  })
})

describe('the truth in the responses', () => {
  const isOffer = ({ action }: Contact) => actionOf.get(action)!.kind === 'offer'

  it('pays offers a few times in a hundred, whatever the action', () => {
    expect(rate(() => true, isOffer)).toBeGreaterThan(0.03)
    expect(rate(() => true, isOffer)).toBeLessThan(0.06)
    for (const { id, kind } of actions) {
      const times = shop.flatMap(({ contacts }) => contacts).filter((contact) => contact.action === id).length
      expect(times, id).toBeGreaterThan(kind === 'offer' ? 250 : 800)
    }
  })

  it.each<[string, (customer: SampleCustomer) => boolean]>([
    ['apologise-late-parcel', ({ situation }) => situation.lateParcelDays > 0],
    ['help-open-return', ({ situation }) => situation.openReturn],
    ['remind-pick-up', ({ situation }) => situation.pickupWaiting],
    ['offer-fit-advice', ({ situation }) => situation.fitReturns >= 2],
    ['birthday-greeting', ({ situation }) => situation.birthdaySoon],
    ['rescue-points', ({ situation }) => situation.pointsExpiring > 0],
  ])('welcomes %s when it is called for, and hardly ever else', (id, calledFor) => {
    const contact = ({ action }: Contact) => action === id
    expect(rate(calledFor, contact)).toBeGreaterThan(0.3)
    expect(rate((customer) => !calledFor(customer), contact)).toBeLessThan(0.02)
  })

  it('follows taste: what somebody buys often sells better to them', () => {
    const often = (customer: SampleCustomer, contact: Contact) => boughtShare(customer, contact) > 0.2
    const seldom = (customer: SampleCustomer, contact: Contact) => boughtShare(customer, contact) < 0.03
    expect(rateOfPairs(often) / rateOfPairs(seldom)).toBeGreaterThan(3)
  })

  it('follows comparable customers: kidswear sells to those who bought toys, and never kidswear', () => {
    const kidswear = ({ action }: Contact) => actionOf.get(action)!.category === 'kidswear'
    const none = (customer: SampleCustomer) => bought(customer, 'kidswear') === 0 && customer.lines.length > 0
    const withToys = rate((customer) => none(customer) && bought(customer, 'toys') > 0, kidswear)
    const without = rate((customer) => none(customer) && bought(customer, 'toys') === 0, kidswear)
    expect(withToys).toBeGreaterThan(without)
  })

  it('fades with silence', () => {
    const recent = rate(({ situation }) => situation.recencyDays <= 90, isOffer)
    const silent = rate(({ situation }) => situation.recencyDays > 365, isOffer)
    expect(recent / silent).toBeGreaterThan(2)
  })

  function rateOfPairs(of: (customer: SampleCustomer, contact: Contact) => boolean): number {
    const contacts = shop.flatMap((customer) =>
      customer.lines.length < 10
        ? []
        : customer.contacts.filter((contact) => isOffer(contact) && of(customer, contact)),
    )
    return contacts.filter(({ converted }) => converted).length / contacts.length
  }
})

/** Conversions per contact. */
function rate(who: (customer: SampleCustomer) => boolean, which: (contact: Contact) => boolean): number {
  const contacts = shop.filter(who).flatMap((customer) => customer.contacts.filter(which))
  return contacts.filter(({ converted }) => converted).length / contacts.length
}

/** Share of the customer's lines that are of the action's category. */
function boughtShare(customer: SampleCustomer, contact: Contact): number {
  return bought(customer, actionOf.get(contact.action)!.category!) / customer.lines.length
}

function bought({ lines }: SampleCustomer, category: string): number {
  expect(CATEGORIES[CATEGORY_INDEX.get(category)!]!.name).toBe(category)
  return lines.filter((line) => line.product.category === CATEGORY_INDEX.get(category)).length
}
