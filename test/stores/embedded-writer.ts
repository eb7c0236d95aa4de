import type { CustomerId } from '../../src/domain/ids.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { contact, facts, HORIZON, NOW } from './contract/examples.ts'

/**
 * One of several processes that write to one store: `<folder> <worker> <count>`; tells its parent what is acknowledged.
 * Each round changes a customer that all share, and records a contact with him about something that others record too.
 */
const [folder, worker, count] = process.argv.slice(2)
const store = await openEmbeddedStore(folder!, undefined)
for (let i = 0; i < Number(count); i++) {
  const customer = `shared-${i % 10}` as CustomerId
  await store.upsert(customer, { attributes: { [`w${worker}_${i}`]: i } }, i, null)
  const told = contact(Number(worker) * 1_000_000 + i, { at: NOW + i, facts: facts({ action: `a${i}` }) })
  await store.recordContacts([{ subject: { customer }, contact: told }], NOW, HORIZON)
  process.send?.(i)
}
await store.close()
process.disconnect?.()
