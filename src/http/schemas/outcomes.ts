import * as z from 'zod'
import type { OutcomeRecorded, WantedDecisionOutcome } from '../../customers/record-outcomes.ts'
import type { DecisionId } from '../../domain/ids.ts'
import { OUTCOMES } from '../../domain/outcome.ts'
import { idSchema } from './fields.ts'
import {
  countFields,
  MOST_TOLD,
  momentSchema,
  recordedSchema,
  toCounts,
  toMoment,
  toRecorded,
} from './told.ts'

/** What became of a hold or a contact; the rest of the list would say too much of the inside. */
const BECAME = ['confirmed', 'released', 'late', 'recorded'] as const

const outcomeSchema = z.strictObject({
  id: idSchema.describe('the caller’s name for it, told again in the answer'),
  decisionId: idSchema.describe('the decision that showed it'),
  actionId: idSchema,
  placement: idSchema.optional().describe('where the decision showed it in more than one place'),
  type: z.enum(OUTCOMES),
  at: momentSchema.describe('when it happened; told again with the same time, it counts once'),
  until: momentSchema.optional().describe('only with later: when the customer wants to hear of it again'),
})

/** `POST /v1/outcomes` */
export const outcomesSchema = z.strictObject({ outcomes: z.array(outcomeSchema).min(1).max(MOST_TOLD) })

/** The answer, each item in the place that it was told in. */
export const outcomesReplySchema = z
  .object({
    results: z.array(
      recordedSchema.extend({
        id: z.string(),
        became: z
          .enum(BECAME)
          .optional()
          .describe(
            'confirmed: its hold is a contact now; released: its hold is gone; late: the hold had ended before, and it counts all the same; recorded: noted with a contact that was confirmed before',
          ),
      }),
    ),
    ...countFields,
  })
  .meta({ id: 'RecordedOutcomes', description: 'What became of every outcome that was told' })

export function toWantedOutcomes({ outcomes }: z.output<typeof outcomesSchema>): WantedDecisionOutcome[] {
  return outcomes.map(({ decisionId, actionId, placement, type, at, until }) => ({
    decision: decisionId as DecisionId,
    action: actionId,
    placement,
    type,
    at: Date.parse(at),
    until: toMoment(until),
  }))
}

export function toOutcomesReply(
  { outcomes }: z.output<typeof outcomesSchema>,
  recorded: readonly OutcomeRecorded[],
): z.output<typeof outcomesReplySchema> {
  const results = recorded.map((one, i) => ({
    id: outcomes[i]!.id,
    ...toRecorded(one),
    ...(one.status === 'accepted' ? { became: one.became } : {}),
  }))
  return { results, ...toCounts(recorded) }
}
