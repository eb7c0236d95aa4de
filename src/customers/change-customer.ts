import { attributeFaults } from '../decide/check-request.ts'
import type { Attributes } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, type ErrorCode, type Fault, failure } from '../domain/errors.ts'
import { type FeatureSet, featureFault } from '../domain/feature-set.ts'
import { isLive } from '../domain/hold.ts'
import type { CustomerId } from '../domain/ids.ts'
import { isKnown, type StoredCustomer } from '../domain/profile.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { checkPreferences, type WantedPreferences } from './check-preferences.ts'

/** What a caller wants to change: features by name, or all of them as a vector of a named version. */
export interface WantedChange {
  readonly attributes?: Attributes | undefined
  readonly preferences?: WantedPreferences | undefined
  readonly features?:
    | { readonly version?: string | undefined; readonly values: Readonly<Record<string, number>> }
    | { readonly version: string; readonly vector: readonly number[] }
    | undefined
}

export interface Customers {
  /** @throws EmmaError with all faults; nothing is changed then. */
  change(id: CustomerId, wanted: WantedChange): Promise<StoredCustomer>
  /** @throws EmmaError `unknown_customer` */
  read(id: CustomerId): Promise<StoredCustomer>
}

export function makeCustomers(store: CustomerStore, catalogue: () => Catalogue, clock: Clock): Customers {
  return {
    async change(id, { attributes, preferences, features }) {
      const set = await store.featureSet()
      const serves = catalogue()
      const ofAttributes = attributeFaults(
        attributes ?? {},
        serves.customerTypes,
        '/attributes',
        'types.customer',
      )
      const wished = checkPreferences(preferences ?? {}, '/preferences', serves)
      const code: ErrorCode =
        ofAttributes.length > 0 ? 'invalid_request' : (wished.faults[0]?.code ?? 'features_invalid')
      const faults: Fault[] = [...ofAttributes, ...wished.faults.map(withoutCode)]
      const values = new Map<number, number>()
      if (features !== undefined) {
        if (set === null)
          throw failure(
            'features_not_loaded',
            '/features',
            'no feature set is in use',
            'load one with: emma features load <folder>',
          )
        faults.push(
          ...('vector' in features
            ? vectorFaults(features.vector, features.version, set, values)
            : namedFaults(features, set, values)),
        )
      }
      if (faults.length > 0) throw new EmmaError(code, faults)
      const change = {
        ...(attributes === undefined ? {} : { attributes }),
        ...(preferences === undefined ? {} : { preferences: wished.wishes }),
        ...(features === undefined ? {} : { features: values }),
      }
      await store.upsert(id, change, clock(), set)
      return store.gather({ customer: id })
    },
    async read(id) {
      const stored = await store.gather({ customer: id })
      const holds = stored.holds.filter((hold) => isLive(hold, stored.readAt))
      if (isKnown(stored)) return { ...stored, holds }
      throw failure(
        'unknown_customer',
        '/id',
        'nothing is stored of this customer',
        'check the id, or PUT the customer first',
      )
    },
  }
}

function withoutCode({ place, what, remedy }: Fault): Fault {
  return { place, what, remedy }
}

function vectorFaults(
  vector: readonly number[],
  version: string,
  set: FeatureSet,
  values: Map<number, number>,
): Fault[] {
  const { features, version: current } = set.manifest
  if (version !== current) return [wrongVersion(current)]
  if (vector.length !== features.length) {
    return [
      {
        place: '/features/vector',
        what: `the vector has ${vector.length} numbers, feature set ${current} has ${features.length}`,
        remedy: 'send every feature, in the manifest’s order',
      },
    ]
  }
  return vector.flatMap((value, i) => {
    values.set(i, value)
    const what = featureFault(features[i]!, value)
    return what === null
      ? []
      : [{ place: `/features/vector/${i}`, what, remedy: 'send a value its storage can hold' }]
  })
}

function namedFaults(
  wanted: { version?: string | undefined; values: Readonly<Record<string, number>> },
  set: FeatureSet,
  values: Map<number, number>,
): Fault[] {
  const { features, version: current, name } = set.manifest
  if (wanted.version !== undefined && wanted.version !== current) return [wrongVersion(current)]
  return Object.entries(wanted.values).flatMap(([feature, value]): Fault[] => {
    const place = `/features/values/${feature.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
    const index = set.indexOf.get(feature)
    if (index === undefined)
      return [
        { place, what: `feature set ${name} has no such feature`, remedy: 'use a name of its manifest' },
      ]
    values.set(index, value)
    const what = featureFault(features[index]!, value)
    return what === null ? [] : [{ place, what, remedy: 'send a value its storage can hold' }]
  })
}

function wrongVersion(current: string): Fault {
  return {
    place: '/features/version',
    what: `the feature set in use is ${current}`,
    remedy: 'make the features for this version, or load yours first',
  }
}
