import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { readAgainst } from '../documents/read-document.ts'
import { EmmaError, type Fault, failure } from '../domain/errors.ts'
import { type FeatureManifest, featureFault, featureManifestSchema } from '../domain/feature-set.ts'

/** One value of a dimension as of a date: a line of `items.ndjson`. Shares are of all customers who bought so far. */
export const itemSchema = z.strictObject({
  dimension: z.string(),
  value: z.string(),
  slug: z.string(),
  label: z.string(),
  orders: z.int(),
  orders_30d: z.int(),
  orders_90d: z.int(),
  customers: z.int(),
  customers_30d: z.int(),
  share_of_customers: z.number(),
  share_30d: z.number(),
  trend: z.number().describe('orders of the last 30 days over a third of those of the last 90; 1 is steady'),
  median_price: z.number().describe('in currency units'),
})
export type Item = z.infer<typeof itemSchema>

export const ITEMS_FILE = 'items.ndjson'
export const MANIFEST_FILE = 'manifest.json'

/**
 * `manifest.json` of a feature folder.
 * @throws EmmaError `data_invalid` when it is missing, not valid, names a feature twice or has a default that its
 *   storage cannot hold.
 */
export async function readFeatureManifest(folder: string): Promise<FeatureManifest> {
  const path = join(folder, MANIFEST_FILE)
  const manifest = await readAgainst(featureManifestSchema, path, 'data_invalid')
  const faults = manifest.features.flatMap((spec, i): Fault[] => {
    const fault = featureFault(spec, spec.default)
    const twice = manifest.features.findIndex((other) => other.name === spec.name) !== i
    const what = twice
      ? `feature ${spec.name} is named twice`
      : fault === null
        ? null
        : `the default of ${fault.slice('feature '.length)}`
    return what === null ? [] : [{ place: `${path} (features.${i})`, what, remedy: 'correct the manifest' }]
  })
  if (faults.length > 0) throw new EmmaError('data_invalid', faults)
  return manifest
}

/**
 * The lines of `items.ndjson`.
 * @throws EmmaError `features_invalid`.
 */
export async function readItems(folder: string): Promise<Item[]> {
  const path = join(folder, ITEMS_FILE)
  const lines = (await textOf(path)).split('\n').filter((line) => line !== '')
  return lines.map((line, i) => {
    const result = itemSchema.safeParse(parsed(`${path}:${i + 1}`, line))
    if (result.success) return result.data
    throw failure(
      'features_invalid',
      `${path}:${i + 1}`,
      `this is not an item: ${result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join(', ')}`,
      'build the features again with emma features build',
    )
  })
}

/**
 * The feature folders `<asOf>` of a folder, oldest first.
 * @throws EmmaError `features_invalid` when there is none.
 */
export async function findFeatureFolders(folder: string): Promise<{ asOf: string; folder: string }[]> {
  let names: string[] = []
  try {
    names = await readdir(folder)
  } catch {
    // A folder that is not there has no feature folders either; said below.
  }
  const found = names.filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name)).sort()
  if (found.length > 0) return found.map((asOf) => ({ asOf, folder: join(folder, asOf) }))
  throw failure(
    'features_invalid',
    folder,
    'there is no feature folder named by a date such as 2026-01-31 in it',
    'build features with emma features build, and name its --out folder here',
  )
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw failure(
      'features_invalid',
      path,
      'this file cannot be read',
      'name a folder that emma features build wrote, with the as-of date at its end',
      cause,
    )
  }
}

function parsed(place: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw failure('features_invalid', place, 'this is not JSON', 'build the features again', cause)
  }
}
