import type { CustomerStore } from '../../ports/customer-store.ts'
import { personOf, vectorKey } from '../keys.ts'
import { changedVector, switchedMeanwhile, withChange } from '../person-changes.ts'
import { storedVector } from '../stored-vector.ts'
import { WRITE } from './calls.ts'
import type { FeatureSets } from './feature-sets.ts'
import type { ChangePerson, PersonParts } from './persons.ts'

/** Merges a change of a customer, record and vector in one step. */
export function makeUpsert(
  { link, secret }: Pick<PersonParts, 'link' | 'secret'>,
  featureSets: FeatureSets,
  changePerson: ChangePerson,
): CustomerStore['upsert'] {
  return async (id, change, at, checkedAgainst) => {
    if (change.features === undefined) {
      return changePerson({ customer: id }, at, (record) => ({
        record: withChange(record, change, at),
        beside: null,
        result: undefined,
      }))
    }
    const set = (await featureSets.read())?.set ?? null
    const version = set?.manifest.version ?? ''
    const key = vectorKey(version, personOf(secret, id))
    await changePerson(
      { customer: id },
      at,
      (record, packed) => ({
        record: withChange(record, change, at),
        beside: changedVector(set, checkedAgainst, change.features, () => storedVector(set!, packed)),
        result: undefined,
      }),
      key,
    )
    // The switch is elsewhere than the customer, so nothing keeps it from coming between.
    const now = await featureSets.read()
    if (now?.set.manifest.version === version) return
    if (now?.previous !== version) await link.send(key, [['UNLINK', key]], WRITE)
    throw switchedMeanwhile()
  }
}
