import { openStore as open, type Store } from '../../src/stores/open-store.ts'

const SECRET = 'a secret for this test alone'

/** The store that a URL names, as the service opens it; with patience, for the machine has more to do than it can. */
export function openStore(url: string): Promise<Store> {
  return open({ STORE_URL: url, STORE_DURABILITY: 'async', SECRET }, { patienceMs: 15_000 })
}
