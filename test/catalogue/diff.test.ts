import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import type { Change } from '../../src/catalogue/diff/change.ts'
import { printChangeNote } from '../../src/catalogue/diff/change-note.ts'
import { diffCatalogues } from '../../src/catalogue/diff/diff-catalogues.ts'
import { versionOf } from '../../src/catalogue/version.ts'
import { canonicalJson, type Json } from '../../src/domain/canonical-json.ts'

const WHOLE: Json = parse(readFileSync(new URL('whole-example.yaml', import.meta.url), 'utf8'))

// biome-ignore lint/suspicious/noExplicitAny: a document is turned this way and that, as an editor would.
type Loose = any
type Edit = (document: Loose) => void

function edited(edit: Edit, document: Json = WHOLE): Json {
  const copy = structuredClone(document) as Loose
  edit(copy)
  return copy
}

const sentences = (from: Json, to: Json) => diffCatalogues(from, to).map(({ sentence }) => sentence)
const told = (edit: Edit) => sentences(WHOLE, edited(edit))
const boots = (document: Loose) => document.actions[0]
const hero = (document: Loose) => boots(document).treatments[0]

describe('what a marketer changed in an action', () => {
  test.each<[string, Edit]>([
    ['value 12.5 → 14', (d) => Object.assign(boots(d), { value: 14 })],
    [
      'value is now action.attributes.price * 0.3 (was 12.5)',
      (d) => Object.assign(boots(d), { value: 'action.attributes.price * 0.3' }),
    ],
    ['lever is no longer written (was 10)', (d) => delete boots(d).lever],
    ['minimum propensity 0.01 → 0.02', (d) => Object.assign(boots(d), { minPropensity: 0.02 })],
    ['tier marketing → service', (d) => Object.assign(boots(d), { tier: 'service' })],
    ['is switched to inactive', (d) => Object.assign(boots(d), { status: 'inactive' })],
    ['status is no longer written (was active)', (d) => delete boots(d).status],
    [
      'eligibility is now customer.age >= 21 (was customer.country == "DE" && customer.age >= 18)',
      (d) => Object.assign(boots(d), { eligibility: 'customer.age >= 21' }),
    ],
    ['no longer has an applicability (was live.stock > 0)', (d) => delete boots(d).applicability],
    ['no longer has a claim (was item.category == "boots")', (d) => delete boots(d).claims],
    ['no longer has a purpose (was marketing)', (d) => delete boots(d).purpose],
    [
      'runs until 2026-11-30 instead of 2026-12-31',
      (d) => Object.assign(boots(d).validity, { to: '2026-11-30T00:00:00Z' }),
    ],
    [
      'runs until 2026-12-31T00:00:00+01:00 instead of 2026-12-31T00:00:00Z',
      (d) => Object.assign(boots(d).validity, { to: '2026-12-31T00:00:00+01:00' }),
    ],
    [
      'starts 2026-11-01T08:00:00Z instead of 2026-11-01',
      (d) => Object.assign(boots(d).validity, { from: '2026-11-01T08:00:00Z' }),
    ],
    ['no longer ends (was 2026-12-31)', (d) => delete boots(d).validity.to],
    ['no longer waits for 2026-11-01 to start', (d) => delete boots(d).validity.from],
    ['runs at any time (was from 2026-11-01 until 2026-12-31)', (d) => delete boots(d).validity],
    ['moves from group shoes to boots', (d) => Object.assign(boots(d), { group: 'boots' })],
    ['leaves group shoes', (d) => delete boots(d).group],
    ['attribute price 89.9 → 79.9', (d) => Object.assign(boots(d).attributes, { price: 79.9 })],
    ['attribute price "12" → 12', (d) => Object.assign(boots(d).attributes, { price: 12 })],
    ['has a new attribute maxWeight: 3', (d) => Object.assign(boots(d).attributes, { maxWeight: 3 })],
    ['no longer has the attribute discount (was 0.2)', (d) => delete boots(d).attributes.discount],
    [
      'order of treatments is now boots-plain, boots-hero',
      (d) => {
        boots(d).treatments.reverse()
      },
    ],
    [
      'treatment boots-mail is new: plays in mail-top, speaks German, British English',
      (d) =>
        boots(d).treatments.push({ id: 'boots-mail', for: ['mail-top'], content: { de: 'a', 'en-GB': 'b' } }),
    ],
    ['treatment boots-plain is gone', (d) => boots(d).treatments.pop()],
  ])('action winter-boots: %s', (sentence, edit) => {
    const from = sentence.startsWith('attribute price "12"')
      ? edited((d) => Object.assign(boots(d).attributes, { price: '12' }))
      : WHOLE
    expect(sentences(from, edited(edit))).toEqual([`action winter-boots: ${sentence}`])
  })

  test.each<[string, Edit]>([
    [
      'German headline is now “Kalte Füße” (was “Warme Füße, {{customer.firstName}}”)',
      (d) => Object.assign(hero(d).content.de, { headline: 'Kalte Füße' }),
    ],
    ['now has an English cta: “Go”', (d) => Object.assign(hero(d).content.en, { cta: 'Go' })],
    [
      'now speaks Swiss High German: text “Grüezi”',
      (d) => Object.assign(hero(d).content, { 'de-CH': { text: 'Grüezi' } }),
    ],
    [
      'no longer speaks English (was headline “Warm feet, {{customer.firstName}}”)',
      (d) => delete hero(d).content.en,
    ],
    ['now also plays in home-strip', (d) => hero(d).for.push('home-strip')],
    [
      'now also plays in home-strip, no longer plays in home-hero',
      (d) => Object.assign(hero(d), { for: ['home-strip'] }),
    ],
    ['now also needs customer.age', (d) => hero(d).needs.push('customer.age')],
    ['now also plays in home-strip', (d) => hero(d).for.unshift('home-strip')],
    ['no longer has an otherwise (was boots-plain)', (d) => delete hero(d).otherwise],
  ])('action winter-boots, treatment boots-hero: %s', (sentence, edit) => {
    expect(told(edit)).toEqual([`action winter-boots, treatment boots-hero: ${sentence}`])
  })

  it('is told the other way round too', () => {
    const bare = edited((d) => {
      for (const key of ['eligibility', 'validity', 'group', 'purpose', 'status', 'attributes'])
        delete boots(d)[key]
    })
    expect(sentences(bare, WHOLE)).toEqual([
      'action winter-boots: status is now written: active',
      'action winter-boots: joins group shoes',
      'action winter-boots: now runs from 2026-11-01 until 2026-12-31',
      'action winter-boots: attributes is now written: category shoes, price 89.9, discount 0.2',
      'action winter-boots: has a new eligibility: customer.country == "DE" && customer.age >= 18',
      'action winter-boots: now has a purpose: marketing',
    ])
  })

  it('says so when what is no longer written switches it on', () => {
    const off = edited((d) => Object.assign(boots(d), { status: 'inactive' }))
    expect(sentences(off, WHOLE)).toEqual(['action winter-boots: is switched to active'])
    expect(
      sentences(
        off,
        edited((d) => delete boots(d).status),
      ),
    ).toEqual(['action winter-boots: is switched to active, as status inactive is no longer written'])
  })

  it('tells an order only where a new treatment is not just the last', () => {
    const third = { id: 'a-third', for: ['home-hero'], content: { de: 'x' } }
    expect(told((d) => boots(d).treatments.push(third))).toHaveLength(1)
    expect(told((d) => boots(d).treatments.unshift(third))).toEqual([
      'action winter-boots: treatment a-third is new: plays in home-hero, speaks German',
      'action winter-boots: order of treatments is now a-third, boots-hero, boots-plain',
    ])
  })
})

