/** Tiers in the order in which they fill a slate. */
export const TIERS = ['mandatory', 'service', 'retention', 'marketing'] as const
export type Tier = (typeof TIERS)[number]
export const KINDS = ['offer', 'activity'] as const
export type Kind = (typeof KINDS)[number]
