import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build, GOOD, goodBut, refusals } from './good-document.ts'

const HEAD = `schema: emma/v1
types: { customer: { age: number } }
channels: { web: {} }
placements: [{ id: hero, channel: web }]
groups: [{ id: shoes }]
actions:
`
const treatments = (placement = 'hero') => `treatments: [{ id: t, for: [${placement}], content: { en: Hi } }]`
const GOOD_ACTION = (id: string) => `  - { id: ${id}, group: shoes, ${treatments()} }\n`

/** An action with one fault of each sort, and where in its line and how it is told. */
const BAD_ACTIONS = {
  form: [(id: string) => `  - { id: ${id}, kind: gift, ${treatments()} }\n`, 'kind): this value is not one'],
  'unknown key': [
    (id: string) => `  - { id: ${id}, knd: offer, ${treatments()} }\n`,
    'knd): unknown key "knd"',
  ],
  reference: [
    (id: string) => `  - { id: ${id}, group: socks, ${treatments()} }\n`,
    'group "socks" is not in the',
  ],
  'another reference': [
    (id: string) => `  - { id: ${id}, ${treatments('footer')} }\n`,
    'placement "footer" is',
  ],
  rule: [
    (id: string) => `  - { id: ${id}, eligibility: customer.size > 1, ${treatments()} }\n`,
    'customer.size is not',
  ],
} as const