describe('what came and went', () => {
  it.each<[string, Edit]>([
    [
      'action old-hat is new: offer, tier marketing, group hats, plays in home-hero',
      (d) => d.actions.push({ ...boots(d), id: 'old-hat', group: 'hats' }),
    ],
    ['action winter-boots is gone', (d) => d.actions.pop()],
    ['action bare is new', (d) => d.actions.push({ id: 'bare' })],
    ['action off is new: switched to inactive', (d) => d.actions.push({ id: 'off', status: 'inactive' })],
    ['group hats is declared', (d) => d.groups.push({ id: 'hats' })],
    ['group shoes is no longer declared', (d) => delete d.groups],
    [
      'placement strip is new: channel web, content type json',
      (d) => d.placements.push({ id: 'strip', channel: 'web', contentType: 'json' }),
    ],
    [
      'channel app is declared: direction inbound',
      (d) => Object.assign(d.channels, { app: { direction: 'inbound' } }),
    ],
    ['channel app is declared', (d) => Object.assign(d.channels, { app: {} })],
    ['identity type cookie is gone', (d) => delete d.identities.cookie],
    ['purpose service is gone', (d) => delete d.purposes.service],
    [
      'block quiet is new: tier marketing, when customer.age < 18',
      (d) => d.blocks.push({ id: 'quiet', tier: 'marketing', when: 'customer.age < 18' }),
    ],
    [
      'contact policy calm is new: where channel email, tier marketing, max 1, window 7d',
      (d) =>
        d.contactPolicies.push({
          id: 'calm',
          where: { channel: 'email', tier: 'marketing' },
          max: 1,
          window: '7d',
        }),
    ],
    ['volume boots is gone', (d) => d.volumes.pop()],
    [
      'customer attribute points is new: number',
      (d) => Object.assign(d.types.customer, { points: 'number' }),
    ],
    [
      'context field page is new: string, default home',
      (d) => Object.assign(d.types.context, { page: { type: 'string', default: 'home' } }),
    ],
    ['exploration is no longer written (was method epsilon, epsilon 0.03)', (d) => delete d.exploration],
    ['the section groups is no longer written (was nothing)', (d) => delete d.groups],
  ])('%s', (sentence, edit) => {
    const from = sentence.endsWith('(was nothing)') ? edited((d) => Object.assign(d, { groups: [] })) : WHOLE
    expect(sentences(from, edited(edit))).toEqual([sentence])
  })
})

