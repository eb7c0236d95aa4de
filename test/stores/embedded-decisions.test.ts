import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { describeDecisionStore } from './contract/decision-store-contract.ts'
import { NOW } from './contract/examples.ts'

describeDecisionStore('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-decisions-'))
  let now = NOW
  return {
    open: () => openEmbeddedStore(folder, undefined, () => now),
    async pass(ms) {
      now += ms
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})
