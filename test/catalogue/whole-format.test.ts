import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { BAD_WHOLE_DOCUMENTS } from './bad-whole-documents.ts'
import { build, refusals } from './good-document.ts'

const EXAMPLE = readFileSync(new URL('./whole-example.yaml', import.meta.url), 'utf8')

/** The whole example with one passage replaced by another. */
function exampleBut(passage: string, replacement: string): string {
  if (EXAMPLE.split(passage).length !== 2) throw new Error(`"${passage}" must stand in the example once`)
  return EXAMPLE.replace(passage, () => replacement)
}

type Node = Record<string, unknown>

/** A copy of the example with one value changed; undefined removes it. */
function changed(path: readonly string[], value: unknown): Node {
  const document = parse(EXAMPLE) as Node
  const at = path.slice(0, -1).reduce((node, step) => node[step] as Node, document)
  const last = path.at(-1)!
  if (value !== undefined) at[last] = value
  else if (Array.isArray(at)) at.splice(Number(last), 1)
  else delete at[last]
  return document
}

/** Every path at which something is written, lists and maps included. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  const here = path.length === 0 ? [] : [[...path]]
  if (value === null || typeof value !== 'object') return here
  return [...here, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

const PATHS = pathsOf(parse(EXAMPLE))
/** Content is whatever the marketer likes; a type may be text like any other value of its list. */
const FREE = /(\.content\.(de|en)|\.fallback)(\.|$)/

describe('the whole format', () => {
  it('is accepted', () => {
    expect(refusals(EXAMPLE)).toEqual([])
  })

  it('becomes a catalogue that says the same', () => {
    const shop = build(EXAMPLE)
    expect(shop.actions[0]).toMatchObject({
      value: 12.5,
      valueRule: undefined,
      purpose: 'marketing',
      policy: [
        {
          level: 'eligibility',
          group: undefined,
          rule: { source: 'customer.country == "DE" && customer.age >= 18' },
        },
        { level: 'applicability', group: undefined, rule: { source: 'live.stock > 0' } },
        { level: 'suitability', group: undefined, rule: { source: 'features.returns_rate < 0.6' } },
      ],
      treatments: [
        { id: 'boots-hero', needs: ['customer.firstName'], otherwise: 'boots-plain' },
        { id: 'boots-plain', needs: [], otherwise: undefined },
      ],
    })
    expect(shop.blocks).toMatchObject([
      { id: 'complaint-first', tiers: new Set(['marketing']), when: { source: 'customer.openComplaint' } },
    ])
    expect([...shop.purposes]).toEqual([
      ['marketing', { basis: 'consent', default: 'deny' }],
      ['service', { basis: 'contract', default: 'allow' }],
    ])
  })

  it('is another version without any of its keys, when it is accepted without it', () => {
    const { version } = build(EXAMPLE)
    const accepted = PATHS.map((path) => stringify(changed(path, undefined))).filter(
      (text) => refusals(text).length === 0,
    )
    expect(accepted.length).toBeGreaterThan(40)
    for (const text of accepted) expect(build(text).version).not.toBe(version)
  })

  it.each(PATHS.map((path) => path.join('.')).filter((path) => !FREE.test(path)))(
    'refuses a value of a wrong form at %s, there and for that alone',
    (path) => {
      // In YAML’s flow form as JSON, so that every place is in line 1 and only the path tells where.
      const sentences = refusals(JSON.stringify(changed(path.split('.'), [[null]])))
      expect(sentences).toHaveLength(1)
      expect(sentences[0]).toContain(`(${path}`)
    },
  )

  it.each(
    PATHS.filter((path) => !/\.attributes$|^types\.|^purposes$|^identities$|^channels$/.test(path.join('.')))
      .map((path) => [...path, 'knd'])
      .filter((path) => {
        const inner = path.slice(0, -1).reduce((node: unknown, step) => (node as Node)[step], parse(EXAMPLE))
        return typeof inner === 'object' && !Array.isArray(inner) && !FREE.test(path.join('.'))
      })
      .filter((path) => path.at(-2) !== 'content')
      .map((path) => path.join('.')),
  )('ignores nothing: %s is an unknown key', (path) => {
    expect(refusals(JSON.stringify(changed(path.split('.'), 1)))).toEqual([
      expect.stringMatching(/: unknown key "knd"; remove it or correct its spelling$/),
    ])
  })
})

