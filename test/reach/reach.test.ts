import { describe, expect, it } from 'vitest'
import type { Attributes } from '../../src/domain/attributes.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../src/domain/profile.ts'
import { type Reach, reachOf } from '../../src/reach/reach.ts'
import { strangerTo, visitorOf } from '../../src/reach/visitor.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'
import { action, makeCatalogue, type Wish } from '../decide/make-catalogue.ts'
import { NOW } from '../decide/make-house.ts'

const MORE = {
  types: {
    customer: { age: 'number', firstName: 'string', since: 'string', club: { type: 'bool', default: false } },
    context: { intent: 'string', basketValue: { type: 'number', default: 0 } },
  },
  channels: { web: {}, email: { direction: 'outbound' } },
  purposes: {
    consent: { basis: 'consent', default: 'allow' },
    denied: { basis: 'consent', default: 'deny' },
    contract: { basis: 'contract', default: 'allow' },
  },
  placements: [
    { id: 'hero', channel: 'web' },
    { id: 'mail', channel: 'email' },
  ],
}
const house = (wishes: Readonly<Record<string, Wish>>, more: object = {}): Catalogue =>
  makeCatalogue(
    Object.entries(wishes).map(([id, wish]) => action(id, wish)),
    { ...MORE, ...more },
  )
const customer = (attributes: Attributes, orders?: number) => ({
  ...NOTHING_STORED,
  profile: { ...EMPTY_PROFILE, attributes },
  featureSet: FEATURE_SET,
  vector: orders === undefined ? null : Float32Array.of(orders, 1),
})
const stranger = (catalogue: Catalogue, refuses = false) => [strangerTo(catalogue, FEATURE_SET, refuses)]
const ids = (reach: Reach) => reach.never.map(({ id }) => id)
const missing = ({ missing }: Reach) =>
  Object.fromEntries([...missing].map(([name, actions]) => [name, [...actions].map(({ id }) => id)]))

describe('who can be reached', () => {
  it.each<[string, Wish, boolean]>([
    ['nothing that is asked', {}, true],
    ['what nobody knows of him', { eligibility: 'customer.age >= 18' }, false],
    ['a default that admits', { eligibility: '!customer.club' }, true],
    ['a default that does not', { eligibility: 'customer.club' }, false],
    ['a feature’s default that admits', { suitability: 'features.orders < 1' }, true],
    ['a feature’s default that does not', { suitability: 'features.orders > 1' }, false],
    ['any context', { applicability: 'context.intent == "buy"' }, true],
    ['any context, default or not', { applicability: 'context.basketValue > 100' }, true],
    ['any stock', { applicability: 'live.stock > 0' }, true],
    ['any price', { applicability: 'live.price < action.price', attributes: { price: 3 } }, true],
    ['a value by what nobody knows of him', { value: 'customer.age * 2' }, false],
    ['a value by the price of the moment', { value: 'live.price * 0.3' }, true],
    ['any hour', { applicability: 'now.getHours("Europe/Berlin") == 3' }, true],
    ['an hour or what nobody knows', { applicability: 'customer.age > 18 || live.stock > 0' }, true],
    ['an hour and what nobody knows', { applicability: 'customer.age > 18 && live.stock > 0' }, false],
    ['the opposite of both', { applicability: '!(customer.age > 18 && live.stock > 0)' }, true],
    ['a choice by the moment', { applicability: 'live.stock > 0 ? customer.age > 1 : true' }, true],
    [
      'a choice by the moment without a chance',
      { applicability: 'live.stock > 0 ? customer.age > 1 : false' },
      false,
    ],
    ['another channel', { applicability: 'channel == "email"' }, false],
    ['one channel of two', { in: ['hero', 'mail'], applicability: 'channel == "email"' }, true],
    ['one placement of two', { in: ['hero', 'mail'], applicability: 'placement == "hero"' }, true],
    ['a basis of consent', { purpose: 'consent' }, true],
    ['a consent that is denied unless given', { purpose: 'denied' }, false],
    ['a contract', { purpose: 'contract' }, true],
    ['a name in its content', { says: { de: 'Hallo {{customer.firstName}}' } }, false],
    ['a name in one language of two', { says: { de: 'Hallo {{customer.firstName}}', en: 'Hello' } }, true],
    ['the moment in its content', { says: { de: '{{live.price}} {{context.intent}}' } }, true],
    ['a time to come', { validity: { from: '2027-01-01T00:00:00Z' } }, true],
  ])('asks an anonymous visitor for %s', (_, wish, reached) => {
    const catalogue = house({ it: wish })
    const reach = reachOf(catalogue, stranger(catalogue), NOW)
    expect(reach.counts).toEqual([reached ? 1 : 0])
    expect(ids(reach)).toEqual(reached ? [] : ['it'])
  })

  it.each<[string, Wish]>([
    ['is not active', { status: 'inactive' }],
    ['has ended', { validity: { to: new Date(NOW).toISOString() } }],
  ])('leaves out what %s', (_, wish) => {
    const catalogue = house({ it: wish, other: {} })
    const reach = reachOf(catalogue, stranger(catalogue), NOW)
    expect([reach.counts, ids(reach)]).toEqual([[1], []])
  })

  it('denies without consent what rests on it, whatever its default', () => {
    const catalogue = house({ a: { purpose: 'consent' }, b: { purpose: 'contract' }, c: {} })
    expect(reachOf(catalogue, stranger(catalogue), NOW).counts).toEqual([3])
    const refusing = reachOf(catalogue, stranger(catalogue, true), NOW)
    expect([refusing.counts, ids(refusing)]).toEqual([[2], ['a']])
  })

  it('counts for each customer by his own data, and names whom it never reaches', () => {
    const catalogue = house({
      adults: { eligibility: 'customer.age >= 18' },
      loyal: { suitability: 'features.orders > 3' },
      club: { eligibility: 'customer.club' },
      named: { says: { de: 'Hallo {{customer.firstName}}' } },
    })
    const people = [
      customer({ age: 40, firstName: 'Anna' }, 5),
      customer({ age: 12 }, 5),
      customer({ firstName: ' ' }),
    ].map((stored) => visitorOf(catalogue, stored))
    const reach = reachOf(catalogue, people, NOW)
    expect(reach.counts).toEqual([3, 1, 0])
    expect(ids(reach)).toEqual(['club'])
    expect(missing(reach)).toEqual({ 'customer.age': ['adults'], 'customer.firstName': ['named'] })
  })
})