describe('what changed elsewhere', () => {
  it.each<[string, Edit]>([
    ['schema: emma/v1 → emma/v2', (d) => Object.assign(d, { schema: 'emma/v2' })],
    ['default locale de-DE → en-GB', (d) => Object.assign(d.defaults, { locale: 'en-GB' })],
    ['default history horizon is no longer written (was 400d)', (d) => delete d.defaults.historyHorizon],
    [
      'customer attribute openComplaint: default false → true',
      (d) => Object.assign(d.types.customer.openComplaint, { default: true }),
    ],
    [
      'customer attribute age: type number → string, now has a default: “”',
      (d) => Object.assign(d.types.customer, { age: { type: 'string', default: '' } }),
    ],
    [
      'customer attribute age: is written in another way that means the same',
      (d) => Object.assign(d.types.customer, { age: { type: 'number' } }),
    ],
    [
      'purpose marketing: default deny → allow',
      (d) => Object.assign(d.purposes.marketing, { default: 'allow' }),
    ],
    ['identity type cookie: ttl 30d → 60d', (d) => Object.assign(d.identities.cookie, { ttl: '60d' })],
    [
      'channel email: quiet hours from 22:00 → 21:00',
      (d) => Object.assign(d.channels.email.quietHours, { from: '21:00' }),
    ],
    [
      'channel email: no longer has quiet hours (was from 22:00, to 08:00)',
      (d) => delete d.channels.email.quietHours,
    ],
    ['target: within 7d → 14d', (d) => Object.assign(d.target, { within: '14d' })],
    [
      'block complaint-first: condition is now true (was customer.openComplaint)',
      (d) => Object.assign(d.blocks[0], { when: 'true' }),
    ],
    ['model shop: challenger share 0.1 → 0.2', (d) => Object.assign(d.models[0].challenger, { share: 0.2 })],
    ['model shop: where channel: no longer email', (d) => d.models[0].where.channel.pop()],
    [
      'placement home-hero: fallback headline is now “Hello” (was “New this week”)',
      (d) => Object.assign(d.placements[0].fallback, { headline: 'Hello' }),
    ],
    [
      'placement home-hero: content type json → text',
      (d) => Object.assign(d.placements[0], { contentType: 'text' }),
    ],
    ['group shoes: max per slate 1 → 2', (d) => Object.assign(d.groups[0], { maxPerSlate: 2 })],
    ['contact policy mail-fatigue: max 3 → 2', (d) => Object.assign(d.contactPolicies[0], { max: 2 })],
    [
      'contact policy seen-enough: after times 3 → 4',
      (d) => Object.assign(d.contactPolicies[2].after, { times: 4 }),
    ],
    [
      'volume boots: where action winter-boots → hats',
      (d) => Object.assign(d.volumes[0].where, { action: 'hats' }),
    ],
    ['arbitration: lever bound 0.25 → 0.3', (d) => Object.assign(d.arbitration, { leverBound: 0.3 })],
    [
      'arbitration: context weights: now also when now > now, weight 5',
      (d) => d.arbitration.contextWeights.push({ when: 'now > now', weight: 5 }),
    ],
    ['exploration: epsilon 0.03 → 0.05', (d) => Object.assign(d.exploration, { epsilon: 0.05 })],
    [
      'experiments: random rotate month → week',
      (d) => Object.assign(d.experiments.random, { rotate: 'week' }),
    ],
    ['attribution: view is no longer written (was 1d)', (d) => delete d.attribution.view],
    ['new thing is now written: a 1', (d) => Object.assign(d, { newThing: { a: 1 } })],
  ])('%s', (sentence, edit) => expect(told(edit)).toEqual([sentence]))
})

