import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { makeDecide } from '../../src/decide/decide.ts'
import { makeNameDecision } from '../../src/decide/name-decision.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { failure } from '../../src/domain/errors.ts'
import type { RunTimeChange } from '../../src/domain/run-time-state.ts'
import type { Model } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { startDeadline } from '../../src/serving/deadline.ts'
import { type Keeper, openKeeper, type Prepared } from '../../src/serving/keeper.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { makeFakeScorer } from '../decide/fake-scorer.ts'
import { makeFakeStore } from '../decide/fake-store.ts'
import { action, makeCatalogue } from '../decide/make-catalogue.ts'
import { ask, NOW } from '../decide/make-house.ts'
import { ALL_CALLS, type FakeCatalogueStore, isDown, makeFakeCatalogueStore } from './fake-catalogue-store.ts'

const OFF: RunTimeChange = { at: 1, switch: { kind: 'action', id: 'boots' }, off: true }

/** What prepares by version: with a model of its own, unless told which it names. */
interface Workshop {
  readonly prepared: string[]
  readonly closed: string[]
  /** Versions that cannot be built. */
  readonly bad: Set<string>
  /** Versions that fail for another reason. */
  readonly broken: Set<string>
  /** Champion and challenger by version; what served before lends those that it has. */
  readonly names: Map<string, readonly [champion: string, challenger?: string]>
  /** Awaited before a version is ready. */
  readonly slow: Map<string, Promise<void>>
}

let store: FakeCatalogueStore
let shop: Workshop
let troubles: unknown[]
let served: string[]

beforeEach(() => {
  vi.useFakeTimers()
  store = makeFakeCatalogueStore()
  shop = { prepared: [], closed: [], bad: new Set(), broken: new Set(), names: new Map(), slow: new Map() }
  troubles = []
  served = []
})
afterEach(() => {
  vi.useRealTimers()
})

async function prepare(_: unknown, version: string, before: Prepared | null): Promise<Prepared> {
  shop.prepared.push(version)
  await shop.slow.get(version)
  if (shop.bad.has(version)) throw failure('catalogue_invalid', version, 'it is bad', 'mend it')
  if (shop.broken.has(version)) throw new Error('no file handles are left')
  const catalogue = { version, notices: [], actions: [] } as unknown as Catalogue
  const [champion, challenger] = shop.names.get(version) ?? [version]
  const models = new Map<string, Model>()
  for (const id of challenger === undefined ? [champion] : [champion, challenger])
    models.set(id, before?.models.get(id) ?? makeModel(id))
  const tried = challenger === undefined ? null : models.get(challenger)!
  return { catalogue, scorer: models.get(champion)!, challenger: tried, degraded: [], models }
}

function makeModel(id: string): Model {
  return { ...makeFakeScorer(), version: id, close: async () => void shop.closed.push(id) }
}

async function open(of: Parameters<typeof openKeeper>[0]['store'] = store): Promise<Keeper> {
  const keeper = await openKeeper({
    meanwhile: null,
    store: of,
    prepare,
    onTrouble: (error) => troubles.push(error),
    onServing: ({ version }) => served.push(version),
  })
  onTestFinished(() => keeper.close())
  return keeper
}
const versionOf = (keeper: Keeper) => keeper.serving().catalogue.version
const aSecond = () => vi.advanceTimersByTimeAsync(1000)

