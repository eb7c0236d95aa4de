import type { Clause } from '../domain/rule.ts'
import type { Part } from './part.ts'

/** A comparison of a name with what is written out is a clause; any other is none. */
export function clauseOf(op: Clause['op'], a: Part, b: Part): Pick<Part, 'clauses'> {
  const isClause = a.name !== undefined && b.constant !== undefined
  return isClause ? { clauses: [toClause(a, op, b.constant!)] } : {}
}

/** The clauses of a condition, a name alone being one; undefined where it says more than clauses can. */
export function clausesIn(part: Part): readonly Clause[] | undefined {
  if (part.name !== undefined && part.type === 'bool') return [toClause(part, '==', true)]
  return part.clauses
}

/** Those of conditions that must all hold. */
export function clausesOfAll(parts: readonly Part[]): Pick<Part, 'clauses'> {
  const clauses: Clause[] = []
  for (const part of parts) {
    const own = clausesIn(part)
    if (own === undefined) return {}
    clauses.push(...own)
  }
  return { clauses }
}

function toClause({ name, evaluate }: Part, op: Clause['op'], bound: Clause['bound']): Clause {
  // A name of one of these types has no list for a value.
  return { name: name!, read: evaluate as Clause['read'], op, bound }
}
