import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunTimePosition } from '../../src/domain/run-time-state.ts'
import { makeCatalogueStore } from '../../src/stores/embedded/catalogue-store.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { openEnvironment } from '../../src/stores/embedded/environment.ts'
import { guarded } from '../../src/stores/embedded/guarded.ts'
import {
  changeKey,
  closedEpochKey,
  documentKey,
  epochKey,
  META,
  publicationKey,
} from '../../src/stores/keys.ts'
import { describeCatalogueStore } from './contract/catalogue-store-contract.ts'

describeCatalogueStore('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-catalogues-'))
  return {
    open: async (kept) => {
      const { db } = await openEnvironment(folder, undefined)
      return { ...makeCatalogueStore(db, guarded, kept), close: () => db.close() }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})

interface Published {
  readonly version: string
  readonly sequence: number
}
interface Changed {
  readonly action: string
  readonly stock: number
  readonly position: RunTimePosition
}

describe('the embedded store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-catalogues-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** Runs four writers at once; answers with what each told, in its order. */
  async function runWriters<Told>(publications: number, changes: number): Promise<Told[][]> {
    const script = new URL('./catalogue-writer.ts', import.meta.url)
    return Promise.all(
      [0, 1, 2, 3].map(async (worker) => {
        const told: Told[] = []
        const args = [folder, worker, publications, changes].map(String)
        const writer = fork(script, args, { execArgv: ['--import', 'tsx'] })
        writer.on('message', (message) => told.push(message as Told))
        expect(await new Promise((resolve) => writer.once('exit', resolve))).toBe(0)
        return told
      }),
    )
  }

  it('loses no publication of four processes, each of which insists', { timeout: 120_000 }, async () => {
    const told = (await runWriters<Published>(100, 0)).flat()
    expect(told).toHaveLength(400)
    const store = await openEmbeddedStore(folder, undefined)
    const all = await store.catalogues.publications(1000)
    expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 400 }, (_, i) => 400 - i))
    expect(all.map(({ version, sequence }) => ({ version, sequence })).reverse()).toEqual(
      told.sort((a, b) => a.sequence - b.sequence),
    )
    for (const { version } of all) expect(await store.catalogues.document(version)).toEqual({ version })
    await store.close()
  })

  it('loses no run-time change of four processes, over several epochs', { timeout: 120_000 }, async () => {
    const told = await runWriters<Changed>(0, 200)
    const revisions = new Map<string, number[]>()
    for (const { position } of told.flat())
      revisions.set(position.epoch, [...(revisions.get(position.epoch) ?? []), position.revision])
    expect(revisions.size).toBeGreaterThan(2)
    let recorded = 0
    for (const found of revisions.values()) {
      expect(found.sort((a, b) => a - b)).toEqual(found.map((_, i) => i + 1))
      recorded += found.length
    }
    expect(recorded).toBe(800)
    const store = await openEmbeddedStore(folder, undefined)
    for (const { action, stock, position } of told.flat()) {
      const then = await store.catalogues.runTimeState(position)
      expect(then?.state.live.get(action)).toEqual({ stock })
    }
    const now = await store.catalogues.runTimeState()
    for (const last of told.flatMap((of) => of.slice(-5)))
      expect(now?.state.live.get(last.action)).toEqual({ stock: last.stock })
    await store.close()
  })

  it('says that it is damaged, whatever record is', async () => {
    const { db } = await openEnvironment(folder, undefined)
    // By a store of its own each time: nothing it knows already helps it.
    const store = () => makeCatalogueStore(db, guarded, { publications: 1, epochsMs: 0 })
    const publish = () =>
      store().publish({ a: 1 }, { version: 'a', at: 1, origin: 'publish', note: null }, undefined)
    const change = (at: number) =>
      store().changeRunTime(Array.from({ length: 16 }, () => ({ at, action: 'a', live: { stock: 1 } })))
    await publish()
    const first = await change(0)
    const { epoch } = await change(10_000)

    const cases: [string, string, () => Promise<unknown>][] = [
      ['newest pointer', META.newestPublication, () => store().newestPublication()],
      ['newest pointer', META.newestPublication, publish],
      ['publication', publicationKey(1), () => store().newestPublication()],
      ['publication', publicationKey(1), () => store().publications(5)],
      ['document', documentKey('a'), () => store().document('a')],
      ['run-time pointer', META.runTime, () => store().runTimePosition()],
      ['run-time pointer', META.runTime, () => change(20_000)],
      ['base', epochKey(epoch), () => store().runTimeState()],
      ['base', epochKey(epoch), () => change(20_000)],
      ['change', changeKey(first.epoch, 3), () => store().runTimeState(first)],
      ['end of an epoch', closedEpochKey(1), () => change(20_000)],
    ]
    for (const [what, key, use] of cases) {
      const sound = Buffer.from(db.get(key)!)
      const flipped = Buffer.from(sound)
      flipped[flipped.length - 5]! ^= 0x55
      for (const bytes of [Buffer.from('{"a": '), Buffer.from('{}'), Buffer.alloc(0), flipped]) {
        if (bytes === flipped && ![documentKey('a'), epochKey(epoch)].includes(key)) continue
        await db.put(key, bytes)
        await expect(use(), what).rejects.toMatchObject({ code: 'store_unavailable' })
      }
      await db.put(key, sound)
    }
    // Nothing of all that was half written.
    expect(await store().runTimePosition()).toEqual({ epoch, revision: 16 })
    expect((await change(20_000)).epoch).not.toBe(epoch)
    expect((await publish()).newest?.sequence).toBe(2)
    await db.close()
  })

  it('leaves nothing of an epoch that it removes', async () => {
    const { db } = await openEnvironment(folder, undefined)
    const store = makeCatalogueStore(db, guarded, { publications: 1, epochsMs: 5000 })
    const change = (at: number) =>
      store.changeRunTime(Array.from({ length: 16 }, () => ({ at, action: 'a', live: { stock: 1 } })))
    const keys = (epoch: string) => [...db.getKeys()].filter((key) => key.includes(epoch)).length
    const { epoch } = await change(0)
    await change(10_000)
    expect(keys(epoch)).toBe(17)
    const before = db.getKeysCount()
    await change(20_000)
    expect(keys(epoch)).toBe(0)
    // One epoch and its end came, one went.
    expect(db.getKeysCount()).toBe(before)
    await db.close()
  })

  it('leaves other rooms of the store alone', async () => {
    const store = await openEmbeddedStore(folder, undefined)
    await store.catalogues.publish({}, { version: 'a', at: 1, origin: 'sample', note: null }, null)
    await store.catalogues.changeRunTime([{ at: 1, action: 'a', live: null }])
    expect(await store.featureSet()).toBeNull()
    expect((await store.catalogues.newestPublication())?.origin).toBe('sample')
    await store.close()
    const closed = store.catalogues.newestPublication()
    await expect(closed).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})
