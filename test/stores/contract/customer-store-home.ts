import { afterEach, beforeEach } from 'vitest'
import type { Clock } from '../../../src/ports/clock.ts'
import type { CustomerStore, FeatureLoader } from '../../../src/ports/customer-store.ts'
import { NOW } from './examples.ts'

export type StoreUnderTest = CustomerStore & { readonly loader: FeatureLoader }

/** A place where stores live: `open` may be called several times, as several processes would. */
export interface StoreHome {
  open(clock: Clock): Promise<StoreUnderTest>
  remove(): Promise<void>
}

/** Opens a home of its own for every test, and closes whatever the test opened in it. */
export function useStores(makeHome: () => Promise<StoreHome>) {
  let home: StoreHome
  let opened: StoreUnderTest[]
  beforeEach(async () => {
    home = await makeHome()
    opened = []
  })
  afterEach(async () => {
    for (const store of opened) await store.close()
    await home.remove()
  })
  return async (clock: Clock = () => NOW): Promise<StoreUnderTest> => {
    const store = await home.open(clock)
    opened.push(store)
    return store
  }
}
