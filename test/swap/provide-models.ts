import type { CustomerId } from '../../src/domain/ids.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { sumManifest, writeModel } from '../scoring/model-folders.ts'
import { FEATURES, MODELS } from './numbered-catalogue.ts'

/** Writes the models that numbered catalogues name, and gives a store the features that they read. */
export async function provideModels(models: string, store: string): Promise<void> {
  for (const name of MODELS) await writeModel(models, { manifest: { ...sumManifest(), name } }, name)
  const { loader, close } = await openEmbeddedStore(store, undefined)
  const set = {
    format: 'emma-features/1' as const,
    ...{ name: 'swap', version: 'a'.repeat(16), asOf: '2026-11-01', source: '', rows: 1 },
    ...{ data: 'f.csv', key: 'id', dimensions: [] },
    features: Object.keys(FEATURES).map((name) => ({
      ...{ name, storage: 'f32' as const, unit: '', default: 0, meaning: '' },
    })),
  }
  await loader.put(set, [{ id: 'c-1' as CustomerId, values: Object.values(FEATURES) }])
  await loader.activate(set)
  await close()
}