/** A promise that is settled from outside. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

describe('a keeper', () => {
  it('does not open over a store that holds nothing, or nothing that can serve', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'catalogue_invalid' })
    store.add('bad')
    shop.bad.add('bad')
    await expect(open()).rejects.toMatchObject({ code: 'catalogue_invalid' })
  })

  it('loads no scorer that nobody would close when the run-time state cannot be read', async () => {
    store.add('a')
    store.failing = new Set(['runTimeState'])
    await expect(open()).rejects.toSatisfy(isDown)
    expect(shop.prepared).toEqual([])
  })

  it('follows publications and run-time changes within a second', async () => {
    store.add('a')
    const keeper = await open()
    store.add('b')
    await store.changeRunTime([OFF])
    await aSecond()
    expect(versionOf(keeper)).toBe('b')
    expect(keeper.serving().runTime.state.off.has('action:boots')).toBe(true)
    expect(keeper.serving().runTime.position).toEqual(await store.runTimePosition())
    expect(served).toEqual(['b'])
    expect(troubles).toEqual([])
  })

  it('knows on the spot when it is asked to look', async () => {
    store.add('a')
    const keeper = await open()
    store.add('b')
    await store.changeRunTime([OFF])
    await keeper.refresh()
    expect(versionOf(keeper)).toBe('b')
    expect(keeper.serving().runTime.state.off.size).toBe(1)
  })

  it('exchanges catalogue and scorer in one value, and leaves the value that was taken as it is', async () => {
    store.add('a')
    const keeper = await open()
    const taken = keeper.serving()
    store.add('b')
    await keeper.refresh()
    expect([taken.catalogue.version, taken.scorer.version]).toEqual(['a', 'a'])
    expect([versionOf(keeper), keeper.serving().scorer.version]).toEqual(['b', 'b'])
  })

  it('builds a version once, however many ask at once', async () => {
    store.add('a')
    const keeper = await open()
    store.add('b')
    const before = store.calls.newestPublication!
    await Promise.all(Array.from({ length: 100 }, () => keeper.refresh()))
    expect(versionOf(keeper)).toBe('b')
    expect(shop.prepared).toEqual(['a', 'b'])
    expect(store.calls.newestPublication! - before).toBeLessThanOrEqual(2)
  })

  it('sees what was written while an earlier look was under way', async () => {
    store.add('a')
    const keeper = await open()
    const slow = gate()
    shop.slow.set('b', slow.passed)
    store.add('b')
    const first = keeper.refresh()
    await vi.advanceTimersByTimeAsync(0)
    store.add('c')
    const second = keeper.refresh()
    slow.open()
    await first
    await second
    expect(versionOf(keeper)).toBe('c')
    expect(served).toEqual(['b', 'c'])
  })

  it('goes on serving, and switching off, while a version takes long to build', async () => {
    store.add('a')
    const keeper = await open()
    const slow = gate()
    shop.slow.set('b', slow.passed)
    store.add('b')
    await aSecond()
    expect(shop.prepared).toEqual(['a', 'b'])
    await store.changeRunTime([OFF])
    await keeper.refresh('runTime')
    expect(versionOf(keeper)).toBe('a')
    expect(keeper.serving().runTime.state.off.size).toBe(1)
    await store.changeRunTime([{ ...OFF, off: false }])
    await aSecond()
    expect(keeper.serving().runTime.state.off.size).toBe(0)
    slow.open()
    await aSecond()
    expect(versionOf(keeper)).toBe('b')
    expect(keeper.serving().runTime.state.off.size).toBe(0)
  })
})

describe('a version that cannot be built', () => {
  it('is told, and the old one serves until a good one comes', async () => {
    store.add('a')
    const keeper = await open()
    shop.bad.add('b')
    store.add('b')
    await aSecond()
    expect(versionOf(keeper)).toBe('a')
    expect(troubles).toMatchObject([{ code: 'catalogue_invalid' }])
    store.add('c')
    await aSecond()
    expect(versionOf(keeper)).toBe('c')
    expect(shop.prepared).toEqual(['a', 'b', 'c'])
  })

  it('is not tried again: this release will never build it', async () => {
    store.add('a')
    const keeper = await open()
    shop.bad.add('b')
    store.add('b')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([shop.prepared, versionOf(keeper)]).toEqual([['a', 'b'], 'a'])
  })

  it('for another reason than itself is tried again after ten seconds, and not at every look', async () => {
    store.add('a')
    const keeper = await open()
    shop.broken.add('b')
    store.add('b')
    await vi.advanceTimersByTimeAsync(9_000)
    expect(shop.prepared).toEqual(['a', 'b'])
    shop.broken.clear()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(versionOf(keeper)).toBe('b')
  })

  it('is tried at once when it is published anew', async () => {
    store.add('a')
    const keeper = await open()
    shop.bad.add('b')
    store.add('b')
    await aSecond()
    shop.bad.clear()
    store.add('a')
    store.add('b')
    await aSecond()
    expect(versionOf(keeper)).toBe('b')
  })
})

describe('a store that fails', () => {
  it.each([...ALL_CALLS])(
    'leaves the old one serving while %s fails, and is caught up with in a second',
    async (call) => {
      store.add('a')
      const keeper = await open()
      store.add('b')
      if (call !== 'changeRunTime') await store.changeRunTime([OFF])
      store.failing = new Set([call])
      for (let i = 0; i < 30; i++) await aSecond()
      expect(troubles.every(isDown)).toBe(true)
      if (call === 'document' || call === 'newestPublication') expect(versionOf(keeper)).toBe('a')
      store.failing = new Set()
      await aSecond()
      expect(versionOf(keeper)).toBe('b')
      expect(keeper.serving().runTime.position).toEqual(await store.runTimePosition())
    },
  )

  it('does not reject who asks it to look', async () => {
    store.add('a')
    const keeper = await open()
    store.failing = ALL_CALLS
    await keeper.refresh()
    await keeper.refresh('runTime')
    expect(troubles).toHaveLength(3)
  })

  it('may fail inside of preparing without the version being held against it', async () => {
    store.add('a')
    const keeper = await open()
    store.add('b')
    const down = Promise.reject(failure('store_unavailable', 'store', 'it is down', 'start it'))
    down.catch(() => {})
    shop.slow.set('b', down)
    await aSecond()
    expect(versionOf(keeper)).toBe('a')
    shop.slow.clear()
    await aSecond()
    expect(versionOf(keeper)).toBe('b')
  })
})

describe('a model', () => {
  it('stays open for 30 seconds after it was replaced, and no longer', async () => {
    store.add('a')
    const keeper = await open()
    store.add('b')
    await keeper.refresh()
    await vi.advanceTimersByTimeAsync(29_900)
    expect(shop.closed).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(shop.closed).toEqual(['a'])
  })

  it('is kept when the next version lends it, and closed once after the last that did', async () => {
    store.add('a')
    const keeper = await open()
    for (const version of ['b', 'c']) {
      shop.names.set(version, ['a'])
      store.add(version)
      await keeper.refresh()
    }
    await vi.advanceTimersByTimeAsync(60_000)
    expect([shop.closed, keeper.serving().scorer.version]).toEqual([[], 'a'])
    store.add('d')
    await keeper.refresh()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([shop.closed, keeper.serving().scorer.version]).toEqual([['a'], 'd'])
  })

  it.each([
    ['a', 'the retired one'],
    ['b', 'the one that serves'],
    ['c', 'the challenger'],
  ])('is closed with the keeper, retired or not, even if %s, %s, cannot be closed', async (stuck) => {
    store.add('a')
    const keeper = await open()
    shop.names.set('b', ['b', 'c'])
    store.add('b')
    await keeper.refresh()
    shop.closed.push = (version) => {
      Array.prototype.push.call(shop.closed, version)
      if (version === stuck) throw new Error('stuck')
      return 0
    }
    await keeper.close()
    expect([...shop.closed]).toEqual(['a', 'b', 'c'])
    expect(troubles).toMatchObject([{ message: 'stuck' }])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is kept or closed whatever becomes of the other, and stays open when the challenger takes over', async () => {
    shop.names.set('1', ['shop', 'old'])
    shop.names.set('2', ['shop', 'next'])
    shop.names.set('3', ['other', 'next'])
    shop.names.set('4', ['next'])
    shop.names.set('5', ['next', 'other'])
    store.add('1')
    const keeper = await open()
    const serveNext = async (version: string) => {
      store.add(version)
      await keeper.refresh()
      await vi.advanceTimersByTimeAsync(31_000)
      const { scorer, challenger } = keeper.serving()
      return [scorer.version, challenger?.version, [...shop.closed]]
    }
    expect(await serveNext('2')).toEqual(['shop', 'next', ['old']])
    expect(await serveNext('3')).toEqual(['other', 'next', ['old', 'shop']])
    expect(await serveNext('4')).toEqual(['next', undefined, ['old', 'shop', 'other']])
    expect(await serveNext('5')).toEqual(['next', 'other', ['old', 'shop', 'other']])
    await keeper.close()
    expect(shop.closed).toEqual(['old', 'shop', 'other', 'next', 'other'])
  })
})

describe('closing', () => {
  it('waits for what is being built, and looks no more', async () => {
    store.add('a')
    const keeper = await open()
    const slow = gate()
    shop.slow.set('b', slow.passed)
    store.add('b')
    await aSecond()
    let ended = false
    const closing = keeper.close().then(() => {
      ended = true
    })
    await aSecond()
    expect(ended).toBe(false)
    slow.open()
    await closing
    expect(shop.closed).toEqual(['a', 'b'])
    store.add('c')
    await keeper.refresh()
    await aSecond()
    expect(shop.prepared).toEqual(['a', 'b'])
  })
})

describe('two handles of one embedded store', () => {
  it('make one see within a second what the other wrote', async () => {
    vi.useRealTimers()
    const folder = await mkdtemp(join(tmpdir(), 'emma-keeper-'))
    const [one, other] = [
      await openEmbeddedStore(folder, undefined),
      await openEmbeddedStore(folder, undefined),
    ]
    const publish = (version: string) =>
      other.catalogues.publish({ version }, { version, at: 1, origin: 'publish', note: null }, undefined)
    await publish('a')
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const keeper = await open(one.catalogues)
    await publish('b')
    await other.catalogues.changeRunTime([OFF])
    await aSecond()
    // No look follows this one: the clock stands still while it ends.
    for (let i = 0; versionOf(keeper) !== 'b' && i < 1000; i++) await new Promise((go) => setTimeout(go, 5))
    expect(versionOf(keeper)).toBe('b')
    expect(keeper.serving().runTime.state.off.has('action:boots')).toBe(true)
    await keeper.close()
    await Promise.all([one.close(), other.close()])
    await rm(folder, { recursive: true, force: true })
  })
})

describe('a decision under way', () => {
  it('keeps the version, the content and the switches that it began with', async () => {
    const says = (text: string) => makeCatalogue([action('boots', { says: { de: text } })])
    const catalogues: Readonly<Record<string, Catalogue>> = { old: says('old'), new: says('new') }
    const [asked, answers] = [gate(), gate()]
    store.add('old')
    const keeper = await openKeeper({
      meanwhile: null,
      store,
      prepare: async (_, version) => ({
        ...{ catalogue: catalogues[version]!, scorer: makeFakeScorer(), challenger: null, degraded: [] },
        models: new Map(),
      }),
      onTrouble: (error) => troubles.push(error),
      onServing: () => {},
    })
    onTestFinished(() => keeper.close())
    const customers = makeFakeStore()
    const slow: typeof customers = {
      ...customers,
      async commit(grant) {
        asked.open()
        await answers.passed
        return customers.commit(grant)
      },
    }
    const decide = makeDecide({
      serving: keeper.serving,
      store: slow,
      prior: priorScorer,
      clock: () => NOW,
      nameDecision: makeNameDecision(customers, () => '019a3e4c-0000-7000-8000-000000000000'),
      onDecided: () => {},
      onCommit: () => {},
      startDeadline,
      deadlineMs: 5_000,
      newVisitor: () => 'somebody',
      onTrouble: (error) => troubles.push(error),
    })
    const before = decide(ask())
    await asked.passed
    store.add('new')
    await store.changeRunTime([OFF])
    await keeper.refresh()
    const after = decide(ask())
    answers.open()
    const contents = ({ slates }: Decision) =>
      slates.flatMap(({ items }) => items.map(({ content }) => content))
    const [first, second] = [await before, await after]
    expect([first.versions.catalogue, first.versions.runTime, contents(first)]).toEqual([
      ...[catalogues.old!.version, null],
      ['old'],
    ])
    expect([second.versions.catalogue, second.versions.runTime, contents(second)]).toEqual([
      ...[catalogues.new!.version, 'epoch.1'],
      [],
    ])
    expect(troubles).toEqual([])
  })
})
