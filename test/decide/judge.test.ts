import { describe, expect, it } from 'vitest'
import { makeFakeScorer } from './fake-scorer.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, codesOf, makeHouse, slateOf, verdictOf } from './make-house.ts'

describe('validity', () => {
  const from = Date.parse('2026-11-01T00:00:00Z')
  const to = Date.parse('2026-12-31T00:00:00Z')
  const catalogue = makeCatalogue([
    action('boots', { validity: { from: '2026-11-01T01:00:00+01:00', to: '2026-12-31T00:00:00Z' } }),
  ])

  it.each([
    ['the moment before it begins', from - 1, ['not_yet_valid']],
    ['the moment it begins', from, ['best_of_permitted']],
    ['the last moment', to - 1, ['best_of_permitted']],
    ['the moment it ends', to, ['no_longer_valid']],
  ])('is tested to the millisecond: %s', async (_, now, codes) => {
    expect(codesOf(await makeHouse(catalogue, { now })(ask()), 'boots')).toEqual(codes)
  })

  it('says in the reason when it begins or ended', async () => {
    const early = await makeHouse(catalogue, { now: from - 1 })(ask())
    expect(verdictOf(early, 'boots').reasons[0]!.values).toEqual({ from })
    const late = await makeHouse(catalogue, { now: to })(ask())
    expect(verdictOf(late, 'boots').reasons[0]!.values).toEqual({ to })
  })

  it.each([
    ['from', { from: '2026-11-01T00:00:00Z' }, from, from - 1],
    ['to', { to: '2026-12-31T00:00:00Z' }, to - 1, to],
  ])('may have only a %s', async (_, validity, inside, outside) => {
    const half = makeCatalogue([action('boots', { validity })])
    expect(chosen(await makeHouse(half, { now: inside })(ask())).hero).toEqual(['boots'])
    expect(chosen(await makeHouse(half, { now: outside })(ask())).hero).toEqual([])
  })
})

describe('what the caller asks for', () => {
  const catalogue = makeCatalogue([
    action('boots', { value: 3 }),
    action('survey', { value: 2, kind: 'activity' }),
    action('socks', { value: 1 }),
  ])
  const decide = makeHouse(catalogue)

  it('may be some kinds only', async () => {
    const decision = await decide(ask({ slates: { hero: { limit: 3, kinds: ['activity'] } } }))
    expect(chosen(decision).hero).toEqual(['survey'])
    expect(codesOf(decision, 'boots')).toEqual(['kind_not_asked'])
    expect(slateOf(decision)).toMatchObject({ status: 'partial', code: 'fewer_than_limit' })
  })

  it('may be all kinds by name', async () => {
    const slates = { hero: { limit: 3, kinds: ['offer', 'activity'] as const } }
    expect(chosen(await decide(ask({ slates }))).hero).toEqual(['boots', 'survey', 'socks'])
  })

  it('may be some actions only', async () => {
    const decision = await decide(ask({ slates: { hero: 3 }, include: ['socks', 'survey'] }))
    expect(chosen(decision).hero).toEqual(['survey', 'socks'])
    expect(codesOf(decision, 'boots')).toEqual(['not_included_by_request'])
  })

  it('may be all but some', async () => {
    const decision = await decide(ask({ slates: { hero: 3 }, exclude: ['survey'] }))
    expect(chosen(decision).hero).toEqual(['boots', 'socks'])
    expect(codesOf(decision, 'survey')).toEqual(['excluded_by_request'])
  })

  it('is refused where it is both included and excluded', async () => {
    const decision = await decide(ask({ include: ['socks'], exclude: ['socks'] }))
    expect(codesOf(decision, 'socks')).toEqual(['excluded_by_request'])
    expect(slateOf(decision)).toMatchObject({ status: 'empty', code: 'nothing_permitted' })
  })

  it('may be nothing at all', async () => {
    const decision = await decide(ask({ include: [] }))
    expect(slateOf(decision)).toMatchObject({ status: 'empty', code: 'nothing_permitted' })
  })
})

describe('a refused candidate', () => {
  it('has every reason that refuses it, not only the first', async () => {
    const catalogue = makeCatalogue([
      action('boots', { status: 'inactive', validity: { to: '2026-01-01T00:00:00Z' } }),
      action('socks'),
    ])
    const request = ask({
      slates: { hero: { kinds: ['activity'] } },
      include: ['socks'],
      exclude: ['boots'],
    })
    const scorer = makeFakeScorer()
    const decision = await makeHouse(catalogue, { scorer })(request)
    expect(codesOf(decision, 'boots')).toEqual([
      'inactive',
      'no_longer_valid',
      'kind_not_asked',
      'not_included_by_request',
      'excluded_by_request',
    ])
    expect(scorer.asked.flat()).toEqual([])
  })
})
