import { canonicalJson, type Json, sha256Hex } from '../domain/canonical-json.ts'

/** Lists whose order says nothing. */
const UNORDERED: ReadonlySet<string> = new Set([
  ...['placements', 'groups', 'actions', 'blocks', 'contactPolicies', 'volumes'],
])

/**
 * The name of a document’s content: the first 16 hex digits of SHA-256 over its canonical JSON as it was written, in
 * whatever order its keys and its lists of things with ids are. Defaults that are not written are not part of it.
 */
export function versionOf(value: Json): string {
  return sha256Hex(canonicalJson(isMap(value) ? inOrder(value) : value)).slice(0, 16)
}

type JsonMap = { readonly [key: string]: Json }

function inOrder(document: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(document).map(([section, list]) => [
      section,
      UNORDERED.has(section) && Array.isArray(list) ? [...list].sort(byId) : list,
    ]),
  )
}

function byId(a: Json, b: Json): number {
  const [first, second] = [idOf(a), idOf(b)]
  if (first === second) return 0
  return first < second ? -1 : 1
}

function idOf(item: Json): string {
  return isMap(item) && typeof item.id === 'string' ? item.id : ''
}

function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