describe.each(Object.entries(BAD_WHOLE_DOCUMENTS))('a mistake in %s', (_, mistakes) => {
  it.each(mistakes)('is refused with its place: %j written as %j', (passage, written, sentences) => {
    expect(refusals(exampleBut(passage, written))).toEqual(sentences)
  })
})

describe('what may be written in two ways', () => {
  it.each([
    ['tier: marketing, when', 'tier: [marketing, retention], when'],
    ['where: { action: winter-boots }', 'where: { action: [winter-boots], kind: offer, tier: [marketing] }'],
    ['value: 12.5', 'value: action.price * 0.3'],
    ['purposes: { marketing: { basis: consent, default: deny }', 'purposes: { marketing: { basis: consent }'],
    ['method: epsilon, epsilon: 0.03', 'method: softmax, temperature: 0.5'],
    ['method: epsilon, epsilon: 0.03', 'method: greedy'],
    ['within: 7d, without', 'within: 2w, without'],
    ['share: 0.02, rotate: month', 'share: 1'],
  ])('is accepted in both: %j and %j', (passage, written) => {
    expect(refusals(exampleBut(passage, written))).toEqual([])
  })

  it('keeps a value that is a rule, and counts 1 for it meanwhile', () => {
    const [action] = build(exampleBut('value: 12.5', 'value: action.price * 0.3')).actions
    expect(action).toMatchObject({ value: 1, valueRule: { source: 'action.price * 0.3' } })
  })

  it('denies for consent and allows for every other basis where no default is written', () => {
    const text = EXAMPLE.replace(', default: deny', '').replace(', default: allow', '')
    expect([...build(text).purposes.values()].map((purpose) => purpose.default)).toEqual(['deny', 'allow'])
  })
})

describe('a treatment that is never the first to fit', () => {
  const action = (...treatments: string[]) =>
    refusals(`schema: emma/v1
types: { customer: { age: number } }
placements: [{ id: hero, channel: web }, { id: foot, channel: web }]
actions:
  - id: a
    treatments:
${treatments.map((written) => `      - { ${written} }\n`).join('')}`)
  const plain = 'id: plain, for: [hero], content: { en: Hi }'

  it.each<[string, string[]]>([
    ['it speaks another language', [plain, 'id: b, for: [hero], content: { EN: Hi, de: Hallo }']],
    ['it plays elsewhere too', [plain, 'id: b, for: [hero, foot], content: { en: Hi }']],
    [
      'those before it need something',
      [`${plain}, needs: [customer.age]`, 'id: b, for: [hero], content: { en: Hi }'],
    ],
    [
      'it stands in for another',
      [
        'id: a, for: [hero], needs: [customer.age], otherwise: b, content: { en: Hi }',
        plain,
        'id: b, for: [hero], content: { en: Hi }',
      ],
    ],
  ])('is fine when %s', (_, treatments) => {
    expect(action(...treatments)).toEqual([])
  })

  it.each<[string, string[]]>([
    ['one before it always fits', [plain, 'id: b, for: [hero], needs: [customer.age], content: { EN: Hi }']],
    [
      'several before it fit together',
      [
        plain,
        'id: c, for: [foot], content: { en: Hi, de: Hi }',
        'id: b, for: [hero, foot], content: { en: Hi }',
      ],
    ],
  ])('is told when %s', (_, treatments) => {
    expect(action(...treatments)).toEqual([
      expect.stringMatching(/^shop\.yaml:\d+:9 \(actions\.0\.treatments\.\d\): treatment "b" is never shown/),
    ])
  })
})
