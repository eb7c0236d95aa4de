import type { Arbitration, ContextWeight, Lever } from './arbitration.ts'
import type { Attributes, TypeSpec } from './attributes.ts'
import type { Json } from './canonical-json.ts'
import type { ContactFacts } from './contact.ts'
import type { CapPolicy, ContactPolicy } from './contact-policy.ts'
import type { Experiments } from './experiment.ts'
import type { Exploration } from './exploration.ts'
import type { ActionId, ChannelId, PlacementId, TreatmentId } from './ids.ts'
import type { Lot } from './lot.ts'
import type { Outcome } from './outcome.ts'
import type { PlayColumns } from './play-columns.ts'
import type { Reason } from './reason.ts'
import type { Condition, Rule } from './rule.ts'
import type { Template } from './template.ts'
import type { Kind, Tier } from './tier.ts'
import type { Volume } from './volume.ts'

/** An action’s content for some placements, by language tag in lower case (`de`, `en-gb`). */
export interface Treatment {
  readonly id: TreatmentId
  readonly placements: readonly PlacementId[]
  readonly content: ReadonlyMap<string, Template>
  /** Names that must be known for it to be shown: `customer.firstName`, `context.intent`. */
  readonly needs: readonly string[]
  /** Treatment of the same action that is shown when something it needs is missing. */
  readonly otherwise: TreatmentId | undefined
}

/** The levels of engagement policy: may; makes sense now; is good for the customer. */
export const POLICY_LEVELS = ['eligibility', 'applicability', 'suitability'] as const
export type PolicyLevel = (typeof POLICY_LEVELS)[number]

/** One rule that an action must meet. Equal rules of several actions are one object, so that outcomes can be kept. */
export interface PolicyRule {
  readonly level: PolicyLevel
  /** The group it is inherited from; undefined for the action’s own. */
  readonly group: string | undefined
  readonly rule: Condition
}

/** Stops its tiers for a customer while its rule is true. */
export interface Block {
  readonly id: string
  readonly tiers: ReadonlySet<Tier>
  readonly when: Condition
}

/** What customers’ data are used for; `default` holds while a customer has said nothing. */
export interface Purpose {
  readonly basis: string
  readonly default: 'allow' | 'deny'
}

/** An offer or activity. Times are epoch milliseconds; `to` is exclusive. */
export interface Action {
  readonly id: ActionId
  /** What it draws lots with. */
  readonly lot: Lot
  readonly active: boolean
  readonly kind: Kind
  readonly tier: Tier
  readonly group: string | undefined
  /** Margin per target outcome in the catalogue’s currency; 1 where none is written, or a rule gives it. */
  readonly value: number
  readonly valueRule: Rule<number> | undefined
  /** Its group’s and its own. */
  readonly levers: readonly Lever[]
  /** Below this propensity the action is not worth the customer’s attention: 0–1. */
  readonly minPropensity: number
  readonly validFrom: number
  readonly validTo: number
  readonly attributes: Attributes
  /** Its group’s rules first. */
  readonly policy: readonly PolicyRule[]
  /** Its own purpose, or its group’s. */
  readonly purpose: string | undefined
  readonly treatments: readonly Treatment[]
}

/** A slot of a channel. Smaller `order` is filled first. */
export interface Placement {
  readonly id: PlacementId
  readonly channel: ChannelId
  readonly contentType: 'json' | 'text' | 'html'
  readonly order: number
  readonly fallback: Json | undefined
  /** Whether it may show what another placement of the same answer shows. */
  readonly allowRepeats: boolean
}

/** When nobody is contacted on a channel, by the clock of the person; `from` may be later than `to`, over midnight. */
export interface QuietHours {
  /** Minutes since midnight, 0–1439; the first quiet one. */
  readonly from: number
  /** The first minute that is not quiet any more. */
  readonly to: number
  /** Where people may live whose zone is not known: for them it is quiet while it is quiet in any of these. */
  readonly timeZones: readonly string[]
  /** Tiers that may disturb. */
  readonly except: ReadonlySet<Tier>
}

