import { Document, visit } from 'yaml'
import type { Json } from '../domain/canonical-json.ts'

/** YAML that reads back as the very same value. */
export function toYaml(document: Json): string {
  const written = new Document(document, { aliasDuplicateObjects: false })
  visit(written, {
    Scalar(_, scalar) {
      // In block form the writer loses spaces at the edges of lines.
      if (typeof scalar.value === 'string' && /^\s|\s$|[ \t]\n|\n[ \t]/.test(scalar.value))
        scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return written.toString({ lineWidth: 110 })
}