describe('a change', () => {
  it('says where it is and keeps both sides whole', () => {
    const long = 'x'.repeat(500)
    const [change] = diffCatalogues(
      WHOLE,
      edited((d) => Object.assign(hero(d).content.de, { headline: long })),
    )
    expect(change).toMatchObject({
      section: 'actions',
      id: 'winter-boots',
      kind: 'changed',
      path: ['treatments', 'boots-hero', 'content', 'de', 'headline'],
      from: 'Warme Füße, {{customer.firstName}}',
      to: long,
    })
    expect(change!.sentence).toContain(`“${'x'.repeat(79)}…”`)
    expect(change!.sentence).not.toContain('x'.repeat(80))
  })

  it('leaves out the side that was not written', () => {
    const added = diffCatalogues(
      WHOLE,
      edited((d) => d.groups.push({ id: 'hats' })),
    )[0]!
    expect(added).toMatchObject({
      section: 'groups',
      id: 'hats',
      kind: 'added',
      path: [],
      to: { id: 'hats' },
    })
    expect(added).not.toHaveProperty('from')
    const removed = diffCatalogues(
      WHOLE,
      edited((d) => delete d.groups[0].maxPerSlate),
    )[0]!
    expect(removed).not.toHaveProperty('to')
    const gained = diffCatalogues(
      WHOLE,
      edited((d) => Object.assign(d.groups[0], { note: null })),
    )[0]!
    expect(gained).toMatchObject({ kind: 'changed', path: ['note'], to: null })
    expect(gained).not.toHaveProperty('from')
  })

  it('shows how two long elements of a list differ', () => {
    const weight = (weight: number) =>
      edited((d) =>
        Object.assign(d.arbitration.contextWeights[0], { when: 'now > now || '.repeat(9), weight }),
      )
    expect(sentences(weight(-30), weight(-20))[0]).toMatch(
      /: now also ….*, weight -20, no longer ….*, weight -30$/,
    )
  })

  it('of a list whose elements moved tells the whole list', () => {
    const needs = (...list: string[]) => edited((d) => Object.assign(hero(d), { for: list, needs: list }))
    const subject = 'action winter-boots, treatment boots-hero:'
    expect(sentences(needs('a', 'b'), needs('b', 'c', 'a'))).toEqual([
      `${subject} now plays in b, c, a (was a, b)`,
      `${subject} now needs b, c, a (was a, b)`,
    ])
    expect(sentences(needs('a', 'a'), needs('a'))[0]).toBe(`${subject} no longer plays in a`)
  })

  it('shows a difference that is far inside a long text', () => {
    const text = (end: string) =>
      edited((d) => Object.assign(boots(d), { eligibility: `${'customer.age >= 18 && '.repeat(20)}${end}` }))
    const [sentence] = sentences(text('customer.vip'), text('!customer.vip'))
    expect(sentence).toBe(
      'action winter-boots: eligibility is now …18 && customer.age >= 18 && !customer.vip (was …18 && customer.age >= 18 && customer.vip)',
    )
  })

  it('is one line that a terminal may print', () => {
    const headline = 'Warm\nfeet\u001b[31m'
    expect(told((d) => Object.assign(hero(d).content.en, { headline }))[0]).toContain(
      '“Warm⏎feet\\u001b[31m”',
    )
  })

  it('comes in the order of the format, inside by id, whatever the order of writing', () => {
    const to = edited((d) => {
      d.actions.push({ id: 'b' }, { id: 'a' })
      d.target.within = '1d'
      Object.assign(boots(d), { purpose: 'service', status: 'inactive' })
      d.attribution.click = '1d'
      d.defaults.currency = 'CHF'
    })
    const turned = Object.fromEntries(Object.entries(to as object).reverse())
    const places = diffCatalogues(WHOLE, turned).map(({ section, id, path }) =>
      [section, id, ...path].join(' '),
    )
    expect(places).toEqual([
      'defaults  currency',
      'target  within',
      'actions a',
      'actions b',
      'actions winter-boots status',
      'actions winter-boots purpose',
      'attribution  click',
    ])
  })

  it('is none where only the order of things with ids differs, save where that order decides', () => {
    const more = edited((d) => {
      for (const name of ['placements', 'groups', 'actions', 'blocks', 'volumes', 'models'])
        d[name].push({ ...d[name][0], id: 'another' })
    })
    const names = ['placements', 'groups', 'actions', 'blocks', 'volumes', 'contactPolicies']
    const turned = edited((d) => names.forEach((name) => void d[name].reverse()), more)
    expect(diffCatalogues(more, turned)).toEqual([])
    expect(
      sentences(
        more,
        edited((d) => d.models.reverse(), more),
      ),
    ).toEqual(['models: the order is now another, shop'])
  })

  it('is told, whole, of what is no catalogue', () => {
    expect(diffCatalogues(null, [])).toEqual([])
    expect(sentences({}, { actions: 5 })).toEqual(['the section actions is now written: 5'])
    expect(sentences({ groups: [1] }, { groups: [{ id: 'a' }] })).toEqual([
      'groups: now also id a, no longer 1',
    ])
  })
})

