import * as z from 'zod'
import type { DecisionRequest } from '../../domain/decision-request.ts'
import type { ActionId, ChannelId, CustomerId, PlacementId } from '../../domain/ids.ts'
import { KINDS } from '../../domain/tier.ts'
import { addressSchema, attributesSchema, idSchema, kindSchema, timeSchema } from './fields.ts'

/** Of all placements of one answer together. */
const MOST_ITEMS = 200

const slateRequestSchema = z.strictObject({
  id: idSchema,
  limit: z.int().min(1).max(100).default(1).describe('how many actions at most'),
  kinds: z.array(kindSchema).min(1).max(KINDS.length).optional().describe('only these kinds; all by default'),
})

/** `POST /v1/decisions` */
export const decisionRequestSchema = z
  .strictObject({
    requestId: idSchema
      .optional()
      .describe(
        'the caller’s name for this request among those of the customer: repeated within 24 hours, it gets the same answer',
      ),
    customer: z
      .strictObject({ id: idSchema })
      .optional()
      .describe('absent for an anonymous visitor; an id that is not known is decided for as a stranger'),
    sessionId: idSchema
      .optional()
      .describe('the visit it belongs to; a visitor without an id is remembered by it for 24 hours'),
    channel: idSchema,
    address: addressSchema
      .optional()
      .describe('where a message would go, as in consents: opt-outs belong to an address; kept nowhere'),
    placements: z
      .array(slateRequestSchema)
      .min(1)
      .max(20)
      .describe(`with at most ${MOST_ITEMS} actions in all`),
    context: attributesSchema
      .optional()
      .describe('what is known of this moment, as declared in the catalogue'),
    locale: z
      .string()
      .max(35)
      .refine(isLocale, 'must be a BCP 47 tag such as de-AT')
      .optional()
      .describe('wanted language; the catalogue’s by default'),
    candidates: z
      .strictObject({
        include: z.array(idSchema).max(1000).optional(),
        exclude: z.array(idSchema).max(1000).optional(),
      })
      .optional()
      .describe('actions to choose from, or to leave out'),
    mode: z.enum(['live', 'dry-run']).default('live').describe('a dry-run leaves no trace and may set `at`'),
    at: timeSchema
      .refine(isDecidable, 'must lie in the years 1970 to 9998')
      .optional()
      .describe('the moment to decide for; dry-run only'),
    contactAt: timeSchema
      .refine(isDecidable, 'must lie in the years 1970 to 9998')
      .optional()
      .describe(
        'when the contact is to be; caps, quiet hours, validity and rules are judged for it; now by default',
      ),
    reserve: z
      .enum(['hold', 'none'])
      .default('hold')
      .describe('none: for a prefetch; what is shown is not held, and takes nothing of caps and volumes'),
    deadlineMs: z
      .int()
      .min(1)
      .max(60_000)
      .optional()
      .describe('milliseconds that the caller waits; DEADLINE_MS by default (50)'),
    explain: z.enum(['none', 'codes', 'full']).default('none').describe('what became of every candidate'),
  })
  .refine((request) => request.placements.reduce((sum, { limit }) => sum + limit, 0) <= MOST_ITEMS, {
    path: ['placements'],
    message: `at most ${MOST_ITEMS} actions in one answer; lower the limits, or ask in several requests`,
  })
  .refine((request) => request.at === undefined || request.mode === 'dry-run', {
    path: ['at'],
    message: 'only a dry-run may set the time; add "mode": "dry-run" or leave it out',
  })
export type DecisionRequestBody = z.output<typeof decisionRequestSchema>

export function toDecisionRequest(body: DecisionRequestBody): DecisionRequest {
  return {
    requestId: body.requestId,
    customer: body.customer?.id as CustomerId | undefined,
    sessionId: body.sessionId,
    channel: body.channel as ChannelId,
    address: body.address,
    slates: body.placements.map(({ id, limit, kinds }) => ({ placement: id as PlacementId, limit, kinds })),
    context: body.context ?? {},
    locale: body.locale === undefined ? undefined : Intl.getCanonicalLocales(body.locale)[0],
    include: body.candidates?.include as ActionId[] | undefined,
    exclude: (body.candidates?.exclude ?? []) as ActionId[],
    mode: body.mode,
    at: body.at === undefined ? undefined : Date.parse(body.at),
    contactAt: body.contactAt === undefined ? undefined : Date.parse(body.contactAt),
    reserve: body.reserve,
    deadlineMs: body.deadlineMs,
    explain: body.explain,
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** A decision’s id holds its moment as an unsigned number, and its validity must still be a time of RFC 3339. */
function isDecidable(time: string): boolean {
  const moment = Date.parse(time)
  return moment >= 0 && moment < Date.UTC(9999, 0)
}
