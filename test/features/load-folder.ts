/** Loads a feature folder into an embedded store: a process that a test can kill. */
import { loadFeatures } from '../../src/features/load.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

const [folder, store] = process.argv.slice(2)
const { loader, close } = await openEmbeddedStore(store!, undefined)
await loadFeatures(folder!, loader, () => {})
await close()
