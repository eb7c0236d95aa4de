import * as z from 'zod'
import { ROTATIONS } from '../../domain/experiment.ts'
import { EXPLORATION_METHODS } from '../../domain/exploration.ts'
import { crossCheck } from './cross-check.ts'
import { duration, percent, ruleText, share, where } from './fields.ts'

const power = z.number().min(0).max(10).default(1)

const contextWeight = z.strictObject({
  when: ruleText.describe('rule (CEL): when it weighs'),
  where: where.optional().describe('which candidates it weighs; without it all'),
  weight: percent.describe('percent by which the priority changes: -30 is three tenths less'),
})

export const arbitration = z.strictObject({
  powers: z
    .strictObject({
      propensity: power.describe('exponent of the propensity; 0 leaves it out'),
      context: power.describe('exponent of the context weight; 0 leaves it out'),
      value: power.describe('exponent of the value; 0 leaves it out'),
      lever: power.describe('exponent of the lever; 0 leaves it out'),
    })
    .optional()
    .describe('exponents of the factors of the priority, 0 to 10'),
  leverBound: z
    .number()
    .min(0)
    .max(10)
    .default(0.25)
    .describe(
      'how far all levers of a candidate together may move its priority: 0.25 is a quarter up or down, 0 not at all',
    ),
  contextWeights: z
    .array(contextWeight)
    .max(1000)
    .default([])
    .describe('what matters more or less in a situation'),
})

/** The methods that a parameter means something with. */
const PARAMETERS: Readonly<Record<'epsilon' | 'temperature', readonly string[]>> = {
  epsilon: ['epsilon', 'softmax', 'thompson'],
  temperature: ['softmax'],
}

export const exploration = crossCheck(
  z.strictObject({
    method: z
      .enum(EXPLORATION_METHODS)
      .describe('how other actions than the best get a chance; greedy: never'),
    epsilon: share
      .optional()
      .describe(
        'share of customers and days for whom all that is permitted is drawn evenly; 0.03 unless written',
      ),
    temperature: z
      .number()
      .positive()
      .optional()
      .describe('how evenly softmax draws: near 0 the best, large all alike'),
  }),
  ({ method, ...written }, tell) => {
    if (!EXPLORATION_METHODS.some((known) => known === method)) return
    for (const [parameter, owners] of Object.entries(PARAMETERS)) {
      if (written[parameter] !== undefined && !owners.includes(method as string))
        tell(
          [parameter],
          `${parameter} means nothing with method ${method}`,
          `remove it, or write method: ${owners[0]}`,
        )
    }
    if (method === 'softmax' && written.temperature === undefined)
      tell(['method'], 'softmax needs a temperature', 'add temperature, a number above 0')
  },
)

const arm = z.strictObject({
  share: share.describe('share of the customers, 0 to 1'),
  rotate: z.enum(ROTATIONS).default('never').describe('when other customers take their turn'),
})

export const experiments = crossCheck(
  z.strictObject({
    holdout: arm.optional().describe('customers who get no marketing'),
    random: arm.optional().describe('customers who get a random permitted action'),
  }),
  ({ holdout, random }, tell) => {
    if (shareOf(holdout) + shareOf(random) > 1 + 1e-9)
      tell(['random'], 'holdout and random take more than everybody', 'let both shares be at most 1 together')
  },
)

function shareOf(arm: unknown): number {
  const given = typeof arm === 'object' && arm !== null ? (arm as { share?: unknown }).share : 0
  return typeof given === 'number' && given >= 0 && given <= 1 ? given : 0
}

export const attribution = z.strictObject({
  click: duration.default('7d').describe('how long after a click a conversion counts'),
  view: duration.default('1d').describe('how long after an impression a conversion counts'),
  credit: z
    .enum(['lastTouch', 'firstTouch', 'linear'])
    .default('lastTouch')
    .describe('which of several contacts a conversion counts for'),
})
