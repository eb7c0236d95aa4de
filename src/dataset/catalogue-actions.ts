import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { ModelAction } from '../decide/model-rows.ts'
import { readAgainst } from '../documents/read-document.ts'
import { failure } from '../domain/errors.ts'

/** Of a catalogue document only what models read; `emma catalogue check` judges the rest. */
const actionsSchema = z.object({
  actions: z
    .array(
      z.object({
        id: z.string().min(1),
        kind: z.string().default('offer'),
        tier: z.string().default('marketing'),
        group: z.string().optional(),
        attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
      }),
    )
    .default([]),
})

/**
 * The actions of a catalogue file, or of all parts of a catalogue folder.
 * @throws EmmaError `catalogue_invalid` when it cannot be read or has no action.
 */
export async function catalogueActions(path: string): Promise<ModelAction[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const files = isFolder
    ? (await readdir(path))
        .filter((name) => /\.(ya?ml|json)$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path]
  const actions: ModelAction[] = []
  for (const file of files)
    actions.push(...(await readAgainst(actionsSchema, file, 'catalogue_invalid')).actions)
  if (actions.length > 0) return actions
  throw failure('catalogue_invalid', path, 'the catalogue has no actions', 'name a catalogue with actions')
}
