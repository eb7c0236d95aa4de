import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore, PATIENT } from '../../src/stores/open-store.ts'
import { freePort, type ServerProcess, type ServerWanted, startServer } from '../measuring/server-process.ts'
import { ALL_PARTS, type Parts, referenceCatalogue } from './catalogue.ts'
import { fillStore } from './customers.ts'
import { CUSTOMERS } from './requests.ts'

export const SECRET = 'of the bench, and long enough for it'
export const MODELS = fileURLToPath(new URL('models', import.meta.url))

export interface EmmaWanted extends Partial<Pick<ServerWanted, 'cores'>> {
  /** The URL of a Redis of its own, or a folder. */
  readonly store: string
  readonly actions?: number
  readonly parts?: Partial<Parts>
  readonly customers?: number
  /** In each ledger. */
  readonly contacts?: number
  /** Of the store: it has been filled before. */
  readonly isFilled?: boolean
  readonly env?: NodeJS.ProcessEnv
  /** Of Node itself. */
  readonly nodeArgs?: readonly string[]
}

/** Emma with the reference shop, ready to be asked. The store is filled first. */
export async function startEmma(wanted: EmmaWanted): Promise<ServerProcess> {
  const { actions = 100, parts = {}, customers = CUSTOMERS, contacts, isFilled = false, cores } = wanted
  if (!isFilled) {
    const settings = { STORE_URL: wanted.store, STORE_DURABILITY: 'async', SECRET } as const
    const store = await openStore(settings, PATIENT)
    try {
      await fillStore(store, {
        customers,
        now: Date.now(),
        ...(contacts === undefined ? {} : { contacts }),
      })
    } finally {
      await store.close()
    }
  }
  const catalogue = join(mkdtempSync(join(tmpdir(), 'emma-bench-')), 'catalogue.json')
  writeFileSync(catalogue, JSON.stringify(referenceCatalogue(actions, { ...ALL_PARTS, ...parts })))
  const port = await freePort()
  return startServer({
    args: [...(wanted.nodeArgs ?? []), 'src/cli/emma.mjs', 'serve'],
    port,
    path: '/readyz',
    env: {
      PORT: `${port}`,
      STORE_URL: wanted.store,
      CATALOGUE: catalogue,
      MODELS,
      SECRET,
      LOG_LEVEL: 'warn',
      // What is measured is how long it takes, not what is left out when it takes longer.
      DEADLINE_MS: '5000',
      ...wanted.env,
    },
    ...(cores === undefined ? {} : { cores }),
  })
}
