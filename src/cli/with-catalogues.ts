import { openCatalogues } from '../compose.ts'
import { loadSettings } from '../config/load.ts'
import type { Catalogues } from '../serving/catalogues.ts'
import { warn } from './fail.ts'

/** Works on the store that the settings name, and closes it whatever happens. */
export async function withCatalogues(
  settings: string | undefined,
  work: (catalogues: Catalogues) => Promise<void>,
): Promise<void> {
  const { catalogues, close } = await openCatalogues(loadSettings(settings), warn)
  try {
    await work(catalogues)
  } finally {
    await close()
  }
}
