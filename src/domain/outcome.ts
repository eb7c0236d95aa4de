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

/** Outcomes that say that a contact did not take place: it then counts for no cap. */
export const RELEASING: ReadonlySet<Outcome> = new Set(['bounced', 'failed', 'notShown', 'cancelled'])