describe('the change note', () => {
  it('is short when there is nothing to say', () => expect(printChangeNote([])).toBe('no changes'))

  it('counts things and groups sentences under headings', () => {
    const to = edited((d) => {
      d.actions.push({ id: 'hat' })
      Object.assign(boots(d), { value: 14, lever: 5 })
      d.contactPolicies.splice(1, 2)
      d.contactPolicies[0].max = 2
      d.target.within = '1d'
    })
    expect(printChangeNote(diffCatalogues(WHOLE, to))).toBe(
      `7 changes: target changed; 1 action new, 1 changed; 2 contact policies gone, 1 changed

Target
  target: within 7d → 1d

Actions
  action hat is new
  action winter-boots: value 12.5 → 14
  action winter-boots: lever 10 → 5

Contact policies
  contact policy mail-fatigue: max 3 → 2
  contact policy same-offer is gone
  contact policy seen-enough is gone`,
    )
  })

  it('speaks of one change in the singular', () => {
    const changes = diffCatalogues(
      WHOLE,
      edited((d) => Object.assign(boots(d), { value: 14 })),
    )
    expect(printChangeNote(changes).split('\n')[0]).toBe('1 change: 1 action changed')
  })
})

/* Documents with the shape of the format and few names, so that two of them meet in much and differ in something. */
const name = fc.constantFrom('a', 'b', 'constructor', '__proto__')
const leaf = fc.oneof(
  fc.constantFrom<Json>('a', 'b c', '', 1, 12, '12', true, null, [], {}),
  fc.jsonValue() as fc.Arbitrary<Json>,
)
const map = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.array(fc.tuple(name, value), { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as Json)
const things = (inside: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .uniqueArray(fc.tuple(name, inside), { selector: ([id]) => id, maxLength: 3 })
    .map((list) => list.map(([id, rest]) => ({ ...(rest as object), id })) as Json)
const record = (fields: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Json>
const action = record({
  ...Object.fromEntries(['status', 'group', 'value', 'eligibility', 'purpose'].map((key) => [key, leaf])),
  validity: fc.oneof(leaf, record({ from: leaf, to: leaf })),
  attributes: map(leaf),
  treatments: things(record({ for: fc.array(name) as fc.Arbitrary<Json>, content: map(map(leaf)) })),
})
const catalogue = record({
  ...Object.fromEntries(
    ['schema', 'defaults', 'target', 'arbitration', 'other'].map((key) => [key, fc.oneof(leaf, map(leaf))]),
  ),
  types: record({ customer: map(leaf), context: map(leaf) }),
  channels: map(map(leaf)),
  placements: things(map(leaf)),
  groups: things(map(leaf)),
  models: things(map(leaf)),
  actions: things(action),
  contactPolicies: things(map(map(leaf))),
})
const anyDocument = fc.oneof(
  catalogue,
  fc.jsonValue() as fc.Arbitrary<Json>,
  record({ actions: leaf, types: leaf }),
)

const SORTED = ['placements', 'groups', 'actions', 'blocks', 'contactPolicies', 'volumes']

/** As the version sees it: lists of things with distinct ids sorted by id. */
function canonical(document: Json): string {
  const copy: Loose = structuredClone(document)
  for (const section of SORTED) {
    const list = Object.hasOwn(Object(copy), section) ? copy[section] : undefined
    if (!Array.isArray(list) || !list.every((item) => typeof item?.id === 'string')) continue
    if (new Set(list.map(({ id }) => id)).size === list.length) list.sort((a, b) => (a.id < b.id ? -1 : 1))
  }
  return canonicalJson(copy)
}

describe('for any two documents', () => {
  it('nothing is told of a document and itself', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(diffCatalogues(document, structuredClone(document))).toEqual([])
      }),
    )
  })

  it('nothing is told exactly when they are the same version', () => {
    fc.assert(
      fc.property(catalogue, catalogue, (from, to) => {
        expect(diffCatalogues(from, to).length === 0).toBe(versionOf(from) === versionOf(to))
      }),
      { numRuns: 200 },
    )
  })

  it('the changes lead from one to the other, and back', () => {
    fc.assert(
      fc.property(catalogue, catalogue, (from, to) => {
        expect(plain(applied(from, diffCatalogues(from, to)))).toBe(plain(to))
        expect(plain(applied(to, diffCatalogues(to, from)))).toBe(plain(from))
      }),
      { numRuns: 200 },
    )
  })

  it('each change is told in one line of its own', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (from, to) => {
        const changes = diffCatalogues(from, to)
        for (const { sentence } of changes) expect(sentence).toMatch(/^[^\p{Cc}]+$/u)
        const places = changes.map(({ section, id, path }) => JSON.stringify([section, id, path]))
        expect(new Set(places).size).toBe(places.length)
      }),
    )
  })
})

