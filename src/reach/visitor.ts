import { consentTo } from '../decide/consent.ts'
import { usable } from '../decide/mask.ts'
import { readFeature } from '../decide/read-feature.ts'
import type { Attributes } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { type ConsentStatement, PERSONALISATION } from '../domain/consent.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import { EMPTY_PROFILE, NOTHING_STORED, type StoredCustomer, statementsOf } from '../domain/profile.ts'
import { type RuleContext, Undecided } from '../domain/rule.ts'
import type { ActionLive } from '../domain/run-time-state.ts'

/** Somebody as rules see him on a channel, while everything that only the moment of a decision knows is left open. */
export interface Visitor {
  /** What he does not let us use on the channel is not in it. */
  contextOn(channel: string): OpenContext
  /** Whether what he said, or else the purpose’s default, keeps a purpose away on a channel. */
  denies(purpose: string | null, channel: string): boolean
}

export type OpenContext = Omit<RuleContext, 'action' | 'placement' | 'channel'>

/** Of whom nothing is known: declared defaults only. One who refuses has refused whatever rests on consent. */
export function strangerTo(catalogue: Catalogue, featureSet: FeatureSet | null, refuses: boolean): Visitor {
  const profile = { ...EMPTY_PROFILE, consents: refuses ? refusalsOf(catalogue) : [] }
  return visitorOf(catalogue, { ...NOTHING_STORED, profile, featureSet })
}

function refusalsOf({ purposes }: Catalogue): ConsentStatement[] {
  const resting = [...purposes].filter(([, { basis }]) => basis === 'consent').map(([purpose]) => purpose)
  return [...new Set([...resting, PERSONALISATION])].map((purpose) => ({
    purpose,
    channel: null,
    address: null,
    state: 'refused',
    at: null,
    toldAt: 0,
  }))
}

export function visitorOf(catalogue: Catalogue, stored: StoredCustomer): Visitor {
  const statements = statementsOf(stored)
  const contexts = new Map<string, OpenContext>()
  return {
    contextOn(channel) {
      const known = contexts.get(channel) ?? openContextOn(channel, catalogue, stored)
      contexts.set(channel, known)
      return known
    },
    denies(purpose, channel) {
      const { state } = consentTo(purpose, statements, { channel, address: null }, catalogue)
      return state === 'refused' || state === 'default_deny'
    },
  }
}

function openContextOn(channel: string, catalogue: Catalogue, stored: StoredCustomer): OpenContext {
  const { featureSet } = stored
  const customer = { state: 'known', ...usable(stored, { channel, address: null }, catalogue) } as const
  return {
    customer: customer.attributes,
    context: openContext(catalogue),
    // Without a feature set nobody knows which features there will be.
    feature:
      featureSet === null
        ? (name) => open(`features.${name}`) as never
        : readFeature({ featureSet, customer }),
    live: OPEN_LIVE,
    now: open('now') as never,
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
