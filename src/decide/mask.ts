import type { Attributes } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { PERSONALISATION } from '../domain/consent.ts'
import { type StoredCustomer, statementsOf } from '../domain/profile.ts'
import type { KnownCustomer } from '../domain/situation.ts'
import { withDefaults } from './check-request.ts'
import { type Asked, mayUse } from './consent.ts'

/** What of a customer may be used to choose for him, on a channel; the rest is as if nobody had told it. */
export function usable(
  stored: StoredCustomer,
  asked: Asked,
  catalogue: Catalogue,
): Omit<KnownCustomer, 'state'> {
  const { profile, featureSet, vector } = stored
  const statements = statementsOf(stored)
  const mayServe = new Map<string, boolean>()
  const may = (purpose: string) => {
    let answer = mayServe.get(purpose)
    if (answer === undefined) {
      answer = mayUse(purpose, statements, asked, catalogue)
      mayServe.set(purpose, answer)
    }
    return answer
  }
  const personalised = may(PERSONALISATION)
  const defaults = featureSet?.defaults ?? null
  return {
    personalised,
    attributes: withDefaults(
      usableAttributes(profile?.attributes ?? {}, catalogue, may),
      catalogue.customerTypes,
    ),
    vector: personalised ? (vector ?? defaults) : defaults,
  }
}

function usableAttributes(
  attributes: Attributes,
  { attributePurposes }: Catalogue,
  may: (purpose: string) => boolean,
): Attributes {
  if (attributePurposes.size === 0) return may(PERSONALISATION) ? attributes : {}
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => may(attributePurposes.get(name) ?? PERSONALISATION)),
  )
}
