import type { CustomerId } from '../../../src/domain/ids.ts'
import { openRedisStore } from '../../../src/stores/redis/customer-store.ts'
import { contact, facts, HORIZON, NOW } from '../contract/examples.ts'
import { SECRET } from './redis-home.ts'

/**
 * One of several processes that write to one store: `<url> <worker> <count>`. Each round changes a customer that all
 * share, and records a contact with him about something that others record too.
 */
const [url, worker, count] = process.argv.slice(2)
const store = await openRedisStore({ url: url!, secret: SECRET, durability: 'async', timeoutMs: 2_000 })
await Promise.all(
  Array.from({ length: Number(count) }, async (_, i) => {
    const customer = `shared-${i % 5}` as CustomerId
    await store.upsert(customer, { attributes: { [`w${worker}_${i}`]: i } }, i, null)
    const told = contact(Number(worker) * 1_000_000 + i, { at: NOW + i, facts: facts({ action: `a${i}` }) })
    await store.recordContacts([{ subject: { customer }, contact: told }], NOW, HORIZON)
  }),
)
await store.close()
process.disconnect?.()
