import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyChange,
  EMPTY_RUN_TIME_STATE,
  entriesOf,
  epochOf,
  type RunTimeChange,
  type RunTimePosition,
  type RunTimeState,
} from '../../../src/domain/run-time-state.ts'
import type { CatalogueStore } from '../../../src/ports/catalogue-store.ts'
import { type CatalogueStoreHome, useHome } from './catalogue-store-home.ts'

const START = 1_790_000_000_000
const stock = (action: string, units: number, at = START): RunTimeChange => ({
  at,
  action,
  live: { stock: units },
})
/** As many changes, each of another action unless told otherwise. */
const many = (count: number, at = START, actions = count): RunTimeChange[] =>
  Array.from({ length: count }, (_, i) => stock(`a${i % actions}`, i, at))

/** The port’s words on epochs, written a second time: every position on the way with its state. */
function historyOf(lists: readonly (readonly RunTimeChange[])[]) {
  let state: RunTimeState = EMPTY_RUN_TIME_STATE
  let epoch: { readonly name: string; readonly openedAt: number } | null = null
  let revision = 0
  const history: { readonly position: RunTimePosition; readonly state: RunTimeState }[] = []
  for (const list of lists) {
    const { at } = list[0]!
    const longAgo = epoch !== null && Math.abs(at - epoch.openedAt) >= 10_000
    if (epoch === null || (longAgo && revision >= Math.max(16, entriesOf(state)))) {
      epoch = { name: epochOf(state, at), openedAt: at }
      revision = 0
      history.push({ position: { epoch: epoch.name, revision }, state })
    }
    for (const change of list) {
      state = applyChange(state, change)
      history.push({ position: { epoch: epoch.name, revision: ++revision }, state })
    }
  }
  return history
}

