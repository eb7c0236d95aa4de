import { openCatalogues } from '../compose.ts'
import { loadSettings } from '../config/load.ts'
import { failure } from '../domain/errors.ts'
import type { Catalogues } from '../serving/catalogues.ts'
import { mayHoldSomething, nameOfStore } from '../stores/open-store.ts'
import { warn } from './fail.ts'

type Work = (catalogues: Catalogues) => Promise<void>

/** Works on the store that the settings name, making it if need be, and closes it whatever happens. */
export async function withCatalogues(settingsFile: string | undefined, work: Work): Promise<void> {
  const settings = loadSettings(settingsFile)
  const isNew = !mayHoldSomething(settings)
  const { catalogues, close } = await openCatalogues(settings, warn)
  try {
    await work(catalogues)
    if (isNew)
      console.log(
        `  note: ${nameOfStore(settings)} is a new store; an Emma that runs serves it only if its STORE_URL is the same`,
      )
  } finally {
    await close()
  }
}

/** As {@link withCatalogues}, but makes no store. @throws EmmaError `not_ready` where there is none */
export async function withStoredCatalogues(settingsFile: string | undefined, work: Work): Promise<void> {
  const settings = loadSettings(settingsFile)
  if (mayHoldSomething(settings)) return withCatalogues(settingsFile, work)
  throw failure(
    'not_ready',
    nameOfStore(settings),
    'there is no store here',
    'set STORE_URL, or publish a catalogue first',
  )
}
