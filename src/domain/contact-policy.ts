import type { ContactFacts } from './contact.ts'
import type { Outcome } from './outcome.ts'

/** What a policy counts apart, for each customer. */
export const COUNTED_PER = ['customer', 'action', 'group', 'channel', 'placement', 'tier'] as const
export type CountedPer = (typeof COUNTED_PER)[number]

/** Which contacts something is for: every key that is there must fit. */
export interface Selection {
  readonly channel?: ReadonlySet<string>
  readonly placement?: ReadonlySet<string>
  readonly tier?: ReadonlySet<string>
  readonly kind?: ReadonlySet<string>
  readonly group?: ReadonlySet<string>
  readonly action?: ReadonlySet<string>
}

/** At most `max` contacts in any window of `windowMs`: windows are half open, so that one ends where the next begins. */
export interface CapPolicy {
  readonly id: string
  readonly where: Selection
  readonly per: CountedPer
  readonly max: number
  readonly window: string
  readonly windowMs: number
}

/** Silence for `suppressForMs` after an outcome came `times` times in less than `withinMs`, with no `without` since. */
export interface SuppressionPolicy {
  readonly id: string
  readonly where: Selection
  readonly per: CountedPer
  readonly outcome: Outcome
  readonly times: number
  readonly within: string | undefined
  readonly withinMs: number
  readonly without: Outcome | undefined
  readonly suppressFor: string
  readonly suppressForMs: number
}

export type ContactPolicy = CapPolicy | SuppressionPolicy

export function isCap(policy: ContactPolicy): policy is CapPolicy {
  return 'max' in policy
}

export function fits(where: Selection, facts: ContactFacts): boolean {
  return (
    isWanted(where.channel, facts.channel) &&
    isWanted(where.placement, facts.placement) &&
    isWanted(where.tier, facts.tier) &&
    isWanted(where.kind, facts.kind) &&
    isWanted(where.group, facts.group) &&
    isWanted(where.action, facts.action)
  )
}

function isWanted(wanted: ReadonlySet<string> | undefined, value: string | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.has(value))
}

/** What is counted together: contacts of one key. Undefined where a contact has nothing to be counted under. */
export function countedUnder(per: CountedPer, facts: ContactFacts): string | undefined {
  // Each by its name: what is read by a name that is only known then is looked up every time.
  switch (per) {
    case 'customer':
      return ''
    case 'action':
      return facts.action
    case 'group':
      return facts.group
    case 'channel':
      return facts.channel
    case 'placement':
      return facts.placement
    case 'tier':
      return facts.tier
  }
}
