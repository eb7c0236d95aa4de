import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach } from 'vitest'
import type { CustomerStore } from '../../../src/ports/customer-store.ts'
import type { DecisionStore } from '../../../src/ports/decision-store.ts'

export type DecisionStoreUnderTest = CustomerStore & DecisionStore

/** A place where decisions are committed: `open` may be called several times, as several processes would. */
export interface DecisionStoreHome {
  open(): Promise<DecisionStoreUnderTest>
  /** Lets so many milliseconds pass by the store’s clock: moves it, or waits. */
  pass(ms: number): Promise<void>
  /** What a store needs beside `sweep` for units to come back, if anything; called again and again. */
  settle?(stores: readonly DecisionStoreUnderTest[]): Promise<void>
  remove(): Promise<void>
}

export interface Decisions {
  open(): Promise<DecisionStoreUnderTest>
  pass(ms: number): Promise<void>
  /** Sweeps until nothing is left to sweep. */
  sweepAll(): Promise<void>
  /** Sweeps and asks again until it no longer throws, ten seconds at most. */
  eventually<T>(ask: () => Promise<T>): Promise<T>
}

const PATIENCE_MS = 10_000

/** Opens a home of its own for every test, and closes whatever the test opened in it. */
export function useDecisionStores(makeHome: () => Promise<DecisionStoreHome>): Decisions {
  let home: DecisionStoreHome
  let opened: DecisionStoreUnderTest[]
  beforeEach(async () => {
    home = await makeHome()
    opened = []
  })
  afterEach(async () => {
    for (const store of opened) await store.close()
    await home.remove()
  })

  const sweepAll = async () => {
    for (const store of opened) {
      const { readAt } = await store.gather(null)
      while ((await store.sweep(readAt)).expired > 0);
    }
    await home.settle?.(opened)
  }
  return {
    async open() {
      const store = await home.open()
      opened.push(store)
      return store
    },
    pass: (ms) => home.pass(ms),
    sweepAll,
    async eventually(ask) {
      const deadline = Date.now() + PATIENCE_MS
      for (;;) {
        await sweepAll()
        try {
          return await ask()
        } catch (error) {
          if (Date.now() > deadline) throw error
        }
        await setTimeout(20)
      }
    },
  }
}
