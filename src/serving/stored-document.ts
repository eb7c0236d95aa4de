import type { WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'

/** A stored document as if it had just been read. It has no lines: its parts are placed by their path. */
export function stored(document: Json, version?: string): WrittenDocument {
  const of = version === undefined ? 'catalogue' : `version ${version}`
  const place = (path: readonly PropertyKey[]) => `${of} (${path.map(String).join('.')})`
  return { value: document, place, within: place }
}
