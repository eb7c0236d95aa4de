import * as z from 'zod'
import type { CustomerFirst, Decision, Expected, Ghost, Verdict } from '../../domain/decision.ts'
import type { Telling } from '../../domain/reason-text.ts'
import { moneyNumber, wireChance, wireNumber } from '../../domain/wire-number.ts'
import { timeSchema } from './fields.ts'
import { changeSchema, reasonSchema, toChange, toReason } from './reason.ts'

const expectedSchema = z.object({
  propensity: z.number().describe('sum of the propensities'),
  margin: z.number().describe('sum of propensity × value, in the catalogue’s currency'),
})

/** What became of every candidate, and what the customer would like best. */
export const explanationSchema = z.object({
  customer: z.enum(['known', 'unknown', 'anonymous']),
  personalised: z.boolean().describe('false when the customer refused that his data choose what he sees'),
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
      contextWeight: z.number(),
      value: z.number().nullable().describe('null when its rule cannot be worked out'),
      lever: z.number().describe('all levers together, as the factor that they are'),
      priority: z.number().nullable(),
      selectionProbability: z
        .number()
        .nullable()
        .describe(
          'chance in the slot it was chosen for, else in the last that it took part in; null for none',
        ),
    }),
  ),
  ghosts: z
    .array(
      z.object({
        placement: z.string(),
        items: z.array(
          z.object({
            rank: z.int(),
            actionId: z.string(),
            propensity: z.number(),
            priority: z.number(),
            selectionProbability: z.number(),
          }),
        ),
        selectionProbability: z.number().nullable(),
      }),
    )
    .optional()
    .describe('arm holdout only: what would have been shown; it is not shown and counts nowhere'),
  customerFirst: z
    .object({
      placements: z
        .array(z.object({ id: z.string(), actionIds: z.array(z.string()) }))
        .describe('what propensity × context weight alone would choose, chance left aside'),
      expected: z
        .object({
          customerFirst: expectedSchema,
          withoutLevers: expectedSchema,
          byPriority: expectedSchema,
        })
        .describe('sums over the items of each order'),
      push: expectedSchema
        .extend({
          levers: z.array(expectedSchema.extend({ lever: z.string() })),
        })
        .describe('what levers cost: without them, less with them'),
    })
    .describe('the order that puts the customer first, and what business push costs'),
})

export function toExplanation(decision: Decision, full: boolean) {
  const { customer, personalised, history, verdicts, telling, arm, ghosts } = decision
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
    ...(arm === 'holdout' ? { ghosts: ghosts.map(toGhost) } : {}),
    customerFirst: toCustomerFirst(decision.customerFirst!),
  }
}

function toGhost({ placement, items, selectionProbability }: Ghost) {
  return {
    placement: placement.id,
    items: items.map((item) => ({
      rank: item.rank,
      actionId: item.action.id,
      propensity: wireNumber(item.propensity),
      priority: wireNumber(item.priority),
      selectionProbability: wireNumber(item.selectionProbability),
    })),
    selectionProbability: wireChance(selectionProbability),
  }
}

function toCustomerFirst({ placements, expected, push }: CustomerFirst) {
  return {
    placements: placements.map(({ placement, actions }) => ({
      id: placement.id,
      actionIds: actions.map(({ id }) => id),
    })),
    expected: {
      customerFirst: toExpected(expected.customerFirst!),
      withoutLevers: toExpected(expected.withoutLevers),
      byPriority: toExpected(expected.byPriority),
    },
    push: {
      ...toExpected(push),
      levers: push.levers.map((cost) => ({ lever: cost.lever, ...toExpected(cost) })),
    },
  }
}

function toExpected({ propensity, margin }: Expected) {
  return { propensity: wireNumber(propensity), margin: wireNumber(margin) }
}

function toCandidate(verdict: Verdict, telling: Telling | null) {
  const { action, placement, status, reasons, changes, propensity, contextWeight, value, lever } = verdict
  const { priority, selectionProbability } = verdict
  return {
    actionId: action.id,
    placement: placement.id,
    status,
    reasons: reasons.map((reason) => toReason(reason, telling)),
    changes: changes.map((change) => toChange(change, telling)),
    propensity: propensity === null ? null : wireNumber(propensity),
    contextWeight: wireNumber(contextWeight),
    value: value === null ? null : moneyNumber(value),
    lever: wireNumber(lever),
    priority: priority === null ? null : wireNumber(priority),
    selectionProbability: wireChance(selectionProbability),
  }
}
