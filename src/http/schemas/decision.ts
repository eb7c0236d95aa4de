import * as z from 'zod'
import { CHANGE_KINDS, type Change } from '../../domain/change.ts'
import type { Decision, Item, Slate, Verdict } from '../../domain/decision.ts'
import type { DecisionRequest } from '../../domain/decision-request.ts'
import type { ActionId, ChannelId, CustomerId, PlacementId } from '../../domain/ids.ts'
import type { Reason } from '../../domain/reason.ts'
import { REASONS, SLATE_CODES } from '../../domain/reason-sentences.ts'
import { changeText, reasonText, type Telling } from '../../domain/reason-text.ts'
import { DEGRADED_CODES } from '../../domain/situation.ts'
import { KINDS } from '../../domain/tier.ts'
import { wireNumber } from '../../domain/wire-number.ts'
import { addressSchema, attributesSchema, idSchema, kindSchema, tierSchema, timeSchema } from './fields.ts'

const slateRequestSchema = z.strictObject({
  id: idSchema,
  limit: z.int().min(1).max(100).default(1).describe('how many actions at most'),
  kinds: z.array(kindSchema).min(1).max(KINDS.length).optional().describe('only these kinds; all by default'),
})

/** `POST /v1/decisions` */
export const decisionRequestSchema = z
  .strictObject({
    requestId: idSchema.optional().describe('the caller’s name for this request'),
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
    placements: z.array(slateRequestSchema).min(1).max(20),
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
    explain: z.enum(['none', 'codes', 'full']).default('none').describe('what became of every candidate'),
  })
  .refine((request) => request.at === undefined || request.mode === 'dry-run', {
    path: ['at'],
    message: 'only a dry-run may set the time; add "mode": "dry-run" or leave it out',
  })
export type DecisionRequestBody = z.output<typeof decisionRequestSchema>

const reasonSchema = z.object({
  code: z.enum(keys(REASONS)),
  text: z.string().optional().describe('in German or English, as the contents'),
})
const scalarSchema = z.union([z.string(), z.number(), z.boolean()])
const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  text: z.string().optional(),
  from: timeSchema.optional().describe('time: the first moment at which it is permitted'),
  policy: z.string().optional().describe('cap: the contact policy'),
  max: z.int().optional().describe('cap: what it would have to allow'),
  minPropensity: z.number().optional().describe('threshold: the highest that it reaches'),
  name: z.string().optional().describe('comparison: what is compared'),
  op: z.enum(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in']).optional(),
  wanted: z
    .union([scalarSchema, z.array(scalarSchema)])
    .optional()
    .describe('comparison: with what'),
  is: scalarSchema.optional().describe('comparison: what it is now; absent when nothing is known'),
})

/** Not z.json(): its recursion becomes a reference that OpenAPI cannot follow. */
const contentSchema = z.unknown().describe('any JSON value, as the catalogue has it')

const itemSchema = z.object({
  rank: z.int().describe('1 is the best'),
  actionId: z.string(),
  treatmentId: z.string(),
  kind: kindSchema,
  tier: tierSchema,
  locale: z.string(),
  contentType: z.enum(['json', 'text', 'html']),
  content: contentSchema,
  propensity: z.number().describe('calibrated probability of the catalogue’s target outcome'),
  priority: z.number().describe('propensity × value, comparable inside a tier'),
  selectionProbability: z
    .number()
    .describe('chance of being chosen for this slot, given the slots before it'),
  why: z.array(reasonSchema),
})

/** The answer of `POST /v1/decisions` */
export const decisionReplySchema = z
  .object({
    decisionId: z.string(),
    requestId: z.string().optional(),
    validUntil: timeSchema.describe('ask again after this'),
    placements: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['filled', 'partial', 'fallback', 'empty']),
        code: z.enum(keys(SLATE_CODES)).optional().describe('why it is not filled'),
        items: z.array(itemSchema),
        fallback: contentSchema.optional(),
      }),
    ),
    outbound: z
      .object({
        send: z.boolean(),
        notBefore: timeSchema
          .optional()
          .describe('the first moment at which something may be sent that waits for nothing but time'),
        code: z.enum(keys(SLATE_CODES)).optional(),
      })
      .optional()
      .describe('outbound channels only: whether to send at all'),
    versions: z.object({
      catalogue: z.string(),
      model: z.string(),
      features: z.string().nullable(),
      runTime: z.string().nullable().describe('state of stock, prices and switches: epoch.revision'),
    }),
    degraded: z.array(z.enum(DEGRADED_CODES)).describe('empty when everything was there'),
    explanation: z
      .object({
        customer: z.enum(['known', 'unknown', 'anonymous']),
        personalised: z
          .boolean()
          .describe('false when the customer refused that his data choose what he sees'),
        history: z
          .object({
            of: z.enum(['customer', 'session']),
            keptSince: timeSchema.describe('nothing before is remembered'),
            exactSince: timeSchema.describe('before it, contacts count for their whole day'),
          })
          .nullable()
          .describe('whose contacts were counted, and since when they are known; null for nobody’s'),
        candidates: z.array(
          z.object({
            actionId: z.string(),
            placement: z.string(),
            status: z.enum(['selected', 'outranked', 'refused']),
            reasons: z.array(reasonSchema),
            changes: z
              .array(changeSchema)
              .describe('what alone would admit it, each by itself, before it is scored'),
            propensity: z.number().nullable(),
            value: z.number(),
            priority: z.number().nullable(),
          }),
        ),
      })
      .optional(),
  })
  .meta({ id: 'Decision', description: 'What was decided, placement by placement' })