export interface Channel {
  readonly id: ChannelId
  readonly direction: 'inbound' | 'outbound'
  /** The outcome that makes a held contact a counted one, beside those that prove it. */
  readonly confirmOn: Outcome
  /** How long a contact is held for it, from when it is to be: milliseconds. */
  readonly holdForMs: number
  readonly quietHours: QuietHours | undefined
}

/** What an action can show, by language tag in lower case; with a reason when it lacks what the wanted language needs. */
export interface Showable {
  readonly speaks: ReadonlyMap<string, Treatment>
  readonly refusals: readonly Reason[]
}

/** One action as it may play in one placement: its position in {@link Catalogue.actions} and what it says there. */
export interface Play {
  readonly position: number
  /** In each language the first treatment written for this placement that speaks it: what it shows to whom nothing lacks. */
  readonly asWritten: Showable
  /**
   * The names that decide whether nothing is lacking in `asWritten`, where they are the same for whatever is shown in a
   * request (`customer.firstName`); equal lists are one. Null where more than these decides.
   */
  readonly asks: readonly string[] | null
  /** All that speak it, in their order, where somebody may lack what the first one needs; else null. */
  readonly choices: ReadonlyMap<string, readonly Treatment[]> | null
  /** What a contact by it is about. */
  readonly facts: ContactFacts
  /** Those that count it, in the order of their ids; equal lists are one. */
  readonly policies: readonly ContactPolicy[]
  /** The caps among them; equal lists are one. */
  readonly caps: readonly CapPolicy[]
  /** Those that each contact by it takes a unit of, in the order of their ids; equal lists are one. */
  readonly volumes: readonly Volume[]
  /** Those of its channel, group and action that push it. */
  readonly levers: readonly Lever[]
  /** What they come to as a factor of the priority: added, raised to their power, bounded. */
  readonly lever: number
  /** Those that are for it, as they are written; equal lists are one. */
  readonly contextWeights: readonly ContextWeight[]
}

/** One version of everything a marketer wrote: immutable, indexed by placement. */
export interface Catalogue {
  /** First 16 hex digits of SHA-256 over the canonical document as it was written. */
  readonly version: string
  readonly currency: string
  readonly locale: string
  readonly timeZone: string
  /** How long contacts and outcomes are remembered. */
  readonly historyHorizonMs: number
  readonly customerTypes: ReadonlyMap<string, TypeSpec>
  /** The purpose under which an attribute of the customer is used, where that is not personalisation. */
  readonly attributePurposes: ReadonlyMap<string, string>
  readonly contextTypes: ReadonlyMap<string, TypeSpec>
  /** Id of the model that scores, or undefined for the prior. */
  readonly model: string | undefined
  /** Id of the model that scores for the challenger arm. */
  readonly challenger: string | undefined
  readonly target: { readonly outcome: string; readonly within: string }
  readonly purposes: ReadonlyMap<string, Purpose>
  readonly blocks: readonly Block[]
  readonly channels: ReadonlyMap<ChannelId, Channel>
  /** Every group that is declared or that an action names. */
  readonly groups: ReadonlySet<string>
  /** How many actions of a group one slate may show, where that is limited. */
  readonly maxPerSlate: ReadonlyMap<string, number>
  readonly arbitration: Arbitration
  readonly exploration: Exploration
  readonly experiments: Experiments
  readonly placements: ReadonlyMap<PlacementId, Placement>
  readonly actions: readonly Action[]
  readonly positionOf: ReadonlyMap<ActionId, number>
  readonly plays: ReadonlyMap<PlacementId, readonly Play[]>
  readonly columns: ReadonlyMap<PlacementId, PlayColumns>
  /** All, in the order of their ids. */
  readonly caps: readonly CapPolicy[]
  /** All, in the order of their ids. */
  readonly volumes: readonly Volume[]
  /** Those that any play of a placement takes of, in the order of their ids. */
  readonly volumesIn: ReadonlyMap<PlacementId, readonly Volume[]>
  /** Sentences about what is written and does not do, in this version, what it says. */
  readonly notices: readonly string[]
}
