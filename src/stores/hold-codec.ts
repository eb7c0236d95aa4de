import * as z from 'zod'
import type { ContactFacts } from '../domain/contact.ts'
import type { Hold } from '../domain/hold.ts'
import { OUTCOMES } from '../domain/outcome.ts'
import { KINDS, TIERS } from '../domain/tier.ts'

/** First byte of a hold. */
const FORMAT = '1'

const holdSchema = z
  .object({
    ref: z.string(),
    at: z.number(),
    until: z.number(),
    facts: z.object({
      channel: z.string(),
      placement: z.string().optional(),
      action: z.string().optional(),
      group: z.string().optional(),
      tier: z.enum(TIERS),
      kind: z.enum(KINDS),
    }),
    session: z.string().nullable(),
    confirmOn: z.enum(OUTCOMES),
    units: z.array(z.object({ volume: z.string(), period: z.string() })),
  })
  .transform(
    ({ ref, at, until, facts, session, confirmOn, units }): Hold => ({
      contact: { facts: withAll(facts), ref, at, heldUntil: until, outcomes: [] },
      session,
      confirmOn,
      units,
    }),
  )

/**
 * A hold as text: its format, `1`, and JSON with its facts spelled out, so that whoever counts it needs no dictionary.
 * @throws RangeError for one with outcomes: what came of it is kept with a contact
 */
export function encodeHold({ contact, session, confirmOn, units }: Hold): string {
  const { ref, at, heldUntil, facts, outcomes } = contact
  if (outcomes.length > 0) throw new RangeError('a hold has no outcomes')
  const { channel, placement, action, group, tier, kind } = facts
  const spelled = { channel, placement, action, group, tier, kind }
  const taken = units.map(({ volume, period }) => ({ volume, period }))
  return (
    FORMAT + JSON.stringify({ ref, at, until: heldUntil, facts: spelled, session, confirmOn, units: taken })
  )
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws Error for what no hold was made into, or of a format this version does not know */
export function decodeHold(encoded: string | Uint8Array): Hold {
  const text = typeof encoded === 'string' ? encoded : utf8.decode(encoded)
  if (text[0] !== FORMAT) throw new Error(`format ${text[0]} of a hold is not known to this version`)
  return holdSchema.parse(JSON.parse(text.slice(FORMAT.length)))
}

/** With every key, as facts are elsewhere: what JSON leaves out is undefined. */
function withAll(
  facts: Partial<ContactFacts> & Pick<ContactFacts, 'channel' | 'tier' | 'kind'>,
): ContactFacts {
  const { channel, placement, action, group, tier, kind } = facts
  return { channel, placement, action, group, tier, kind }
}
