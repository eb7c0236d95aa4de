import { setTimeout } from 'node:timers/promises'
import { openRedisStore } from '../../../src/stores/redis/customer-store.ts'
import { openLink } from '../../../src/stores/redis/link.ts'
import type { CatalogueStoreHome } from '../contract/catalogue-store-home.ts'
import type { StoreHome } from '../contract/customer-store-home.ts'
import type { DecisionStoreHome } from '../contract/decision-store-home.ts'

export const SECRET = 'a secret that the tests know'

/** Empties a Redis, all of its masters. */
export async function emptied(url: string): Promise<void> {
  const link = openLink({ url, durability: 'async', timeoutMs: 5_000 })
  await link.send('x', [['PING']], { timeoutMs: 5_000 })
  await link.onEveryMaster([['FLUSHALL']], { timeoutMs: 5_000 })
  await link.close()
}

export async function customerHome(url: string): Promise<StoreHome> {
  await emptied(url)
  return {
    open: (clock) => openRedisStore({ url, secret: SECRET, durability: 'async', timeoutMs: 2_000, clock }),
    remove: async () => {},
  }
}

export async function catalogueHome(url: string): Promise<CatalogueStoreHome> {
  await emptied(url)
  return {
    async open(kept) {
      const { catalogues, close } = await openRedisStore({
        url,
        secret: SECRET,
        durability: 'async',
        timeoutMs: 2_000,
        kept,
      })
      return { ...catalogues, close }
    },
    remove: async () => {},
  }
}

/** Patient, as the machine that tests may be busy. */
export const PATIENT_MS = 3_000

export async function decisionHome(url: string): Promise<DecisionStoreHome> {
  await emptied(url)
  return {
    open: () => openRedisStore({ url, secret: SECRET, durability: 'async', timeoutMs: PATIENT_MS }),
    pass: (ms) => setTimeout(ms),
    remove: async () => {},
  }
}
