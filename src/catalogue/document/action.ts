import * as z from 'zod'
import { HIGHEST_VALUE } from '../../domain/arbitration.ts'
import { KINDS, TIERS } from '../../domain/tier.ts'
import { id, identifier, language, moment, percent, ruleText, scalar } from './fields.ts'

const treatment = z.strictObject({
  id: id.describe('its own among the treatments of the action'),
  for: z.array(id).min(1).describe('placements in which this content plays'),
  needs: z
    .array(
      z
        .string()
        .regex(
          /^(customer|context)\.[A-Za-z_][A-Za-z0-9_]{0,63}$/,
          'must be a name such as customer.firstName or context.intent',
        ),
    )
    .default([])
    .describe('what must be known of the customer or the context for this content to be shown'),
  otherwise: id
    .optional()
    .describe('treatment of the same action that is shown when something it needs is missing'),
  content: z
    .record(language, z.json())
    .refine((content) => Object.keys(content).length > 0, 'needs at least one language')
    .describe(
      'what is shown, by language tag: a text or JSON, with templates such as {{customer.firstName}}',
    ),
})

/** Who may get it, when it makes sense, for whom it is good: of an action or of a whole group. */
export const engagementPolicy = {
  eligibility: ruleText.optional().describe('rule (CEL): may the customer get it at all'),
  applicability: ruleText.optional().describe('rule (CEL): does it make sense now'),
  suitability: ruleText.optional().describe('rule (CEL): is it good for the customer'),
}

export const lever = percent.describe('business push in percent: 10 is a tenth more, -100 is nothing')

export const action = z.strictObject({
  id: id.describe('its name in requests, answers and logs'),
  status: z.enum(['active', 'inactive']).default('active').describe('inactive: never offered'),
  kind: z.enum(KINDS).default('offer').describe('an offer, or an activity such as a service message'),
  tier: z
    .enum(TIERS)
    .default('marketing')
    .describe('mandatory goes before service, service before retention, retention before marketing'),
  group: id.optional().describe('the group it belongs to, whose rules it inherits'),
  value: z
    .union(
      [z.number().min(0).max(HIGHEST_VALUE), ruleText],
      'must be a number from 0 to 1e12, or a rule (CEL) that gives one',
    )
    .default(1)
    .describe('margin per target outcome, in the catalogue’s currency: a number or a rule (CEL)'),
  lever: lever.optional(),
  minPropensity: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('below this propensity it is not worth the customer’s attention'),
  validity: z
    .strictObject({
      from: moment.optional().describe('from this time on (RFC 3339)'),
      to: moment.optional().describe('until just before this time (RFC 3339)'),
    })
    .optional()
    .describe('when it may be offered'),
  attributes: z
    .record(identifier, scalar)
    .default({})
    .describe('what rules and models may know of it, as action.name'),
  ...engagementPolicy,
  purpose: id.optional().describe('the purpose for which the customer’s data are used; else the group’s'),
  claims: ruleText.optional().describe('rule (CEL) about item: which order lines count as its success'),
  treatments: z.array(treatment).min(1).describe('its content; the first that fits is shown'),
})
