import * as z from 'zod'
import { DURATION_PATTERN, durationMs, LONGEST_DURATION_MS } from '../../domain/duration.ts'
import { ID_PATTERN } from '../../domain/ids.ts'
import { OUTCOMES } from '../../domain/outcome.ts'
import { KINDS, TIERS } from '../../domain/tier.ts'
import { crossCheck } from './cross-check.ts'

export const id = z
  .string()
  .regex(ID_PATTERN, 'must be 1 to 128 printable characters')
  // JSON that names it is refused at the door, so nobody could ask for it or switch it off.
  .refine((text) => text !== '__proto__', '__proto__ cannot be an id')

/** Names that rules and templates may say. */
export const IDENTIFIER_PATTERN = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
export const identifier = z
  .string()
  .regex(IDENTIFIER_PATTERN, 'must be an identifier: letters, digits, underscores')

export const scalar = z.union(
  [z.string(), z.number(), z.boolean()],
  'must be a text, a finite number or true or false',
)

export const moment = z.iso.datetime({
  offset: true,
  error: 'must be a time with zone such as 2026-11-01T00:00:00Z',
})

export const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as de or en-GB')

export const duration = z
  .string()
  .regex(DURATION_PATTERN, { error: 'must be like 30s, 30m, 24h, 7d or 2w', abort: true })
  .refine((text) => durationMs(text) <= LONGEST_DURATION_MS, 'must be at most ten years (3650d)')

export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A rule, as it is written; what it says is checked when all names are known. */
export const ruleText = z.string().min(1)

/** Percent: 10 is a tenth more, -100 is nothing at all. */
export const percent = z.number().min(-100).max(1000)

export const share = z.number().min(0).max(1)

export const outcome = z.enum(OUTCOMES)

function oneOrMany<Item extends z.ZodType>(item: Item, what: string) {
  return z.union([item, z.array(item).min(1)], `must be ${what} or a list of them`)
}

export const tiers = oneOrMany(z.enum(TIERS), `a tier (${TIERS.join(', ')})`)
const ids = (what: string) => oneOrMany(id, `the id of ${what}`)

/** What a policy, a volume, a weight or a model is for: every key that is written must fit. */
export const where = crossCheck(
  z.strictObject({
    channel: ids('a channel').optional().describe('channels it is for'),
    placement: ids('a placement').optional().describe('placements it is for'),
    tier: tiers.optional().describe('tiers it is for'),
    kind: oneOrMany(z.enum(KINDS), `a kind (${KINDS.join(', ')})`)
      .optional()
      .describe('kinds it is for'),
    group: ids('a group').optional().describe('groups it is for'),
    action: ids('an action').optional().describe('actions it is for'),
  }),
  (written, tell) => {
    if (Object.keys(written).length === 0)
      tell([], 'this fits nothing', 'write at least one of channel, placement, tier, kind, group, action')
  },
)
