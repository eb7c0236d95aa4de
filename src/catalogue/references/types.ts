import type { Reading } from '../reading.ts'

/** Tells every default that is not of its type. */
export function checkTypes({ document, tell }: Reading): void {
  for (const [section, types] of Object.entries(document.types)) {
    for (const [name, spec] of Object.entries(types)) {
      if (typeof spec === 'string' || spec.default === undefined) continue
      const given = typeof spec.default === 'boolean' ? 'bool' : typeof spec.default
      if (given === spec.type) continue
      const path = ['types', section, name, 'default']
      tell(path, `the default is a ${given}, the type says ${spec.type}`, `make it a ${spec.type}`)
    }
  }
}
