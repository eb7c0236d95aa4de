import type { CustomerStore } from '../../src/ports/customer-store.ts'
import type { DecisionStore } from '../../src/ports/decision-store.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

const SECRET = 'a secret for this test alone'

/** The store that a URL names, as the service opens it. */
export async function openStore(url: string): Promise<CustomerStore & DecisionStore> {
  return openEmbeddedStore(url.slice('embedded:'.length), SECRET)
}
