import { describe, expect, it } from 'vitest'
import { failure } from '../../src/domain/errors.ts'
import { EMPTY_PROFILE } from '../../src/domain/profile.ts'
import { scorerThat } from './fake-scorer.ts'
import { FEATURE_SET, makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, makeHouse, NOW, slateOf } from './make-house.ts'

const catalogue = makeCatalogue([action('boots'), action('socks'), action('scarf')], {
  types: {
    customer: { age: 'number', vip: { type: 'bool', default: false } },
    context: { basket: { type: 'number', default: 0 }, intent: 'string' },
  },
})
const vector = Float32Array.of(4, 12)
const profile = { ...EMPTY_PROFILE, attributes: { age: 41 } }

/** What the scorer saw of the situation. */
async function seen(request = ask(), store = makeFakeStore({ customers: { 'c-1': { profile, vector } } })) {
  let situation: unknown
  const scorer = scorerThat((_, given) => {
    situation = given
    return 0.02
  })
  await makeHouse(catalogue, { store, scorer })(request)
  return situation
}

describe('a known customer', () => {
  it('is scored with his own features and attributes, and what is not told has its default', async () => {
    expect(await seen()).toMatchObject({
      now: NOW,
      local: { hour: 10, weekday: 0, day: '2026-11-01' },
      customer: { state: 'known', attributes: { age: 41, vip: false }, vector },
      request: { context: { basket: 0 } },
      featureSet: FEATURE_SET,
    })
  })

  it.each([
    ['attributes', { profile }, FEATURE_SET.defaults],
    ['features', { vector }, vector],
  ])('may be known by his %s alone', async (_, stored, expected) => {
    const store = makeFakeStore({ customers: { 'c-1': stored } })
    expect(await seen(ask(), store)).toMatchObject({ customer: { state: 'known', vector: expected } })
  })

  it('may say more of this moment than the defaults', async () => {
    expect(await seen(ask({ context: { basket: 49.9, intent: 'return' } }))).toMatchObject({
      request: { context: { basket: 49.9, intent: 'return' } },
    })
  })
})

describe('a stranger', () => {
  it.each([
    ['unknown', 'c-2'],
    ['anonymous', undefined],
  ])('who is %s is taken for what the feature set says of strangers', async (state, customer) => {
    expect(await seen(ask({ customer }))).toMatchObject({
      customer: { state, attributes: { vip: false }, vector: FEATURE_SET.defaults },
    })
    const decision = await makeHouse(catalogue)(ask({ customer }))
    expect(decision).toMatchObject({ customer: state, degraded: [] })
    expect(decision.slates[0]!.status).toBe('filled')
  })
})

describe('a decision', () => {
  it('names the versions it comes from', async () => {
    expect(await makeHouse(catalogue)(ask())).toMatchObject({
      versions: { catalogue: catalogue.version, model: 'fake/1@000000000000', features: '0123456789abcdef' },
      direction: 'inbound',
      decidedAt: NOW,
    })
  })

  it('is the same to the last byte when the situation is the same', async () => {
    const request = ask({ slates: { hero: 3 }, mode: 'dry-run', at: NOW })
    const [first, second] = [
      await makeHouse(catalogue)(request),
      await makeHouse(catalogue, { now: 0 })(request),
    ]
    expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  })

  it('is good for half an hour', async () => {
    expect((await makeHouse(catalogue)(ask())).validUntil).toBe(NOW + 30 * 60_000)
  })

  it('ends with the first of its own actions, whatever else ends', async () => {
    const ending = (minutes: number) => ({ validity: { to: new Date(NOW + minutes * 60_000).toISOString() } })
    const short = makeCatalogue([
      action('today', { ...ending(20), tier: 'service' }),
      action('now', { ...ending(10), tier: 'service' }),
      action('outranked', ending(5)),
    ])
    const decision = await makeHouse(short)(ask({ slates: { hero: 2 } }))
    expect(decision.validUntil).toBe(NOW + 10 * 60_000)
  })

  it('is for the moment a dry-run names', async () => {
    const at = Date.parse('2026-07-01T12:00:00Z')
    expect(await seen(ask({ mode: 'dry-run', at }))).toMatchObject({ now: at, local: { hour: 14 } })
  })

  it('is made with one catalogue from beginning to end, even if another comes meanwhile', async () => {
    const other = makeCatalogue([action('other')])
    let current = catalogue
    const decide = makeHouse(catalogue)
    const swapping = makeHouse(catalogue, {
      scorer: scorerThat(() => {
        current = other
        return 0.02
      }),
    })
    expect((await swapping(ask())).versions.catalogue).toBe((await decide(ask())).versions.catalogue)
    expect(current).toBe(other)
  })
})

