import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attributes, Scalar } from '../../src/domain/attributes.ts'
import type { Change } from '../../src/domain/change.ts'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { EMPTY_PROFILE } from '../../src/domain/profile.ts'
import { witnessOf } from '../../src/domain/rule-comparison.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, codesOf, makeHouse, verdictOf } from './make-house.ts'

const MORE = {
  types: {
    customer: { age: 'number', country: 'string', club: 'bool', complaint: { type: 'bool', default: false } },
    context: { basket: { type: 'number', default: 0 } },
  },
  blocks: [{ id: 'complaint-first', tier: 'marketing', when: 'customer.complaint || context.basket > 500' }],
}

const clause = fc.constantFrom(
  ...['customer.age >= 18', 'customer.age < 65', '21 <= customer.age', '!customer.club', 'customer.club'],
  ...['customer.country == "DE"', 'customer.country in ["DE", "AT"]', '!(customer.country == "CH")'],
  ...['context.basket > 50', 'context.basket != 100', 'has(customer.age)', 'customer.age > context.basket'],
)
const anyRule = fc.oneof(
  clause,
  fc.tuple(clause, fc.constantFrom('&&', '||'), clause).map((parts) => parts.join(' ')),
  fc.tuple(clause, clause, clause).map(([a, b, c]) => `${a} && !(${b} || ${c})`),
)
const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const anyPerson = fc.record({
  age: some(fc.constantFrom(0, 17, 18, 21, 64, 65)),
  country: some(fc.constantFrom('DE', 'AT', 'CH')),
  club: some(fc.boolean()),
  complaint: some(fc.constantFrom(true, false, false, false)),
})
const defined = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Attributes

interface Asking {
  readonly rules: readonly (string | undefined)[]
  readonly customer: Attributes
  readonly context: Attributes
}

async function decide({ rules, customer, context }: Asking) {
  const [eligibility, applicability, suitability] = rules
  const wish = defined({ eligibility, applicability, suitability })
  const catalogue = makeCatalogue([action('boots', wish)], MORE)
  const profile = { ...EMPTY_PROFILE, attributes: customer }
  const store = makeFakeStore({ customers: { 'c-1': { profile } } })
  return makeHouse(catalogue, { store })(ask({ context }))
}

/** The same asking with one comparison made to hold. */
function after(asking: Asking, change: Change): Asking {
  if (change.kind !== 'comparison') throw new Error('a comparison was expected')
  const [root, field] = change.needs.name.split('.') as ['customer' | 'context', string]
  return { ...asking, [root]: { ...asking[root], [field]: witnessOf(change.needs) as Scalar } }
}

describe('the comparison that would admit', () => {
  it('admits, and is told of a candidate that only one simple clause refuses', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(some(anyRule), { minLength: 1, maxLength: 3 }),
        anyPerson,
        fc.constantFrom(0, 51, 100, 501),
        async (rules, person, basket) => {
          const asking = { rules, customer: defined(person), context: { basket } }
          const { status, reasons, changes } = verdictOf(await decide(asking), 'boots')
          if (status !== 'refused') expect(changes).toEqual([])
          else if (reasons.length > 1) expect(changes).toEqual([])
          for (const change of changes) {
            told++
            expect(codesOf(await decide(after(asking, change)), 'boots')).toEqual(['best_of_permitted'])
          }
        },
      ),
      { numRuns: 1000 },
    )
    expect(told).toBeGreaterThan(50)
  })

  it.each([
    ['customer.age >= 18', { age: 17 }, { name: 'customer.age', op: '>=', wanted: 18 }, 17],
    ['customer.club', {}, { name: 'customer.club', op: '==', wanted: true }, undefined],
    [
      'customer.country in ["DE", "AT"]',
      { country: 'CH' },
      { name: 'customer.country', op: 'in', wanted: ['DE', 'AT'] },
      'CH',
    ],
  ])('of %s says what it is now and what it needs', async (rule, customer, needs, is) => {
    const decision = await decide({ rules: [rule], customer, context: {} })
    expect(verdictOf(decision, 'boots').changes).toEqual([{ kind: 'comparison', needs, is }])
  })

  it('is told of a block, turned round', async () => {
    const decision = await decide({ rules: [], customer: { complaint: true }, context: {} })
    expect(verdictOf(decision, 'boots').changes).toEqual([
      { kind: 'comparison', needs: { name: 'customer.complaint', op: '==', wanted: false }, is: true },
    ])
  })

  it('is not told when mending it breaks another rule', async () => {
    const rules = ['customer.age >= 18', 'customer.age < 18']
    const decision = await decide({ rules, customer: { age: 17 }, context: {} })
    expect(codesOf(decision, 'boots')).toEqual(['not_eligible'])
    expect(verdictOf(decision, 'boots').changes).toEqual([])
  })
})

