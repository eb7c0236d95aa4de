import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attributes } from '../../src/domain/attributes.ts'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { EMPTY_PROFILE } from '../../src/domain/profile.ts'
import { scorerThat } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, makeHouse } from './make-house.ts'

const refusal = (purpose: string, channel: string | null = null): ConsentStatement => ({
  purpose,
  channel,
  address: null,
  state: 'refused',
  at: 1,
  toldAt: 1,
})

const catalogue = makeCatalogue(
  [
    action('adults', { eligibility: 'customer.age >= 18', value: 3 }),
    action('loyal', { suitability: 'features.orders > 3', value: 2 }),
    action('named', { says: { de: 'Hallo {{customer.firstName}}' }, value: 2 }),
    action('sorry', { applicability: 'customer.late', tier: 'service' }),
    action('plain'),
  ],
  {
    types: {
      customer: {
        age: { type: 'number', default: 0 },
        firstName: 'string',
        late: { type: 'bool', default: false, purpose: 'care' },
      },
    },
    purposes: { care: { basis: 'contract' } },
  },
)
/** Depends on every feature, so that any that is looked at shows. */
const scorer = scorerThat(({ id }, { customer: { vector } }) =>
  Math.min(1, (id.length + vector![0]! + vector![1]! / 1000) / 100),
)

const anyPerson = fc.record({
  attributes: fc.record(
    { age: fc.constantFrom(0, 17, 18, 60), firstName: fc.constantFrom('Anna', 'Ben'), late: fc.boolean() },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Attributes>,
  vector: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 99 }))
      .map((pair) => Float32Array.of(...pair)),
  ),
})
type Anybody = typeof anyPerson extends fc.Arbitrary<infer Value> ? Value : never

async function decide({ attributes, vector }: Anybody, consents: readonly ConsentStatement[]) {
  const store = makeFakeStore({
    customers: { 'c-1': { profile: { ...EMPTY_PROFILE, attributes, consents }, vector } },
  })
  const decision = await makeHouse(catalogue, { store, scorer })(ask({ slates: { hero: 5 } }))
  return { shown: decision.slates, verdicts: decision.verdicts, personalised: decision.personalised }
}

describe('a customer who refuses personalisation', () => {
  it('gets the same whatever is known of him, but for what another purpose lets us know', async () => {
    let told = 0
    await fc.assert(
      fc.asyncProperty(anyPerson, anyPerson, async (one, other) => {
        const late = other.attributes.late === undefined ? {} : { late: other.attributes.late }
        const { late: _, ...attributes } = one.attributes
        const same = { ...one, attributes: { ...attributes, ...late } as Attributes }
        const no = [refusal('personalisation')]
        expect(await decide(same, no)).toEqual(await decide(other, no))
        if (JSON.stringify(await decide(same, [])) !== JSON.stringify(await decide(other, []))) told++
      }),
      { numRuns: 200 },
    )
    // Without the refusal, what is known makes a difference.
    expect(told).toBeGreaterThan(100)
  })

  it('is told of as one, and only on the channel that he refused it for', async () => {
    const somebody = { attributes: { age: 40 }, vector: null }
    expect((await decide(somebody, [refusal('personalisation')])).personalised).toBe(false)
    expect((await decide(somebody, [refusal('personalisation', 'web')])).personalised).toBe(false)
    expect((await decide(somebody, [refusal('personalisation', 'email')])).personalised).toBe(true)
  })

  it('who also refuses the purpose of an attribute hides that one too', async () => {
    const sorry = async (consents: readonly ConsentStatement[]) =>
      (await decide({ attributes: { late: true }, vector: null }, consents)).verdicts.find(
        ({ action: { id } }) => id === 'sorry',
      )!.status
    expect(await sorry([refusal('personalisation')])).toBe('selected')
    expect(await sorry([refusal('care')])).toBe('refused')
  })
})
