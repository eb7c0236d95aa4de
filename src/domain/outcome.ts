/** Everything that can become of a contact, in the order of their numbers in stored ledgers: append only. */
export const OUTCOMES = [
  'sent',
  'presented',
  'impression',
  'click',
  'dismiss',
  'later',
  'reject',
  'accept',
  'conversion',
  'return',
  'bounced',
  'failed',
  'notShown',
  'cancelled',
] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Outcomes that say that a contact did not take place, unless something later says that it did. */
export const RELEASING: ReadonlySet<Outcome> = new Set(['bounced', 'failed', 'notShown', 'cancelled'])

/** Outcomes that nothing brings about but a contact that took place. */
export const PROVING: ReadonlySet<Outcome> = new Set([
  ...(['presented', 'impression', 'click', 'dismiss'] as const),
  ...(['later', 'reject', 'accept', 'conversion', 'return'] as const),
])
