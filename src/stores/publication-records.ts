import * as z from 'zod'
import type { Json } from '../domain/canonical-json.ts'
import type { Publication } from '../ports/catalogue-store.ts'
import { type RecordKind, toBytes } from './records.ts'

const publicationSchema = z.strictObject({
  sequence: z.int().positive(),
  version: z.string(),
  at: z.int(),
  origin: z.enum(['sample', 'seed', 'publish', 'rollback']),
  note: z.string().nullable(),
}) satisfies z.ZodType<Publication>

export const PUBLICATION: RecordKind<Publication> = { what: 'publication', parse: publicationSchema.parse }
export const SEQUENCE: RecordKind<number> = {
  what: 'number of a publication',
  parse: z.int().positive().parse,
}
export const DOCUMENT: RecordKind<Json> = { what: 'catalogue document', parse: (json) => json as Json }

/** @throws ZodError for a publication that could not be read again */
export function publicationToBytes(publication: Publication): Uint8Array {
  return toBytes(publicationSchema.parse(publication))
}
