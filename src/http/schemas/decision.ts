import * as z from 'zod'
import type { Decision, Item, Slate } from '../../domain/decision.ts'
import type { DecisionRequest } from '../../domain/decision-request.ts'
import { ARMS } from '../../domain/experiment.ts'
import { SLATE_CODES } from '../../domain/reason-sentences.ts'
import type { Telling } from '../../domain/reason-text.ts'
import { DEGRADED_CODES } from '../../domain/situation.ts'
import { wireChance, wireNumber } from '../../domain/wire-number.ts'
import { explanationSchema, toExplanation } from './explanation.ts'
import { keys, kindSchema, tierSchema, timeSchema } from './fields.ts'
import { reasonSchema, toReason } from './reason.ts'

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
  priority: z.number().describe('propensity × context weight × value × lever, comparable inside a tier'),
  selectionProbability: z
    .number()
    .describe('chance of being chosen for this slot, given what the answer shows before it'),
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
        selectionProbability: z
          .number()
          .nullable()
          .optional()
          .describe(
            'chance of exactly these items in this order, the product of theirs; null where it is too small to be told',
          ),
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
    arm: z
      .enum(ARMS)
      .describe(
        'which policy decided: that of everybody, with another model, by chance, or nothing for marketing; none for nobody in particular',
      ),
    versions: z.object({
      catalogue: z.string(),
      model: z.string(),
      features: z.string().nullable(),
      runTime: z.string().nullable().describe('state of stock, prices and switches: epoch.revision'),
    }),
    degraded: z.array(z.enum(DEGRADED_CODES)).describe('empty when everything was there'),
    explanation: explanationSchema.optional(),
  })
  .meta({ id: 'Decision', description: 'What was decided, placement by placement' })
export type DecisionReply = z.output<typeof decisionReplySchema>

export function toDecisionReply(decision: Decision, request: DecisionRequest): DecisionReply {
  return {
    decisionId: decision.id,
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
    validUntil: new Date(decision.validUntil).toISOString(),
    placements: decision.slates.map((slate) => toSlate(slate, decision.telling)),
    ...(decision.direction === 'outbound' ? { outbound: toOutbound(decision) } : {}),
    arm: decision.arm,
    versions: decision.versions,
    degraded: [...decision.degraded],
    ...(request.explain === 'none' || decision.isRepeated
      ? {}
      : { explanation: toExplanation(decision, request.explain === 'full') }),
  }
}

function toSlate({ placement, status, code, items, selectionProbability }: Slate, telling: Telling) {
  return {
    id: placement.id,
    status,
    ...(code === undefined ? {} : { code }),
    items: items.map((item) => toItem(item, placement.contentType, telling)),
    ...(items.length === 0 ? {} : { selectionProbability: wireChance(selectionProbability) }),
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
