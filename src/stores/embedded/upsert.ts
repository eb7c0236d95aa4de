import type { FeatureSet } from '../../domain/feature-set.ts'
import type { CustomerStore } from '../../ports/customer-store.ts'
import { personOf, vectorKey } from '../keys.ts'
import { changedVector, withChange } from '../person-changes.ts'
import { type DraftParts, makePersonDrafts } from './person-drafts.ts'
import { transact } from './transactions.ts'
import { readVector } from './vectors.ts'

/** Merges a change of a customer in one transaction. */
export function makeUpsert(parts: DraftParts, currentSet: () => FeatureSet | null): CustomerStore['upsert'] {
  const { db, secret } = parts
  return (id, change, at, checkedAgainst) =>
    transact(db, () => {
      const persons = makePersonDrafts(parts, at)
      persons.change({ customer: id }, (record) => withChange(record, change, at))
      const set = currentSet()
      const person = personOf(secret, id)
      const packed = changedVector(set, checkedAgainst, change.features, () => readVector(db, set, person))
      persons.write()
      if (packed !== null) void db.put(vectorKey(set!.manifest.version, person), packed)
    })
}
