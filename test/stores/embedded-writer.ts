import type { CustomerId } from '../../src/domain/ids.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

/** One of several processes that write to one store: `<folder> <worker> <count>`; tells its parent what is acknowledged. */
const [folder, worker, count] = process.argv.slice(2)
const store = await openEmbeddedStore(folder!, undefined)
for (let i = 0; i < Number(count); i++) {
  await store.upsert(`shared-${i % 10}` as CustomerId, { attributes: { [`w${worker}_${i}`]: i } }, i, null)
  process.send?.(i)
}
await store.close()
process.disconnect?.()