const LISTS = [...SORTED, 'models']
const own = (value: Loose, key: string) => (Object.hasOwn(Object(value), key) ? value[key] : undefined)

/** The document after its changes: what a reader of changes who knows the format would do. */
function applied(from: Json, changes: readonly Change[]): Json {
  const keyed = open(from)
  for (const { section, id, path, to } of changes) {
    const keys = [
      section,
      ...(id === null ? [] : section === 'types' ? id.split(/\.(.*)/).slice(0, 2) : [id]),
      ...path,
    ]
    if (section === 'models' && id === null && path.length === 0) keyed.order.set('models', to!)
    else if (
      keys.length === 3 &&
      keys[0] === 'actions' &&
      keys[2] === 'treatments' &&
      to !== undefined &&
      isOrder(to)
    )
      keyed.order.set(`actions/${keys[1]}`, to)
    else set(keyed.root, keys, to)
  }
  return close(keyed)
}

const isOrder = (value: Json) =>
  Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'string')

interface Keyed {
  root: Map<string, Loose>
  order: Map<string, Json>
}

/** Maps for objects, and for lists of things: so every step of a path is a key. */
function open(document: Json): Keyed {
  const order = new Map<string, Json>()
  const deep = (value: Loose): Loose =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? new Map(Object.entries(value).map(([key, inner]) => [key, deep(inner)]))
      : value
  const root = deep(document) as Map<string, Loose>
  const byId = (list: Loose[]) => new Map(list.map((item) => [item.id as string, deep(item)]))
  for (const section of LISTS) {
    const list = own(document, section)
    if (list === undefined) continue
    root.set(section, byId(list))
    for (const item of list) {
      const treatments = section === 'actions' ? own(item, 'treatments') : undefined
      if (treatments === undefined) continue
      root.get(section).get(item.id).set('treatments', byId(treatments))
    }
  }
  return { root, order }
}

