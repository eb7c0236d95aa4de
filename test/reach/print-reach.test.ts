import { describe, expect, it } from 'vitest'
import { printReach } from '../../src/cli/print-reach.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../src/domain/profile.ts'
import { reachOf } from '../../src/reach/reach.ts'
import { strangerTo, visitorOf } from '../../src/reach/visitor.ts'
import { action, makeCatalogue, type Wish } from '../decide/make-catalogue.ts'
import { NOW } from '../decide/make-house.ts'

const house = (wishes: Readonly<Record<string, Wish>>) =>
  makeCatalogue(
    Object.entries(wishes).map(([id, wish]) => action(id, wish)),
    { types: { customer: { age: 'number', club: { type: 'bool', default: false } } } },
  )

function report(wishes: Readonly<Record<string, Wish>>, ages: readonly (number | undefined)[]): string {
  const catalogue = house(wishes)
  const people = ages.map((age) =>
    visitorOf(catalogue, {
      ...NOTHING_STORED,
      profile: { ...EMPTY_PROFILE, attributes: age === undefined ? {} : { age } },
    }),
  )
  return printReach({
    actions: catalogue.actions.length,
    anonymous: reachOf(catalogue, [strangerTo(catalogue, null, false)], NOW),
    withoutConsent: reachOf(catalogue, [strangerTo(catalogue, null, true)], NOW),
    customers: people.length === 0 ? null : reachOf(catalogue, people, NOW),
  })
}

describe('who can be reached, in words', () => {
  it('tells of visitors alone where no customer is stored', () => {
    expect(report({ free: {}, grown: { eligibility: 'customer.age >= 18' } }, [])).toBe(
      [
        'who can be reached at all, whatever the context, stock and hour:',
        '  an anonymous visitor: 1 of 2 actions',
        '    customer.age is not known and keeps away grown',
        '  a customer without consent: 1 of 2 actions',
        '  customers of the store: none are stored yet, load some to see',
      ].join('\n'),
    )
  })

  it('tells of customers, of actions that reach none, and of rules that decide nothing', () => {
    const wishes = {
      free: { eligibility: '!customer.club' },
      grown: { eligibility: 'customer.age >= 18', applicability: 'live.stock > 0' },
      members: { eligibility: 'customer.club' },
    }
    expect(report(wishes, [10, 20, 30, undefined]).split('\n').slice(4)).toEqual([
      '  4 customers of the store: 1 to 2 of 3 actions each, median 2',
      '    customer.age is not known and keeps away grown',
      '    none of them is ever reached by members',
      'rules that never hold for these customers:',
      '  action members, eligibility: customer.club',
      'rules that always hold for these customers:',
      '  action free, eligibility: !customer.club',
    ])
  })

  it('names eight of many, and counts the rest', () => {
    const many = Object.fromEntries(
      Array.from({ length: 11 }, (_, i) => [`a${i}`, { eligibility: `customer.age > ${i}` }]),
    )
    expect(report(many, [])).toMatch(/keeps away a0, a1, a10, a2, .*, a6 and 3 more/)
  })
})
