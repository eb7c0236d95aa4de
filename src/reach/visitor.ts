import { withDefaults } from '../decide/check-request.ts'
import { readFeature } from '../decide/read-feature.ts'
import type { Attributes } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { StoredCustomer } from '../domain/profile.ts'
import { type RuleContext, Undecided } from '../domain/rule.ts'
import type { ActionLive } from '../domain/run-time-state.ts'

/** Somebody as rules see him, while everything that only the moment of a decision knows is left open. */
export interface Visitor {
  readonly context: Omit<RuleContext, 'action' | 'placement' | 'channel'>
  /** Whether purposes that rest on consent are denied, whatever their default. */
  readonly refusesConsent: boolean
}

/** Of whom nothing is known: declared defaults only. */
export function strangerTo(
  catalogue: Catalogue,
  featureSet: FeatureSet | null,
  refusesConsent: boolean,
): Visitor {
  return visitorOf(
    catalogue,
    { profile: null, featureSet, vector: null, vectorDamaged: false },
    refusesConsent,
  )
}

export function visitorOf(catalogue: Catalogue, stored: StoredCustomer, refusesConsent = false): Visitor {
  const { featureSet } = stored
  const vector = stored.vector ?? featureSet?.defaults ?? null
  const attributes = withDefaults(stored.profile?.attributes ?? {}, catalogue.customerTypes)
  return {
    context: {
      customer: attributes,
      context: openContext(catalogue),
      // Without a feature set nobody knows which features there will be.
      feature:
        featureSet === null
          ? (name) => open(`features.${name}`) as never
          : readFeature({ featureSet, customer: { state: 'known', attributes, vector } }),
      live: OPEN_LIVE,
      now: open('now') as never,
    },
    refusesConsent,
  }
}

/** A value that may turn out to be anything. Rules hand it on; it is of no type of theirs. */
function open(name: string): unknown {
  return new Undecided('open', name)
}

const OPEN_LIVE = { stock: open('live.stock'), price: open('live.price') } as unknown as ActionLive

function openContext({ contextTypes }: Catalogue): Attributes {
  return Object.fromEntries(
    [...contextTypes.keys()].map((name) => [name, open(`context.${name}`)]),
  ) as Attributes
}
