import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

/**
 * One of several processes that publish and change the run-time state of one store: `<folder> <worker> <publications>
 * <changes>`. Tells its parent what is acknowledged: numbers of publications, then positions.
 */
const [folder, worker, publications, changes] = process.argv.slice(2)
const store = await openEmbeddedStore(folder!, undefined)
const { catalogues } = store

for (let i = 0; i < Number(publications); i++) {
  const version = `w${worker}-${i}`
  for (;;) {
    const serves = await catalogues.newestPublication()
    const entry = { version, at: i, origin: 'publish', note: null } as const
    const { published, newest } = await catalogues.publish({ version }, entry, serves?.version ?? null)
    if (published) {
      process.send?.({ version, sequence: newest!.sequence })
      break
    }
  }
}
// Half a second a change: epochs open on the way.
for (let i = 1; i <= Number(changes); i++) {
  const action = `w${worker}-${i % 5}`
  const position = await catalogues.changeRunTime([{ at: i * 500, action, live: { stock: i } }])
  process.send?.({ action, stock: i, position })
}
await store.close()
process.disconnect?.()