describe('faults of form, of reference and of a rule', () => {
  it('are told together, each at its place', () => {
    const text = `${HEAD}${BAD_ACTIONS.form[0]('a')}${GOOD_ACTION('b')}${BAD_ACTIONS.reference[0]('c')}${BAD_ACTIONS.rule[0]('d')}`
    expect(refusals(text)).toEqual([
      'shop.yaml:7:14 (actions.0.kind): this value is not one of those allowed; use "offer" or "activity"',
      'shop.yaml:9:14 (actions.2.group): group "socks" is not in the catalogue; use one of shoes, or declare it under groups',
      'shop.yaml:10:27 (actions.3.eligibility): customer.size is not declared under types.customer; use one of customer.age',
    ])
  })

  it('are told together of one action, where they do not depend on one another', () => {
    const action = `  - { id: a, colour: red, tier: vip, group: socks, eligibility: customer.size > 1, claims: '((', ${treatments('footer')} }\n`
    expect(refusals(HEAD + action)).toEqual([
      expect.stringContaining('(actions.0.colour): unknown key "colour"'),
      expect.stringContaining('(actions.0.tier): this value is not one of those allowed'),
      expect.stringContaining('(actions.0.group): group "socks" is not in the catalogue'),
      expect.stringContaining('(actions.0.eligibility): customer.size is not declared'),
      expect.stringContaining('(actions.0.claims): the rule ends too early'),
      expect.stringContaining('(actions.0.treatments.0.for.0): placement "footer" is not in the catalogue'),
    ])
  })

  it('are told exactly, in the order of the file, wherever they stand', () => {
    const sorts = Object.keys(BAD_ACTIONS) as (keyof typeof BAD_ACTIONS)[]
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom(...sorts)), { minLength: 1, maxLength: 8 }),
        (written) => {
          const lines = written.map((sort, i) =>
            sort === null ? GOOD_ACTION(`a${i}`) : BAD_ACTIONS[sort][0](`a${i}`),
          )
          const told = refusals(HEAD + lines.join(''))
          const expected = written.flatMap((sort, i) =>
            sort === null ? [] : [[i, BAD_ACTIONS[sort][1]] as const],
          )
          expect(told).toHaveLength(expected.length)
          expected.forEach(([i, sentence], k) => {
            expect(told[k]).toContain(`shop.yaml:${7 + i}:`)
            expect(told[k]).toContain(`(actions.${i}.`)
            expect(told[k]).toContain(sentence)
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are told of a section whose own form is at fault, and of the others', () => {
    const text = `${HEAD.replace('types: { customer: { age: number } }', 'types: 3')}${BAD_ACTIONS.reference[0]('a')}`
    expect(refusals(text)).toEqual([
      expect.stringContaining('(types): this is not a map'),
      expect.stringContaining('group "socks"'),
    ])
  })

  it('are told when there are no actions, or nothing in form at all', () => {
    expect(
      refusals(goodBut('channel: email }', 'channel: fax }').replace(/actions:.*/s, 'actions: []\n')),
    ).toEqual([expect.stringContaining('channel "fax"'), expect.stringContaining('(actions): this is empty')])
    expect(refusals('[]')).toEqual([expect.stringContaining('this is not a map of names and values')])
    expect(refusals('schema: emma/v2\nplacements: 1\nactions: 2\ntarget: { }\nmodels: {}')).toHaveLength(6)
  })
})

describe('an item at fault', () => {
  it.each<[string, string, string]>([
    ['a placement', 'order: 1', 'order: first'],
    ['a placement without an id', 'id: hero, channel', 'channel'],
    ['a placement of which the id is no id', 'id: mail-top,', 'id: 7,'],
    ['all placements', /placements:.*?groups/s.exec(GOOD)![0], 'placements: hero\ngroups'],
    ['a channel', 'direction: outbound', 'direction: out'],
    ['all channels', 'channels: { web: {}, email: { direction: outbound } }', 'channels: [web]'],
    ['a group', '{ id: shoes }', '{ id: shoes, maxPerSlate: 0 }'],
    ['a group that is only a text', '{ id: shoes }', 'shoes'],
    ['all groups', '[{ id: shoes }, { id: hats }]', '{ shoes: {} }'],
    ['a type', 'age: number', 'age: numbr'],
    ['the types of the customer', '{ age: number, vip: { type: bool, default: false } }', '[age]'],
  ])('never makes others seem to name what is not there: %s', (_, passage, written) => {
    const rules = GOOD.replace(
      '    status: active\n',
      `    status: active
    eligibility: customer.age > 18 && (channel == "web" || placement == "mail-top" || action.group == "shoes")
`,
    )
    if (!rules.includes(passage)) throw new Error(`${passage} is not in the document`)
    expect(refusals(rules)).toEqual([])
    expect(refusals(rules.replace(passage, () => written))).toHaveLength(1)
  })

  it('never makes an action seem to be missing, nor its attributes', () => {
    const text = goodBut('kind: offer', 'kind: gift').replace(
      'groups: [{ id: shoes }, { id: hats }]',
      `groups: [{ id: shoes, suitability: action.price < 100 }, { id: hats }]
volumes: [{ id: v, where: { action: boots }, max: 1, per: day }]`,
    )
    expect(refusals(text)).toEqual([expect.stringContaining('actions.0.kind')])
  })

  it('still counts among those of the same id', () => {
    expect(refusals(goodBut('kind: offer', 'kind: gift').replace('id: hat\n', 'id: boots\n'))).toEqual([
      expect.stringContaining('(actions.0.kind)'),
      expect.stringContaining('(actions.1.id): a second action is called "boots"'),
    ])
  })
})

describe('a name that is not there', () => {
  const shop = (placement: string, others: readonly string[]) =>
    refusals(`schema: emma/v1
placements: [${others.map((id) => `{ id: ${id}, channel: web }`).join(', ')}]
actions: [{ id: a, treatments: [{ id: t, for: [${placement}], content: { en: Hi } }] }]`)[0]!.split('; ')[1]

  it.each<[string, string[], string]>([
    ['home-heros', ['home-hero', 'footer'], 'did you mean "home-hero"?'],
    ['hmoe-hero', ['home-hero'], 'did you mean "home-hero"?'],
    ['HOME-HERO', ['footer', 'home-hero'], 'did you mean "home-hero"?'],
    ['hero', ['footer', 'home-hero'], 'use one of footer, home-hero, or declare it under placements'],
    [
      'hero',
      Array.from({ length: 14 }, (_, i) => `place-${i}`),
      'use one of place-0, place-1, place-2, place-3, place-4, place-5, place-6, place-7, place-8, place-9, place-10, place-11 and 2 more, or declare it under placements',
    ],
  ])('%s among %j', (name, others, remedy) => {
    expect(shop(name, others)).toBe(remedy)
  })
})

describe('many actions', () => {
  it('are indexed by placement and id', () => {
    const count = 3_000
    const actions = Array.from({ length: count }, (_, i) => ({
      id: `a${i}`,
      eligibility: 'customer.age > 18',
      treatments: [{ id: 't', for: [`p${i % 300}`], content: { en: 'Hi' } }],
    }))
    const placements = Array.from({ length: 300 }, (_, i) => ({ id: `p${i}`, channel: 'web' }))
    const catalogue = build(
      JSON.stringify({ schema: 'emma/v1', types: { customer: { age: 'number' } }, placements, actions }),
    )
    const lengths = new Set([...catalogue.plays.values()].map((plays) => plays.length))
    expect([...lengths]).toEqual([10])
    expect(new Set(catalogue.actions.map(({ policy }) => policy[0]!.rule)).size).toBe(1)
  })
})
