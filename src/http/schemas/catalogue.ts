import * as z from 'zod'
import type { Change } from '../../catalogue/diff/change.ts'
import { catalogueDocumentSchema } from '../../catalogue/document.ts'
import type { Publication } from '../../ports/catalogue-store.ts'
import { timeSchema } from './fields.ts'

/** `?pretty` is for every address. */
export const pretty = { pretty: z.string().optional().describe('indent the answer') }

export const versionSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'a version is 16 hexadecimal digits')
  .describe('first 16 hex digits of the hash over the canonical document')

/** The document itself, once in OpenAPI for all who take it. */
export const documentBodySchema = catalogueDocumentSchema.meta({
  id: 'CatalogueDocument',
  description: 'What a marketer writes',
})
export const documentSchema = z
  .unknown()
  .describe('the catalogue document as it was published; YAML with Accept: application/yaml')

export const noteSchema = z.string().min(1).max(500).describe('why, for those who read the history')
export const publishQuerySchema = z.strictObject({ note: noteSchema.optional(), ...pretty })
export const ifMatchHeaderSchema = z.object({
  'if-match': z
    .string()
    .optional()
    .describe('the ETag of the version you mean to replace, or * for whatever serves'),
})

const changeSchema = z.object({
  section: z.string(),
  id: z.string().nullable(),
  kind: z.enum(['added', 'removed', 'changed']),
  path: z.array(z.string()).describe('inside the item; a treatment is named by its id'),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
  text: z.string(),
})
const changesSchema = z.array(changeSchema).describe('what is different, in sentences')
const noticesSchema = z.array(z.string()).describe('what is written but not in effect, and what to know')

export const publicationSchema = z
  .object({
    sequence: z.int().describe('1, 2, 3, …; a rollback is a publication too'),
    version: versionSchema,
    publishedAt: timeSchema,
    origin: z.enum(['sample', 'seed', 'publish', 'rollback']),
    note: z.string().nullable(),
  })
  .meta({ id: 'Publication', description: 'One time that a catalogue version began to serve' })

/** `PUT /v1/catalogue`, `POST /v1/catalogue/rollback` */
export const publishedSchema = z
  .object({
    published: z.boolean().describe('false when this document served already'),
    publication: publicationSchema,
    changes: changesSchema,
    notices: noticesSchema,
  })
  .meta({ id: 'Published', description: 'What serves now, and what changed by it' })

/** `POST /v1/catalogue/validate` */
export const checkedSchema = z
  .object({
    version: versionSchema,
    actions: z.int(),
    placements: z.int(),
    changes: changesSchema,
    notices: noticesSchema,
  })
  .meta({ id: 'CheckedCatalogue', description: 'A document that may serve, and what it would change' })

export const rollbackSchema = z.strictObject({
  to: versionSchema.optional().describe('the version to serve again; what served before by default'),
  note: noteSchema.optional(),
})

export const versionsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  before: z.coerce.number().int().min(1).optional().describe('only publications with a smaller sequence'),
  ...pretty,
})
export const versionsSchema = z.object({
  serving: versionSchema,
  publications: z.array(publicationSchema).describe('newest first'),
})

export const compareQuerySchema = z.strictObject({
  from: versionSchema.optional().describe('what served before "to", by default'),
  to: versionSchema.optional().describe('what serves now, by default'),
  ...pretty,
})
export const comparedSchema = z.object({ from: versionSchema, to: versionSchema, changes: changesSchema })

export function toPublication({ at, ...publication }: Publication) {
  return { ...publication, publishedAt: new Date(at).toISOString() }
}

export function toChange({ sentence, path, ...change }: Change) {
  return { ...change, path: [...path], text: sentence }
}
