import * as z from 'zod'
import { catalogueDocumentSchema } from './document.ts'

/** The document as JSON Schema 2020-12, from the schema that checks it: what an editor completes and underlines. */
export function catalogueJsonSchema(): object {
  return {
    title: 'Emma catalogue',
    ...z.toJSONSchema(catalogueDocumentSchema, { io: 'input', reused: 'ref' }),
  }
}
