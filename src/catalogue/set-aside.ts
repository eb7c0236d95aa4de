import type * as z from 'zod'

export type Path = readonly PropertyKey[]

/** How deep an item of a section stands; an entry of any other section is its second step. */
const ITEM_DEPTH: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  types: { customer: 3, context: 3 },
  arbitration: { contextWeights: 3 },
}

/** Keys of an action of which nothing else in it depends: without one of them the rest is as sure as before. */
const LONE_KEYS: ReadonlySet<unknown> = new Set([
  ...['status', 'kind', 'tier', 'value', 'lever', 'minPropensity', 'validity', 'purpose', 'claims'],
  ...['eligibility', 'applicability', 'suitability'],
])

/**
 * The parts of a document that a fault of form makes unsure: whole list items, entries of maps, or sections; of an
 * action only the key, where nothing else depends on it.
 */
export function unitsOf(issue: z.core.$ZodIssue): Path[] {
  if (issue.code === 'unrecognized_keys') {
    const ofAction = issue.path[0] === 'actions' && issue.path.length === 2
    return issue.keys.map((key) => (ofAction ? [...issue.path, key] : itemOf([...issue.path, key])))
  }
  const [section, , key] = issue.path
  return [section === 'actions' && LONE_KEYS.has(key) ? issue.path.slice(0, 3) : itemOf(issue.path)]
}

function itemOf(path: Path): Path {
  return path.slice(0, ITEM_DEPTH[String(path[0])]?.[String(path[1])] ?? 2)
}

/**
 * A document without the parts at these paths (each as JSON), and which items of every shortened list were kept: by
 * the list's path as JSON, their indices as written.
 */
export function prune(
  value: unknown,
  aside: ReadonlySet<string>,
): { readonly value: unknown; readonly kept: ReadonlyMap<string, readonly number[]> } {
  const kept = new Map<string, readonly number[]>()
  const touched = new Set([...aside].flatMap((path) => prefixesOf(JSON.parse(path) as PropertyKey[])))
  return { value: pruneAt(value, [], aside, touched, kept), kept }
}

function prefixesOf(path: Path): string[] {
  return path.map((_, length) => JSON.stringify(path.slice(0, length)))
}

function pruneAt(
  value: unknown,
  path: Path,
  aside: ReadonlySet<string>,
  touched: ReadonlySet<string>,
  kept: Map<string, readonly number[]>,
): unknown {
  const here = JSON.stringify(path)
  if (!touched.has(here) || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const indices = value.map((_, i) => i).filter((i) => !aside.has(JSON.stringify([...path, i])))
    kept.set(here, indices)
    return indices.map((i) => pruneAt(value[i], [...path, i], aside, touched, kept))
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !aside.has(JSON.stringify([...path, key])))
      .map(([key, inner]) => [key, pruneAt(inner, [...path, key], aside, touched, kept)]),
  )
}

/** A path of a pruned document as the path of what was written. */
export function writtenPath(path: Path, kept: ReadonlyMap<string, readonly number[]>): Path {
  if (kept.size === 0) return path
  const written: PropertyKey[] = []
  for (const step of path) {
    const indices = typeof step === 'number' ? kept.get(JSON.stringify(written)) : undefined
    written.push(typeof step === 'number' ? (indices?.[step] ?? step) : step)
  }
  return written
}
