import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isRedisUrl } from '../domain/redis-url.ts'
import type { CatalogueStore } from '../ports/catalogue-store.ts'
import type { CustomerStore, FeatureLoader } from '../ports/customer-store.ts'
import type { DecisionStore } from '../ports/decision-store.ts'
import type { StoreHealth } from '../ports/store-health.ts'

/** Everything that is kept, wherever it is. */
export type Store = CustomerStore &
  DecisionStore & {
    readonly loader: FeatureLoader
    readonly catalogues: CatalogueStore
    readonly health: StoreHealth
  }

export interface StoreSettings {
  readonly STORE_URL: string
  readonly STORE_DURABILITY: 'async' | 'replicated'
  readonly SECRET?: string | undefined
}

export interface StoreOptions {
  /** Milliseconds after which a Redis that does not answer is given up; as long as a decision may wait by default. */
  readonly patienceMs?: number
  /** Told when Redis is held off, and when it answers again. */
  onChange?(isUp: boolean, reason: string): void
}

/** For commands: nobody waits for them within milliseconds. */
export const PATIENT: StoreOptions = { patienceMs: 5_000 }

const EMBEDDED = 'embedded:'

/**
 * Opens the store that the settings name; what another kind of store needs is not read from the disk.
 * One in Redis is opened also while Redis does not answer.
 * @throws EmmaError as openEmbeddedStore and openRedisStore do
 */
export async function openStore(
  { STORE_URL, STORE_DURABILITY, SECRET }: StoreSettings,
  { patienceMs, onChange }: StoreOptions = {},
): Promise<Store> {
  if (!isRedisUrl(STORE_URL)) {
    const folder = folderOf(STORE_URL)
    const [{ openEmbeddedStore }, { embeddedHealth }] = await Promise.all([
      import('./embedded/customer-store.ts'),
      import('./embedded/health.ts'),
    ])
    const store = await openEmbeddedStore(folder, SECRET)
    return { ...store, health: embeddedHealth(folder, store.countKeys) }
  }
  const { openRedisStore } = await import('./redis/customer-store.ts')
  return openRedisStore({
    url: STORE_URL,
    secret: SECRET,
    durability: STORE_DURABILITY,
    ...(patienceMs === undefined ? {} : { timeoutMs: patienceMs }),
    ...(onChange === undefined ? {} : { onChange }),
  })
}

/** Whether there may be something in the store: in Redis only Redis knows. */
export function mayHoldSomething({ STORE_URL }: Pick<StoreSettings, 'STORE_URL'>): boolean {
  return isRedisUrl(STORE_URL) || existsSync(folderOf(STORE_URL))
}

/** Where the store is, for people; without the password of a Redis. */
export function nameOfStore({ STORE_URL }: Pick<StoreSettings, 'STORE_URL'>): string {
  return isRedisUrl(STORE_URL) ? STORE_URL.replace(/\/\/[^/]*@/, '//') : folderOf(STORE_URL)
}

/** Where files are made that belong to the store: its own folder, or the one it would have. */
export function folderFor({ STORE_URL }: Pick<StoreSettings, 'STORE_URL'>): string {
  return isRedisUrl(STORE_URL) ? resolve('.emma') : folderOf(STORE_URL)
}

function folderOf(url: string): string {
  return resolve(url.slice(EMBEDDED.length))
}
