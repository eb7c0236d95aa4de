import type { StoredCustomer } from '../../domain/profile.ts'
import type { Person } from '../../ports/customer-store.ts'
import { bucketIn, CUSTOMER_PATTERN, personIn, profileKey, vectorKey, vectorKind } from '../keys.ts'
import { decodePerson, EMPTY_RECORD } from '../person-codec.ts'
import { NO_VECTOR, storedVector } from '../stored-vector.ts'
import { bytesIn, READ } from './calls.ts'
import type { FeatureSets } from './feature-sets.ts'
import type { PersonParts } from './persons.ts'
import { scanKeys } from './scan.ts'

/** Half a million keys: in a larger store those after them have no chance to be drawn, but it ends. */
const MOST_STEPS = 500

/**
 * Some customers, without their ids: those whose keys are the smallest. Keys are hashes, so they are a sample like any
 * other, and the same one each time, though Redis looks through its keys in an order that changes while it grows.
 */
export function makeSample(
  { link, facts }: Pick<PersonParts, 'link' | 'facts'>,
  featureSets: FeatureSets,
): (limit: number) => Promise<StoredCustomer[]> {
  return async (limit) => {
    const featureSet = (await featureSets.read())?.set ?? null
    if (limit === 0) return []
    const version = featureSet?.manifest.version ?? null
    let persons = new Map<string, Person>()
    let steps = 0
    await scanKeys(link, CUSTOMER_PATTERN, (keys) => {
      for (const key of keys) {
        const isHis = key.includes('}:p:') || (version !== null && key.includes(vectorKind(version)))
        if (isHis) persons.set(personIn(key), { key: personIn(key), bucket: bucketIn(key) })
      }
      persons = smallest(persons, limit)
      return ++steps < MOST_STEPS
    })
    const read = async (person: Person): Promise<StoredCustomer> => {
      const key = profileKey(person)
      const gets = [['GET', key] as const]
      if (version !== null) gets.push(['GET', vectorKey(version, person)])
      const [bytes, packed] = (await link.send(key, gets, READ)).map(bytesIn)
      const { profile, ledger } =
        bytes === undefined ? EMPTY_RECORD : await facts.reading((numbers) => decodePerson(bytes, numbers))
      const vector = featureSet === null ? NO_VECTOR : storedVector(featureSet, packed)
      return { profile, ledger, holds: [], addressConsents: [], featureSet, ...vector }
    }
    return Promise.all([...persons.values()].map(read))
  }
}

function smallest(persons: ReadonlyMap<string, Person>, limit: number): Map<string, Person> {
  return new Map([...persons].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit))
}
