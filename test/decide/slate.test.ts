import { describe, expect, it } from 'vitest'
import { makeFakeScorer } from './fake-scorer.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, codesOf, makeHouse, slateOf, verdictOf } from './make-house.ts'

const web = (id: string, more = {}) => ({ id, channel: 'web', ...more })

describe('several placements', () => {
  const everywhere = { in: ['footer', 'hero', 'aside'] }
  const catalogue = makeCatalogue(
    [
      action('first', { ...everywhere, value: 4 }),
      action('second', { ...everywhere, value: 3 }),
      action('third', { ...everywhere, value: 2 }),
      action('fourth', { ...everywhere, value: 1 }),
    ],
    { placements: [web('footer', { order: 9 }), web('hero', { order: -1 }), web('aside', { order: 2 })] },
  )
  const decide = makeHouse(catalogue)

  it('are filled in the catalogue’s order and answered in the order they were asked in', async () => {
    const decision = await decide(ask({ slates: { footer: 1, aside: 1, hero: 1 } }))
    expect(Object.entries(chosen(decision))).toEqual([
      ['footer', ['third']],
      ['aside', ['second']],
      ['hero', ['first']],
    ])
  })

  it('of the same order are filled in the order they were asked in', async () => {
    const level = makeCatalogue([action('one', everywhere)], {
      placements: [web('footer'), web('hero'), web('aside')],
    })
    const decision = await makeHouse(level)(ask({ slates: { hero: 1, footer: 1 } }))
    expect(chosen(decision)).toEqual({ hero: ['one'], footer: [] })
  })

  it('never show an action twice, and say where it went', async () => {
    const decision = await decide(ask({ slates: { footer: 2, hero: 2 } }))
    expect(chosen(decision)).toEqual({ footer: ['third', 'fourth'], hero: ['first', 'second'] })
    expect(verdictOf(decision, 'first', 'footer')).toMatchObject({
      status: 'refused',
      reasons: [{ code: 'chosen_elsewhere', values: { placement: 'hero' } }],
    })
  })

  it('that are not asked for take nothing away', async () => {
    expect(chosen(await decide(ask({ slates: { footer: 1 } })))).toEqual({ footer: ['first'] })
  })

  it('judge each action for itself: refused here, chosen there', async () => {
    const slates = { hero: { limit: 1, kinds: ['activity'] as const }, footer: 1 }
    const decision = await decide(ask({ slates }))
    expect(codesOf(decision, 'first', 'hero')).toEqual(['kind_not_asked'])
    expect(chosen(decision)).toEqual({ hero: [], footer: ['first'] })
  })
})

describe('a slate', () => {
  const catalogue = makeCatalogue([
    action('a', { value: 3 }),
    action('b', { value: 2 }),
    action('c', { value: 1 }),
  ])
  const decide = makeHouse(catalogue)

  it('is filled up to its limit, in rank, and tells the others their rank', async () => {
    const decision = await decide(ask({ slates: { hero: 2 } }))
    expect(slateOf(decision)).toMatchObject({ status: 'filled', code: undefined })
    expect(slateOf(decision).items.map(({ rank, action }) => [rank, action.id])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(verdictOf(decision, 'c')).toMatchObject({
      status: 'outranked',
      reasons: [{ code: 'outranked', values: { rank: 3, limit: 2 } }],
    })
  })

  it('says of what it shows why: rank, tier, propensity, value and priority', async () => {
    const [, second] = slateOf(await decide(ask({ slates: { hero: 2 } }))).items
    expect(second!.why).toEqual([
      {
        code: 'best_of_permitted',
        values: {
          rank: 2,
          permitted: 3,
          tier: 'marketing',
          factors: {
            phrase: 'times',
            values: {
              left: { phrase: 'factor_propensity', values: { propensity: expect.closeTo(0.02, 7) } },
              right: { phrase: 'factor_value', values: { value: 2 } },
            },
          },
          priority: expect.closeTo(0.04, 7),
        },
      },
    ])
  })

  it('is partial when fewer were permitted than it has room for', async () => {
    expect(slateOf(await decide(ask({ slates: { hero: 4 } })))).toMatchObject({
      status: 'partial',
      code: 'fewer_than_limit',
    })
  })
})

describe('a slate without an action', () => {
  const fallback = { headline: 'New this week' }
  const refusing = [action('closed', { status: 'inactive' })]
  const placements = [web('hero', { order: 1, fallback }), web('top'), web('none')]

  it.each([
    [
      'nothing plays here',
      makeCatalogue([action('x', { in: ['top'] })], { placements }),
      { hero: 1 },
      'no_candidates',
    ],
    ['all were refused', makeCatalogue(refusing, { placements }), { hero: 1 }, 'nothing_permitted'],
    [
      'nothing is worth saying',
      makeCatalogue([...refusing, action('dull', { minPropensity: 0.5 })], { placements }),
      { hero: 1 },
      'nothing_above_threshold',
    ],
    [
      'all are shown elsewhere',
      makeCatalogue([...refusing, action('only', { in: ['hero', 'top'] })], { placements }),
      { hero: 1, top: 1 },
      'all_chosen_elsewhere',
    ],
  ])('falls back, and says that %s', async (_, catalogue, slates, code) => {
    const slate = slateOf(await makeHouse(catalogue)(ask({ slates })))
    expect(slate).toMatchObject({ status: 'fallback', code, items: [], placement: { fallback } })
  })

  it('is empty where the placement has no fallback', async () => {
    const catalogue = makeCatalogue(refusing, { placements: [web('hero')] })
    expect(slateOf(await makeHouse(catalogue)(ask()))).toMatchObject({
      status: 'empty',
      code: 'nothing_permitted',
    })
  })

  it.each([null, '', 0, false])('falls back on whatever is written, even on %j', async (nothing) => {
    const catalogue = makeCatalogue(refusing, { placements: [web('hero', { fallback: nothing })] })
    expect(slateOf(await makeHouse(catalogue)(ask())).status).toBe('fallback')
  })
})

describe('an outbound channel', () => {
  const channels = { email: { direction: 'outbound' } }
  const placements = [{ id: 'hero', channel: 'email', fallback: { headline: 'New' } }]
  const catalogue = makeCatalogue([action('a', { value: 2, minPropensity: 0.01 })], { channels, placements })

  it('never falls back: what is not worth saying is not sent', async () => {
    const scorer = makeFakeScorer({ a: 0.001 })
    const decision = await makeHouse(catalogue, { scorer })(ask({ channel: 'email' }))
    expect(decision.direction).toBe('outbound')
    expect(slateOf(decision)).toMatchObject({ status: 'empty', code: 'nothing_above_threshold', items: [] })
  })

  it('sends what is', async () => {
    const decision = await makeHouse(catalogue)(ask({ channel: 'email', slates: { hero: 3 } }))
    expect(slateOf(decision)).toMatchObject({ status: 'partial', code: 'fewer_than_limit' })
  })
})
