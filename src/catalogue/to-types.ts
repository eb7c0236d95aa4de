import type { Scalar, TypeSpec } from '../domain/attributes.ts'
import type { CatalogueDocument } from './document.ts'

/** Declared types, short or long, as types. */
export function toTypes(written: CatalogueDocument['types']['customer']): ReadonlyMap<string, TypeSpec> {
  return new Map(
    Object.entries(written).map(([name, spec]): [string, TypeSpec] => {
      if (typeof spec === 'string') return [name, { type: spec }]
      return [
        name,
        spec.default === undefined
          ? { type: spec.type }
          : { type: spec.type, default: spec.default as Scalar },
      ]
    }),
  )
}