describe('an address', () => {
  it('goes no further than to its opt-outs, and another one is another question', async () => {
    const asked = (address?: string) => ask({ address, mode: 'dry-run', at: NOW })
    expect(JSON.stringify(await seen(asked('anna@example.org'), makeFakeStore()))).not.toContain('anna@')
    const decide = makeHouse(catalogue)
    const ids = await Promise.all(
      [undefined, 'a@example.org', ' A@example.org', 'b@example.org'].map(
        async (address) => (await decide(asked(address))).id,
      ),
    )
    expect(ids[1]).toBe(ids[2])
    expect(new Set(ids).size).toBe(3)
  })
})

describe('less than everything', () => {
  it('is still an answer when the store fails, and says so', async () => {
    const decide = makeHouse(catalogue, { store: makeFakeStore({ broken: true }) })
    const decision = await decide(ask())
    expect(decision).toMatchObject({
      customer: 'unknown',
      degraded: ['store_unavailable'],
      versions: { features: null },
      history: null,
    })
    // What he wishes cannot be looked up.
    expect(chosen(decision).hero).toEqual([])
    expect(slateOf(decision).code).toBe('unchecked')
  })

  it('shows a visitor without a name what the prior thinks best when the store fails', async () => {
    const decide = makeHouse(catalogue, { store: makeFakeStore({ broken: true }) })
    const decision = await decide(ask({ customer: undefined }))
    expect(decision).toMatchObject({ versions: { model: 'prior' }, degraded: ['store_unavailable'] })
    expect(chosen(decision).hero).toHaveLength(1)
  })

  it('checks a session and an address of nobody in particular, too, when the store fails', async () => {
    const decide = makeHouse(
      makeCatalogue([action('boots')], { channels: { web: { direction: 'outbound' } } }),
      {
        store: makeFakeStore({ broken: true }),
      },
    )
    for (const one of [{ sessionId: 's-1' }, { address: 'a@example.org' }])
      expect(slateOf(await decide(ask({ customer: undefined, ...one }))).code).toBe('unchecked')
  })

  it('is still an answer when the store fails for a visitor without a name', async () => {
    const decision = await makeHouse(catalogue, { store: makeFakeStore({ broken: true }) })(
      ask({ customer: undefined }),
    )
    expect(decision).toMatchObject({ customer: 'anonymous', degraded: ['store_unavailable'] })
  })

  it('is told to whoever keeps the log, as it was thrown', async () => {
    const told: unknown[] = []
    const failed = new Error('no model today')
    const scorer = scorerThat(() => {
      throw failed
    })
    const onTrouble = (error: unknown) => void told.push(error)
    await makeHouse(catalogue, { scorer, onTrouble })(ask())
    expect(told).toEqual([failed])
    await makeHouse(catalogue, { store: makeFakeStore({ broken: true }), onTrouble })(ask())
    expect(told[1]).toMatchObject({ code: 'store_unavailable' })
    await makeHouse(catalogue, { scorer: scorerThat(() => Number.NaN), onTrouble })(ask())
    expect(told[2]).toMatchObject({ code: 'model_invalid' })
  })

  it('takes a customer with damaged features for a stranger, and says so', async () => {
    const store = makeFakeStore({ customers: { 'c-1': { profile, vectorDamaged: true } } })
    const decision = await makeHouse(catalogue, { store })(ask())
    expect(decision).toMatchObject({ customer: 'known', degraded: ['features_invalid'] })
    expect(await seen(ask(), store)).toMatchObject({ customer: { vector: FEATURE_SET.defaults } })
  })

  it('uses the prior while no feature set is loaded, and says so', async () => {
    const decision = await makeHouse(catalogue, { store: makeFakeStore({ featureSet: null }) })(ask())
    expect(decision).toMatchObject({
      degraded: ['features_not_loaded'],
      versions: { model: 'prior', features: null },
    })
  })

  it('lists all that was missing, the longest known first', async () => {
    const store = makeFakeStore({ customers: { 'c-1': { profile, vectorDamaged: true } } })
    const scorer = scorerThat(() => {
      throw failure('model_invalid', 'model', 'it failed', 'mend it')
    })
    const decision = await makeHouse(catalogue, { store, scorer, degraded: ['model_unavailable'] })(ask())
    expect(decision.degraded).toEqual(['model_unavailable', 'features_invalid', 'model_failed'])
  })

  it('never answers a request that does not fit the catalogue', async () => {
    const asking = makeHouse(catalogue, { store: makeFakeStore({ broken: true }) })(ask({ channel: 'fax' }))
    await expect(asking).rejects.toMatchObject({ code: 'unknown_channel' })
  })
})
