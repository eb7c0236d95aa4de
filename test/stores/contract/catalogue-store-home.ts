import { afterEach, beforeEach } from 'vitest'
import { type CatalogueStore, KEPT_EPOCHS_MS, KEPT_PUBLICATIONS } from '../../../src/ports/catalogue-store.ts'

export type CatalogueStoreUnderTest = CatalogueStore & { close(): Promise<void> }

/** What a store of a test keeps: the bounds of the port unless the test says less. */
export interface Kept {
  readonly publications: number
  readonly epochsMs: number
}

/** A place where stores live: `open` may be called several times, as several processes would. */
export interface CatalogueStoreHome {
  open(kept: Kept): Promise<CatalogueStoreUnderTest>
  remove(): Promise<void>
}

/** Opens a home of its own for every test, and closes whatever the test opened in it. */
export function useHome(makeHome: () => Promise<CatalogueStoreHome>) {
  let home: CatalogueStoreHome
  let opened: CatalogueStoreUnderTest[]
  beforeEach(async () => {
    home = await makeHome()
    opened = []
  })
  afterEach(async () => {
    for (const store of opened) await store.close()
    await home.remove()
  })
  return async ({ publications = KEPT_PUBLICATIONS, epochsMs = KEPT_EPOCHS_MS }: Partial<Kept> = {}) => {
    const store = await home.open({ publications, epochsMs })
    opened.push(store)
    return store
  }
}
