import type { ConsentStatement } from '../../domain/consent.ts'
import { addStatement } from '../../domain/consent-statements.ts'
import type { Person } from '../../ports/customer-store.ts'
import { statementsKey } from '../keys.ts'
import { decodeStatements, encodeStatements } from '../person-codec.ts'
import type { Environment } from './environment.ts'

/** What is said of an address, whoever said it. */
export function readStatements(db: Environment, address: Person): readonly ConsentStatement[] {
  const bytes = db.get(statementsKey(address))
  return bytes === undefined ? [] : decodeStatements(bytes)
}

/** Statements of addresses while one write transaction adds to them, see {@link makePersonDrafts}. */
export function makeAddressDrafts(db: Environment) {
  const drafts = new Map<string, readonly ConsentStatement[]>()
  const changed = new Set<string>()
  return {
    /** @returns whether it says anything new */
    add(address: Person, statement: ConsentStatement): boolean {
      const key = statementsKey(address)
      const known = drafts.get(key) ?? readStatements(db, address)
      const all = addStatement(known, statement)
      drafts.set(key, all)
      if (all === known) return false
      changed.add(key)
      return true
    },
    write(): void {
      for (const key of changed) void db.put(key, encodeStatements(drafts.get(key)!))
    },
  }
}