describe('no comparison is told', () => {
  const refused = async (wish: object, consents: readonly ConsentStatement[] = [], more: object = {}) => {
    const catalogue = makeCatalogue([action('boots', { in: ['hero', 'side'], ...wish })], {
      ...MORE,
      placements: [
        { id: 'hero', channel: 'web' },
        { id: 'side', channel: 'web' },
      ],
      ...more,
    })
    const profile = { ...EMPTY_PROFILE, attributes: { age: 17, complaint: true }, consents }
    const store = makeFakeStore({ customers: { 'c-1': { profile } } })
    const verdict = verdictOf(await makeHouse(catalogue, { store })(ask()), 'boots')
    expect(verdict.status).toBe('refused')
    return verdict.changes.map(({ kind }) => kind)
  }
  const no: ConsentStatement = {
    purpose: 'personalisation',
    channel: null,
    address: null,
    state: 'refused',
    at: 1,
    toldAt: 1,
  }

  it.each(['placement == "side"', 'channel != "web"', 'action.kind == "activity"'])(
    'of where and of what it is asked: %s',
    async (applicability) => {
      expect(await refused({ applicability, tier: 'service' })).toEqual([])
    },
  )

  it('of what the customer does not let us use', async () => {
    const adults = { eligibility: 'customer.age >= 18', tier: 'service' }
    expect(await refused(adults)).toEqual(['comparison'])
    expect(await refused(adults, [no])).toEqual([])
    expect(await refused({ suitability: 'features.orders > 3', tier: 'service' }, [no])).toEqual([])
    const purposes = { purposes: { care: { basis: 'contract' } } }
    const complaint = { type: 'bool', default: false, purpose: 'care' }
    const types = { types: { customer: { ...MORE.types.customer, complaint } } }
    expect(await refused({}, [no], { ...purposes, types: { ...MORE.types, ...types.types } })).toEqual([
      'comparison',
    ])
  })
})

describe('the moment that would admit', () => {
  it('is not told when a rule about the time does not hold then', async () => {
    const policies = { contactPolicies: [{ id: 'once', per: 'customer', max: 1, window: '7d' }] }
    const at = Date.parse('2026-11-01T08:00:00Z')
    const facts = {
      channel: 'web',
      placement: undefined,
      action: 'x',
      group: undefined,
      tier: 'marketing',
      kind: 'offer',
    } as const
    const ledger = { contacts: [{ facts, ref: '0', at, heldUntil: null, outcomes: [] }], days: [] }
    const store = makeFakeStore({ customers: { 'c-1': { ledger } } })
    const changes = async (applicability: string) => {
      const catalogue = makeCatalogue([action('boots', { applicability })], policies)
      const decision = await makeHouse(catalogue, { store })(ask())
      return verdictOf(decision, 'boots').changes.map(({ kind }) => kind)
    }
    expect(await changes('now < timestamp("2026-12-01T00:00:00Z")')).toEqual(['time', 'cap'])
    expect(await changes('now < timestamp("2026-11-05T00:00:00Z")')).toEqual(['cap'])
  })
})

describe('the threshold that would admit', () => {
  it('is the propensity as it is told', async () => {
    const scorer = makeFakeScorer({ boots: 0.012345678 })
    const verdict = async (minPropensity: number) =>
      verdictOf(
        await makeHouse(makeCatalogue([action('boots', { minPropensity })]), { scorer })(ask()),
        'boots',
      )
    const [change] = (await verdict(0.02)).changes
    expect(change).toEqual({ kind: 'threshold', minimum: 0.012346 })
    expect((await verdict(0.012346)).status).toBe('selected')
    expect((await verdict(0.012347)).status).toBe('refused')
  })
})

describe('changes', () => {
  it('are worked out only for whoever asks', async () => {
    const catalogue = makeCatalogue([action('boots', { eligibility: 'customer.age >= 18' })], MORE)
    const { verdicts } = await makeHouse(catalogue)(ask({ explain: 'none' }))
    expect(verdicts).toEqual([])
    const { verdicts: codes } = await makeHouse(catalogue)(ask({ explain: 'codes' }))
    expect(codes).toMatchObject([{ status: 'refused', changes: [{ kind: 'comparison' }] }])
  })
})
