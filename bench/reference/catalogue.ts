/** Which parts the reference catalogue has; all of them by default. */
export interface Parts {
  readonly rules: boolean
  readonly model: boolean
  /** Consent and contact policies. */
  readonly contacts: boolean
}

export const ALL_PARTS: Parts = { rules: true, model: true, contacts: true }

export const GROUPS = 8
export const CATEGORIES = 24

/** What both the rule and a programmer say of an action: who may get it. */
export interface Clauses {
  readonly notIn: string
  readonly minAge: number
  readonly feature: string
  readonly below: number
}

/** Three clauses, others for every action; about six in ten candidates pass them. */
export function clausesOf(action: number): Clauses {
  return {
    notIn: ['FR', 'NL', 'BE', 'PL'][action % 4]!,
    minAge: 16 + ((action * 7) % 16),
    feature: `f16_${action % CATEGORIES}`,
    // Seven decimals: no two rules are the same text.
    below: Number((0.55 + ((action * 13) % 25) / 100 + action / 10_000_000).toFixed(7)),
  }
}

/** What may be shown how often: a cap per action, one per customer, one per group, and silence after a no. */
export const CAPS = [
  { id: 'action-week', per: 'action', max: 4, window: '7d' },
  { id: 'customer-day', per: 'customer', max: 40, window: '24h' },
  { id: 'group-month', per: 'group', max: 60, window: '30d' },
] as const

/** Of an action what the model reads of it. */
export function attributesOf(action: number) {
  return {
    price: 5 + ((action * 37) % 200),
    margin: ((action * 11) % 50) / 100,
    popularity: ((action * 17) % 100) / 100,
    novelty: ((action * 29) % 100) / 100,
    category: `${action % CATEGORIES}`,
  }
}

export const worthOf = (action: number) => 1 + (action % 40)
export const idOf = (action: number) => `action-${action}`
export const groupOf = (action: number) => `group-${action % GROUPS}`

/** What is shown of an action, in words; a template in it is filled with the customer’s name. */
export function contentOf(action: number) {
  return {
    headline: `Offer ${action} of the week`,
    text: 'For you, {{ customer.firstName }}: now at {{ action.price }} instead of a lot more.',
    image: `https://cdn.example/offers/${action}.jpg`,
    target: `/offers/${action}`,
  }
}

/** The reference decision’s catalogue: `size` actions that play on one placement of a page, and in an e-mail. */
export function referenceCatalogue(size: number, parts: Parts = ALL_PARTS): object {
  return {
    schema: 'emma/v1',
    defaults: { locale: 'en', timeZone: 'Europe/Berlin', currency: 'EUR' },
    types: {
      customer: {
        country: { type: 'string' },
        age: { type: 'number' },
        firstName: { type: 'string', default: 'friend' },
      },
      context: { basketValue: { type: 'number', default: 0 } },
    },
    target: { outcome: 'conversion', within: '7d' },
    ...(parts.model ? { models: [{ id: 'reference' }] } : {}),
    channels: { web: {}, email: { direction: 'outbound' } },
    placements: [
      { id: 'home', channel: 'web', fallback: { headline: 'Welcome' } },
      { id: 'newsletter', channel: 'email' },
    ],
    ...(parts.contacts
      ? {
          purposes: { advertising: { basis: 'consent' } },
          contactPolicies: [
            ...CAPS,
            { id: 'said-no', per: 'action', after: { outcome: 'reject' }, suppressFor: '90d' },
          ],
        }
      : {}),
    groups: Array.from({ length: GROUPS }, (_, i) => ({ id: `group-${i}`, maxPerSlate: 2 })),
    actions: Array.from({ length: size }, (_, i) => ({
      id: idOf(i),
      group: groupOf(i),
      value: worthOf(i),
      ...(parts.contacts ? { purpose: 'advertising' } : {}),
      attributes: attributesOf(i),
      ...(parts.rules ? { eligibility: ruleOf(clausesOf(i)) } : {}),
      treatments: [{ id: `text-${i}`, for: ['home', 'newsletter'], content: { en: contentOf(i) } }],
    })),
  }
}

function ruleOf({ notIn, minAge, feature, below }: Clauses): string {
  return `customer.country != "${notIn}" && customer.age >= ${minAge} && features.${feature} < ${below}`
}
