import { canonicalJson, type Json, sha256Hex } from '../domain/canonical-json.ts'
import { atOnce, type Steps } from '../domain/steps.ts'

/** Lists whose order says nothing. */
const UNORDERED: ReadonlySet<string> = new Set([
  ...['placements', 'groups', 'actions', 'blocks', 'contactPolicies', 'volumes'],
])

/**
 * The name of a document’s content: the first 16 hex digits of SHA-256 over its canonical JSON as it was written, in
 * whatever order its keys and its lists of things with ids are. Defaults that are not written are not part of it.
 */
export function versionOf(value: Json): string {
  return atOnce(versionSteps(value))
}

/** The same, in steps of one item of a section each. */
export function* versionSteps(value: Json): Steps<string> {
  const text = isMap(value) ? yield* canonicalSections(inOrder(value)) : canonicalJson(value)
  return sha256Hex(text).slice(0, 16)
}

/** As {@link canonicalJson} writes it. */
function* canonicalSections(document: JsonMap): Steps<string> {
  const sections: string[] = []
  for (const name of Object.keys(document).sort()) {
    const section = document[name]
    if (section === undefined) continue
    if (!Array.isArray(section)) {
      sections.push(`${JSON.stringify(name)}:${canonicalJson(section)}`)
      continue
    }
    const items: string[] = []
    for (const item of section) {
      items.push(canonicalJson(item))
      yield
    }
    sections.push(`${JSON.stringify(name)}:[${items.join(',')}]`)
  }
  return `{${sections.join(',')}}`
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
