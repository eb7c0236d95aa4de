import { canonicalJson, type Json } from '../../domain/canonical-json.ts'

export type JsonMap = { readonly [key: string]: Json }

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function isIdList(value: Json | undefined): value is readonly string[] {
  return isList(value) && value.every((id) => typeof id === 'string')
}

/** The value of a key that was written; undefined for names that every object inherits. */
export function partOf(map: Json | undefined, key: string): Json | undefined {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined
}

export function textOf(map: Json | undefined, key: string): string | undefined {
  const value = partOf(map, key)
  return typeof value === 'string' ? value : undefined
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a === b || canonicalJson(a) === canonicalJson(b)
}

/** Things by their id in the order they are written, or null when the value is no list of things with distinct ids. */
export function thingsById(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (!isList(value)) return null
  const things = new Map<string, Json>()
  for (const thing of value) {
    const id = textOf(thing, 'id')
    if (id === undefined || things.has(id)) return null
    things.set(id, thing)
  }
  return things
}

/** Keys of either, by code unit: the same in whatever order they are written. */
export function idsOfBoth(a: Iterable<string>, b: Iterable<string>): string[] {
  return [...new Set([...a, ...b])].sort()
}