function set(root: Map<string, Loose>, keys: readonly string[], value: Json | undefined): void {
  const last = keys.at(-1)!
  let map = root
  for (const key of keys.slice(0, -1)) {
    if (!map.has(key)) map.set(key, new Map())
    map = map.get(key)
  }
  if (value === undefined) map.delete(last)
  else map.set(last, value)
}

function close({ root, order }: Keyed): Json {
  const deep = (value: Loose): Loose =>
    value instanceof Map ? Object.fromEntries([...value].map(([key, inner]) => [key, deep(inner)])) : value
  const list = (items: Loose, ids: Loose) =>
    items instanceof Map
      ? [...items.keys()]
          .sort((a, b) => (ids?.indexOf(a) ?? 0) - (ids?.indexOf(b) ?? 0))
          .map((id) => items.get(id))
      : items
  for (const section of LISTS) {
    if (root.has(section)) root.set(section, list(root.get(section), order.get(section)))
  }
  for (const item of root.get('actions') ?? []) {
    if (!(item instanceof Map) || !item.has('treatments')) continue
    const treatments = list(item.get('treatments'), order.get(`actions/${item.get('id')}`))
    item.set('treatments', Array.isArray(treatments) ? treatments.map(deep) : treatments)
  }
  for (const section of LISTS)
    if (Array.isArray(root.get(section))) root.set(section, root.get(section).map(deep))
  return deep(root)
}

/** Canonical, without sections that have nothing in them: two changes cannot tell those from sections not written. */
function plain(document: Json): string {
  const copy = JSON.parse(canonical(document)) as Loose
  const empty = (value: Loose) =>
    value !== null && typeof value === 'object' && Object.keys(value).length === 0
  for (const section of [...LISTS, 'channels', 'types']) {
    const value = own(copy, section)
    if (section === 'types')
      for (const kind of ['customer', 'context']) if (empty(own(value, kind))) delete value[kind]
    if (empty(value)) delete copy[section]
  }
  return canonicalJson(copy)
}