describe('what is missing', () => {
  it('is told of actions that only want of it keeps away', () => {
    const catalogue = house({
      grown: { eligibility: 'customer.age >= 18' },
      older: { eligibility: 'customer.age >= 60' },
      refused: { eligibility: 'customer.age >= 18', suitability: 'customer.club' },
      denied: { eligibility: 'customer.age >= 18', purpose: 'denied' },
      free: {},
      named: { says: { de: '{{customer.firstName}}' } },
      elsewhere: { in: ['hero', 'mail'], applicability: 'channel == "web" || customer.age > 1' },
    })
    expect(missing(reachOf(catalogue, stranger(catalogue), NOW))).toEqual({
      'customer.age': ['grown', 'older'],
      'customer.firstName': ['named'],
    })
  })

  it('is not what is there and cannot be worked with', () => {
    const catalogue = house({ it: { eligibility: 'timestamp(customer.since) < now' } })
    const reach = reachOf(catalogue, [visitorOf(catalogue, customer({ since: 'long ago' }))], NOW)
    expect([reach.counts, missing(reach)]).toEqual([[0], {}])
  })

  it('is no feature while no set is loaded: nobody knows yet what there will be', () => {
    const catalogue = house({ it: { suitability: 'features.orders < 1' } })
    const reach = reachOf(catalogue, [strangerTo(catalogue, null, false)], NOW)
    expect([missing(reach), reach.counts]).toEqual([{}, [1]])
  })
})

describe('treatments', () => {
  const treatments = (first: object, second: object = {}) => ({
    it: {
      treatments: [
        { id: 'a', for: ['hero'], content: { de: 'A' }, ...first },
        { id: 'b', for: ['hero'], content: { de: 'B' }, ...second },
      ],
    },
  })
  it.each([
    ['one of two needs nothing', treatments({ needs: ['customer.firstName'] }), true],
    [
      'both need what is not known',
      treatments({ needs: ['customer.firstName'] }, { needs: ['customer.age'] }),
      false,
    ],
    ['the other stands in', treatments({ needs: ['customer.firstName'], otherwise: 'b' }), true],
    [
      'the other would stand in and lacks another',
      treatments({ needs: ['customer.firstName'], otherwise: 'b' }, { content: { de: '{{customer.age}}' } }),
      false,
    ],
    [
      'the moment may bring what it needs',
      treatments({ needs: ['context.intent'] }, { for: ['mail'], needs: ['customer.age'] }),
      true,
    ],
  ])('reach somebody of whom nothing is known when %s', (_, wishes, reached) => {
    const catalogue = house(wishes as never)
    const reach = reachOf(catalogue, stranger(catalogue), NOW)
    expect(reach.counts).toEqual([reached ? 1 : 0])
    expect(Object.keys(missing(reach))).toEqual(reached ? [] : ['customer.firstName'])
  })
})

describe('blocks', () => {
  const block = (when: string) => ({ blocks: [{ id: 'stop', tier: 'marketing', when }] })
  it.each([
    ['customer.club', 2],
    ['!customer.club', 1],
    ['customer.age > 90', 1],
    ['context.intent == "complain"', 2],
    ['customer.age > 90 && context.intent == "complain"', 2],
    ['customer.age > 90 && customer.club', 2],
    ['customer.age > 90 || context.intent == "complain"', 2],
  ])('stop the tier they name: %s', (when, count) => {
    const catalogue = house({ sale: {}, help: { tier: 'service' } }, block(when))
    expect(reachOf(catalogue, stranger(catalogue), NOW).counts).toEqual([count])
  })
})

describe('rules', () => {
  it('are told with what they came to, once however many actions share them', () => {
    const catalogue = house(
      {
        a: { group: 'g' },
        b: { group: 'g', applicability: 'live.stock > 0' },
        c: { eligibility: 'customer.age >= 18' },
      },
      {
        groups: [{ id: 'g', eligibility: '!customer.club' }],
        blocks: [{ id: 'stop', tier: 'marketing', when: 'features.orders > 100' }],
      },
    )
    const people = [customer({ age: 40 }), customer({ age: 3, club: true }), customer({})]
    const { rules } = reachOf(
      catalogue,
      people.map((one) => visitorOf(catalogue, one)),
      NOW,
    )
    const told = rules.map(({ owner, level, source, tally }) => [owner, level, source, tally])
    const outcomes = (holds: number, fails: number, missing: number, depends: number) => ({
      holds,
      fails,
      missing,
      depends,
    })
    expect(told).toEqual([
      ['block stop', 'block', 'features.orders > 100', outcomes(0, 9, 0, 0)],
      ['group g', 'eligibility', '!customer.club', outcomes(4, 2, 0, 0)],
      ['action b', 'applicability', 'live.stock > 0', outcomes(0, 0, 0, 3)],
      ['action c', 'eligibility', 'customer.age >= 18', outcomes(1, 1, 1, 0)],
    ])
  })
})