export type DecisionReply = z.output<typeof decisionReplySchema>

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
    explain: body.explain,
  }
}

export function toDecisionReply(decision: Decision, request: DecisionRequest): DecisionReply {
  return {
    decisionId: decision.id,
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
    validUntil: new Date(decision.validUntil).toISOString(),
    placements: decision.slates.map((slate) => toSlate(slate, decision.telling)),
    ...(decision.direction === 'outbound' ? { outbound: toOutbound(decision) } : {}),
    versions: decision.versions,
    degraded: [...decision.degraded],
    ...(request.explain === 'none'
      ? {}
      : { explanation: toExplanation(decision, request.explain === 'full') }),
  }
}

function toSlate({ placement, status, code, items }: Slate, telling: Telling) {
  return {
    id: placement.id,
    status,
    ...(code === undefined ? {} : { code }),
    items: items.map((item) => toItem(item, placement.contentType, telling)),
    ...(status === 'fallback' ? { fallback: placement.fallback } : {}),
  }
}

function toItem(item: Item, contentType: 'json' | 'text' | 'html', telling: Telling) {
  return {
    rank: item.rank,
    actionId: item.action.id,
    treatmentId: item.treatment.id,
    kind: item.action.kind,
    tier: item.action.tier,
    locale: item.locale,
    contentType,
    content: item.content,
    propensity: wireNumber(item.propensity),
    priority: wireNumber(item.priority),
    selectionProbability: wireNumber(item.selectionProbability),
    why: item.why.map((reason) => toReason(reason, telling)),
  }
}

/** Nothing chosen for any placement: nothing worth a message. */
function toOutbound({ slates }: Decision) {
  if (slates.some((slate) => slate.items.length > 0)) return { send: true }
  const code = slates[0]?.code
  const moments = slates.flatMap(({ notBefore }) => notBefore ?? [])
  return {
    send: false,
    ...(moments.length === 0 ? {} : { notBefore: new Date(Math.min(...moments)).toISOString() }),
    ...(code === undefined ? {} : { code }),
  }
}

function toExplanation({ customer, personalised, history, verdicts, telling }: Decision, full: boolean) {
  return {
    customer,
    personalised,
    history:
      history === null
        ? null
        : {
            of: history.of,
            keptSince: new Date(history.keptSince).toISOString(),
            exactSince: new Date(history.exactSince).toISOString(),
          },
    candidates: verdicts.map((verdict) => toCandidate(verdict, full ? telling : null)),
  }
}

function toCandidate(
  { action, placement, status, reasons, changes, propensity, priority }: Verdict,
  telling: Telling | null,
) {
  return {
    actionId: action.id,
    placement: placement.id,
    status,
    reasons: reasons.map((reason) => toReason(reason, telling)),
    changes: changes.map((change) => toChange(change, telling)),
    propensity: propensity === null ? null : wireNumber(propensity),
    value: action.value,
    priority: priority === null ? null : wireNumber(priority),
  }
}

/** With its sentence where it is told how. */
function toReason(reason: Reason, telling: Telling | null) {
  return telling === null ? { code: reason.code } : { code: reason.code, text: reasonText(reason, telling) }
}

function toChange(change: Change, telling: Telling | null) {
  const text = telling === null ? {} : { text: changeText(change, telling) }
  switch (change.kind) {
    case 'time':
      return { kind: change.kind, ...text, from: new Date(change.from).toISOString() }
    case 'cap':
      return { kind: change.kind, ...text, policy: change.policy, max: change.max }
    case 'threshold':
      return { kind: change.kind, ...text, minPropensity: change.minimum }
    case 'comparison': {
      const { name, op, wanted } = change.needs
      const is = change.is === undefined ? {} : { is: change.is }
      const copy = typeof wanted === 'object' ? [...wanted] : wanted
      return { kind: change.kind, ...text, name, op, wanted: copy, ...is }
    }
  }
}

function keys<T extends object>(object: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(object) as [keyof T & string, ...(keyof T & string)[]]
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
