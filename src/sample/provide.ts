import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildFeatures } from '../features/build.ts'
import { loadFeatures } from '../features/load.ts'
import type { CustomerStore, FeatureLoader } from '../ports/customer-store.ts'
import { SHOP_FOLDER } from './actions.ts'
import { fingerprint } from './fingerprint.ts'
import { writeSampleShop } from './write.ts'

/** The sample shop’s catalogue document, a folder of parts. */
export const SAMPLE_CATALOGUE = SHOP_FOLDER
const MAPPING = fileURLToPath(new URL('./mapping.yaml', import.meta.url))
const MADE_FROM = [
  fileURLToPath(new URL('.', import.meta.url)),
  fileURLToPath(new URL('../features/sql', import.meta.url)),
]

/** The day that the sample shop’s features are known of. */
export const SAMPLE_AS_OF = '2026-11-01'
/** Names the features as the sample’s own, and the code that made them. */
const SAMPLE_NAME = 'sample-shop'

export type SampleProgress = (message: string) => void

/**
 * Makes the sample shop’s transactions, builds features from them and loads these, unless the store already holds a
 * feature set: one of the user’s own is never touched, one of an older sample is replaced.
 */
export async function provideSample(
  folder: string,
  store: CustomerStore & { readonly loader: FeatureLoader },
  onProgress: SampleProgress,
): Promise<void> {
  const inUse = await store.featureSet()
  if (inUse !== null && inUse.manifest.name !== SAMPLE_NAME) return
  const code = await fingerprint(MADE_FROM)
  const out = join(folder, 'sample', code)
  if (inUse !== null && (await madeBy(out, inUse.manifest.version))) return

  onProgress('making the sample shop (2,000 customers), once')
  await writeSampleShop(join(out, 'data'))
  const [built] = await buildFeatures({
    mapping: MAPPING,
    dataFolder: join(out, 'data'),
    asOf: [SAMPLE_AS_OF],
    outFolder: join(out, 'features'),
    onProgress: () => {},
  })
  const report = await loadFeatures(built!.folder, store.loader, () => {})
  onProgress(
    `sample shop ready: ${report.loaded} customers, ${report.manifest.features.length} features each`,
  )
}

/** Whether the version in use was built by this very code. */
async function madeBy(out: string, version: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(out, 'features', SAMPLE_AS_OF, 'manifest.json'), 'utf8'))
    return manifest.version === version
  } catch {
    return false
  }
}