const ids = fc.constantFrom('boots', '__proto__', 'ä🙂', 'a', 'b', 'c')
const anyList = fc
  .tuple(
    fc.nat(12_000),
    fc.array(
      fc.oneof(
        fc.record({ action: ids, live: fc.option(fc.record({ stock: fc.nat(9) })) }),
        fc.record({
          switch: fc.record({ kind: fc.constantFrom('channel' as const, 'action' as const), id: ids }),
          off: fc.boolean(),
        }),
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([after, changes]) => ({ after, changes }))
/** Lists of changes, each some seconds after the one before. */
const anyLists = fc.array(anyList, { minLength: 1, maxLength: 15 }).map((lists) => {
  let at = START
  return lists.map(({ after, changes }): RunTimeChange[] => {
    at += after
    return changes.map((change) => ({ ...change, at }))
  })
})

/** What a store promises of the run-time state. */
export function describeRunTimeState(name: string, makeHome: () => Promise<CatalogueStoreHome>): void {
  describe(`${name} keeps the promises of a run-time state`, () => {
    const open = useHome(makeHome)
    const stateAt = async (store: CatalogueStore, at?: RunTimePosition) =>
      (await store.runTimeState(at))?.state

    it('knows nothing at first, and says so', async () => {
      const store = await open()
      expect(await store.runTimePosition()).toBeNull()
      expect(await store.runTimeState()).toEqual({ position: null, state: EMPTY_RUN_TIME_STATE })
      expect(await store.runTimeState({ epoch: '0'.repeat(16), revision: 0 })).toBeNull()
    })

    it('applies changes in order and says where the state stands', async () => {
      const store = await open()
      const group = { kind: 'group', id: 'shoes' } as const
      const first = await store.changeRunTime([
        stock('a', 1),
        stock('b', 2),
        { at: START, action: 'a', live: null },
      ])
      expect(first).toEqual({ epoch: epochOf(EMPTY_RUN_TIME_STATE, START), revision: 3 })
      const second = await store.changeRunTime([
        { at: START + 1, switch: group, off: true },
        stock('b', 7),
        stock('b', 3),
      ])
      expect(second).toEqual({ ...first, revision: 6 })
      expect(await store.runTimePosition()).toEqual(second)
      expect(await store.runTimeState()).toEqual({
        position: second,
        state: { live: new Map([['b', { stock: 3 }]]), off: new Map([['group:shoes', START + 1]]) },
      })
    })

    it('records all changes of a list or none', async () => {
      const store = await open()
      const before = await store.changeRunTime([stock('a', 1)])
      const list = [stock('a', 2), stock('b', Number.NaN)]
      await expect(store.changeRunTime(list)).rejects.toMatchObject({ code: 'store_unavailable' })
      await expect(store.changeRunTime([])).rejects.toMatchObject({ code: 'store_unavailable' })
      expect(await store.runTimePosition()).toEqual(before)
      expect(await stateAt(store)).toEqual({ live: new Map([['a', { stock: 1 }]]), off: new Map() })
    })

    it('shows every process what another has changed and awaited', async () => {
      const [one, two] = [await open(), await open()]
      for (let round = 1; round <= 40; round++) {
        const [writer, reader] = round % 2 === 0 ? [one, two] : [two, one]
        // The reader has looked just now, so an old view of its own would show. A second a round: epochs open.
        await reader.runTimeState()
        const position = await writer.changeRunTime([stock(`a${round % 3}`, round, START + round * 1000)])
        expect(await reader.runTimePosition()).toEqual(position)
        const now = await reader.runTimeState()
        expect(now?.position).toEqual(position)
        expect(now?.state.live.get(`a${round % 3}`)).toEqual({ stock: round })
      }
    })

    it('loses none of many changes made at once by two processes', async () => {
      const stores = [await open(), await open()]
      const changes = many(100).map((change, i) => ({ ...change, at: START + i * 1000 }))
      const positions = await Promise.all(changes.map((change, i) => stores[i % 2]!.changeRunTime([change])))
      expect(new Set(positions.map(({ epoch, revision }) => `${epoch} ${revision}`)).size).toBe(100)
      const last = await stores[0]!.runTimeState()
      expect(last?.state.live.size).toBe(100)
      expect(await stores[1]!.runTimeState()).toEqual(last)
    })

    it.each([
      { after: 9_999, changes: 16, actions: 1, opens: false },
      { after: 10_000, changes: 16, actions: 1, opens: true },
      { after: 10_000, changes: 15, actions: 1, opens: false },
      { after: 10_000, changes: 20, actions: 20, opens: true },
      { after: -9_999, changes: 16, actions: 1, opens: false },
      { after: -10_000, changes: 16, actions: 1, opens: true },
    ])('$after ms and $changes changes of $actions actions later an epoch opens: $opens', async (row) => {
      const store = await open()
      const first = await store.changeRunTime(many(row.changes, START, row.actions))
      const before = await stateAt(store)
      const second = await store.changeRunTime([stock('new', 9, START + row.after), stock('new', 8)])
      if (!row.opens) return expect(second).toEqual({ ...first, revision: first.revision + 2 })
      expect(second).toEqual({ epoch: epochOf(before!, START + row.after), revision: 2 })
      expect(await stateAt(store, { ...second, revision: 0 }), 'it opens with the state before').toEqual(
        before,
      )
    })

    it('opens no epoch before as many changes are recorded as the state has entries', async () => {
      const store = await open()
      await store.changeRunTime(many(30))
      const { epoch } = await store.changeRunTime(many(29, START + 10_000, 1))
      const late = START + 60_000
      expect(await store.changeRunTime([stock('a0', 1, late)])).toEqual({ epoch, revision: 30 })
      expect((await store.changeRunTime([stock('a0', 2, late)])).epoch).not.toBe(epoch)
    })

    it('knows no position that was never recorded', async () => {
      const store = await open()
      const position = await store.changeRunTime([stock('a', 1), stock('a', 2)])
      for (const revision of [3, 1e9, Number.MAX_VALUE, Number.NaN, -1, 0.5])
        expect(await store.runTimeState({ ...position, revision })).toBeNull()
      for (const epoch of [
        '',
        'x',
        '0'.repeat(16),
        position.epoch.toUpperCase().padEnd(17, 'F'),
        'x'.repeat(9999),
      ])
        expect(await store.runTimeState({ ...position, epoch })).toBeNull()
    })

    it('rebuilds any position exactly, with and without what the process knows already', async () => {
      await fc.assert(
        fc.asyncProperty(anyLists, fc.boolean(), async (lists, looks) => {
          const home = await makeHome()
          const writer = await home.open({ publications: 9, epochsMs: 1e9 })
          const reader = await home.open({ publications: 9, epochsMs: 1e9 })
          const history = historyOf(lists)
          let recorded = 0
          for (const list of lists) {
            recorded += list.length
            const position = await writer.changeRunTime(list)
            const now = history.filter((entry) => entry.position.revision > 0)[recorded - 1]
            expect(position).toEqual(now?.position)
            if (looks) expect(await reader.runTimeState()).toEqual(now)
          }
          for (const entry of history) {
            expect(await writer.runTimeState(entry.position)).toEqual(entry)
            expect(await reader.runTimeState(entry.position)).toEqual(entry)
          }
          await writer.close()
          await reader.close()
          await home.remove()
        }),
        { numRuns: 25 },
      )
    })

    describe('of epochs that closed too long ago', () => {
      const nextEpoch = (store: CatalogueStore, at: number) => store.changeRunTime(many(16, START + at, 2))
      /** How many of three positions are known, per epoch. */
      const known = (store: CatalogueStore, ends: readonly RunTimePosition[]) =>
        Promise.all(
          ends.map(async (end) => {
            const states = [0, 1, 16].map((revision) => store.runTimeState({ ...end, revision }))
            return (await Promise.all(states)).filter((state) => state !== null).length
          }),
        )

      it('removes all when another opens, and keeps the others whole', async () => {
        const store = await open({ epochsMs: 30_000 })
        const ends: RunTimePosition[] = []
        for (const at of [0, 10_000, 20_000, 30_000, 40_000]) ends.push(await nextEpoch(store, at))
        expect(new Set(ends.map(({ epoch }) => epoch)).size).toBe(5)
        // The first closed at 10 s: just not too long ago.
        expect(await known(store, ends)).toEqual([3, 3, 3, 3, 3])
        ends.push(await nextEpoch(store, 50_001))
        // Closed at 10, 20, 30, 40 and 50.001 s.
        expect(await known(store, ends)).toEqual([0, 0, 3, 3, 3, 3])
      })

      it('removes in the end what was left behind', async () => {
        const store = await open({ epochsMs: 200_000 })
        const ends: RunTimePosition[] = []
        for (let i = 0; i < 10; i++) ends.push(await nextEpoch(store, i * 10_000))
        for (let i = 0; i < 9; i++) await nextEpoch(store, 1_000_000 + i * 10_000)
        // The tenth closed at 1,000 s.
        expect(await known(store, ends)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
      })
    })

    it('keeps everything over a restart', async () => {
      const store = await open()
      const first = await store.changeRunTime(many(20))
      const second = await store.changeRunTime([stock('a1', 99, START + 20_000)])
      const [early, late] = [await store.runTimeState(first), await store.runTimeState(second)]
      await store.close()
      const again = await open()
      expect(await again.runTimePosition()).toEqual(second)
      expect(await again.runTimeState(first)).toEqual(early)
      expect(await again.runTimeState()).toEqual(late)
      expect(await again.changeRunTime([stock('a1', 100, START + 20_001)])).toEqual({
        ...second,
        revision: 2,
      })
    })
  })
}
