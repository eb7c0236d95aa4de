import * as z from 'zod'
import { TIERS } from '../domain/tier.ts'
import { action, engagementPolicy, lever } from './document/action.ts'
import { channel } from './document/channel.ts'
import { arbitration, attribution, experiments, exploration } from './document/choosing.ts'
import { id, identifier, ruleText, tiers } from './document/fields.ts'
import { contactPolicy, volume } from './document/policies.ts'
import { DEFAULTS, defaults, identity, model, purpose, target, types } from './document/settings.ts'

const placement = z.strictObject({
  id: id.describe('its name in requests'),
  channel: id.describe('the channel it is a slot of'),
  contentType: z
    .enum(['json', 'text', 'html'])
    .default('json')
    .describe('what its content is, so that data are escaped for it'),
  order: z.int().default(0).describe('placements with a smaller order are filled first'),
  fallback: z.json().optional().describe('what is shown where no action fits'),
  allowRepeats: z
    .boolean()
    .default(false)
    .describe('true: it may show an action that another placement of the same answer shows'),
})

const group = z.strictObject({
  id: id.describe('its name in actions and rules'),
  maxPerSlate: z.int().min(1).optional().describe('at most so many of its actions in one slate'),
  lever: lever.optional(),
  ...engagementPolicy,
  purpose: id.optional().describe('the purpose of its actions that name none'),
})

const block = z.strictObject({
  id: id.describe('its name in reasons and logs'),
  tier: tiers.describe(`what it stops: one or several of ${TIERS.join(', ')}`),
  when: ruleText.describe(
    'rule (CEL) about the customer, the features, the context, the channel and the time',
  ),
})

/** Sections that must not be empty; with `least` 0 they may, as when what was at fault is set aside. */
const required = (least: 0 | 1) => ({
  placements: z
    .array(placement)
    .min(least)
    .describe('the slots of the channels, with what is shown otherwise'),
  actions: z.array(action).min(least).max(100_000).describe('offers and activities'),
})

/** The catalogue document as a marketer writes it. Strict: a key it does not know is a fault, never ignored. */
export const catalogueDocumentSchema = z.strictObject({
  schema: z.literal('emma/v1').describe('the format'),
  defaults: defaults.default(DEFAULTS).describe('what holds where nothing else is said'),
  types: types.default({ customer: {}, context: {} }).describe('what rules and templates may name'),
  purposes: z.record(id, purpose).default({}).describe('what customers’ data are used for, by name'),
  identities: z.record(identifier, identity).default({}).describe('how customers are recognised, by name'),
  channels: z
    .record(id, channel)
    .default({})
    .describe('channels, by id; without any, those of the placements'),
  target: target
    .default({ outcome: 'conversion', within: '7d' })
    .describe('what propensity means and value is paid for'),
  blocks: z.array(block).default([]).describe('what stops a whole tier for a customer'),
  models: z
    .array(model)
    .refine((models) => models.length <= 1, 'one model per catalogue in this version')
    .default([])
    .describe('models that score; without one a prior does'),
  ...required(1),
  groups: z.array(group).default([]).describe('groups of actions that share rules and limits'),
  contactPolicies: z
    .array(contactPolicy)
    .default([])
    .describe('caps in rolling windows, and silence after outcomes'),
  volumes: z.array(volume).default([]).describe('how many contacts there may be in total or per period'),
  arbitration: arbitration.optional().describe('how the priority is computed'),
  exploration: exploration.optional().describe('how other actions than the best get a chance'),
  experiments: experiments.optional().describe('customers who are left out, or get a random action'),
  attribution: attribution.optional().describe('which contact a conversion counts for'),
})
export type CatalogueDocument = z.output<typeof catalogueDocumentSchema>

/** One action of it. */
export const actionSchema = action

/** The same, but for its actions, which are then held against {@link actionSchema} one by one. */
export const allButActionsSchema = catalogueDocumentSchema.extend({
  actions: z.array(z.unknown()).min(1).max(100_000),
})

/** The same for a document of which some parts were set aside. */
export const partialDocumentSchema = catalogueDocumentSchema.extend({
  schema: z.literal('emma/v1').catch('emma/v1'),
  placements: required(0).placements.default([]),
  actions: required(0).actions.default([]),
})
