import {
  attributesOf,
  CAPS,
  clausesOf,
  contentOf,
  GROUPS,
  groupOf,
  idOf,
  worthOf,
} from '../../reference/catalogue.ts'

export const ACTIONS = 100
export const PLACEMENT = 'home'
export const MAX_PER_GROUP = 2
/** So long an action is not shown again to somebody who rejected it. */
export const SILENCE_MS = 90 * 86_400_000
export const VERSIONS = { catalogue: 'reference-1', model: 'reference-1' }

/** What may be shown to somebody, and what has to hold before. */
export interface Action {
  readonly id: string
  /** Among the actions. */
  readonly position: number
  /** Position among the groups. */
  readonly group: number
  readonly purpose: string
  /** What it is worth when it succeeds, in the shop’s currency. */
  readonly value: number
  /** CEL over `customer` and `features`. */
  readonly rule: string
  readonly attributes: ReturnType<typeof attributesOf>
  readonly treatmentId: string
  readonly content: ReturnType<typeof contentOf>
}

export const groups: readonly string[] = Array.from({ length: GROUPS }, (_, i) => groupOf(i))

export const actions: readonly Action[] = Array.from({ length: ACTIONS }, (_, i) => ({
  id: idOf(i),
  position: i,
  group: i % GROUPS,
  purpose: 'advertising',
  value: worthOf(i),
  rule: ruleOf(i),
  attributes: attributesOf(i),
  treatmentId: `text-${i}`,
  content: contentOf(i),
}))

function ruleOf(action: number): string {
  const { notIn, minAge, feature, below } = clausesOf(action)
  return `customer.country != "${notIn}" && customer.age >= ${minAge} && features.${feature} < ${below}`
}

export interface Cap {
  readonly max: number
  readonly seconds: number
}

const SECONDS = { '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 }

/** The cap per action, per customer or per group. */
export function capPer(key: (typeof CAPS)[number]['per']): Cap {
  const { max, window } = CAPS.find(({ per }) => per === key)!
  return { max, seconds: SECONDS[window] }
}
