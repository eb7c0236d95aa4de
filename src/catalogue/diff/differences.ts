import type { Json } from '../../domain/canonical-json.ts'
import type { Difference, Path } from './change.ts'
import { idsOfBoth, isMap, partOf, same, thingsById } from './json-parts.ts'

/** The keys of actions, treatments and settings in the order in which people read them; others follow by name. */
const READING_ORDER = [
  ...['status', 'type', 'kind', 'tier', 'channel', 'group', 'value', 'lever', 'minPropensity', 'validity'],
  ...['method', 'where', 'per', 'max', 'window', 'after', 'suppressFor'],
  ...['from', 'to', 'attributes', 'eligibility', 'applicability', 'suitability', 'purpose', 'claims'],
  ...['for', 'needs', 'otherwise', 'content', 'treatments'],
]

/** Where two values are not the same: as deep as both are maps; lists are compared whole. */
export function differences(
  from: Json | undefined,
  to: Json | undefined,
  path: Path = [],
): readonly Difference[] {
  if (same(from, to)) return []
  if (!isMap(from) || !isMap(to)) return [{ path, from, to }]
  return keysToRead(Object.keys(from), Object.keys(to)).flatMap((key) =>
    differences(partOf(from, key), partOf(to, key), [...path, key]),
  )
}

/** As {@link differences}, with the treatments compared by their ids, and the order they are written in. */
export function actionDifferences(from: Json, to: Json): readonly Difference[] {
  return differences(from, to).flatMap((difference) => {
    if (difference.path.length !== 1 || difference.path[0] !== 'treatments') return [difference]
    const [before, after] = [thingsById(difference.from), thingsById(difference.to)]
    return before === null || after === null ? [difference] : treatmentDifferences(before, after)
  })
}

type Things = ReadonlyMap<string, Json>

function treatmentDifferences(before: Things, after: Things): readonly Difference[] {
  const inside = idsOfBoth(before.keys(), after.keys()).flatMap((id) =>
    differences(before.get(id), after.get(id), ['treatments', id]),
  )
  return [...inside, ...orderDifference(before, after, ['treatments'])]
}

/** The ids then and now, where things do not just stand as before with the new ones below them by id. */
export function orderDifference(before: Things, after: Things, path: Path): readonly Difference[] {
  const stayed = [...before.keys()].filter((id) => after.has(id))
  const fresh = [...after.keys()].filter((id) => !before.has(id)).sort()
  const to = [...after.keys()]
  return same([...stayed, ...fresh], to) ? [] : [{ path, from: [...before.keys()], to }]
}

function keysToRead(a: readonly string[], b: readonly string[]): string[] {
  const place = (key: string) => READING_ORDER.indexOf(key) + 1 || READING_ORDER.length + 1
  return idsOfBoth(a, b).sort((one, other) => place(one) - place(other))
}
