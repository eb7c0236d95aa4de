import * as z from 'zod'
import { ACTION_FIELDS } from './rule.ts'

const name = z.string().min(1).max(64).describe('the input’s name on the model card')
const missing = z.number().describe('the value when the source has none')

/**
 * One number the model reads, and where it comes from. A categorical source is read as 1 or 0 by `equals`.
 * Scaling belongs into the model's graph, not here.
 */
export const modelInputSchema = z.discriminatedUnion('source', [
  z.strictObject({
    name,
    source: z.literal('customer').describe('a feature of the customer’s vector'),
    feature: z.string(),
  }),
  z.strictObject({
    name,
    source: z.literal('action').describe('an attribute of the action, or its kind, tier or group'),
    attribute: z.string().optional(),
    property: z.enum(ACTION_FIELDS).optional(),
    equals: z.union([z.string(), z.boolean()]).optional(),
    missing: missing.optional(),
  }),
  z.strictObject({
    name,
    source: z
      .literal('context')
      .describe(
        'the channel, the hour (0–23) or weekday (0 = Sunday) in the catalogue’s zone, or a field of the request’s context',
      ),
    property: z.enum(['channel', 'hour', 'weekday']).optional(),
    field: z.string().optional(),
    equals: z.union([z.string(), z.boolean()]).optional(),
    missing: missing.optional(),
  }),
  z.strictObject({
    name,
    source: z.literal('pair').describe('a feature of the customer looked up by an attribute of the action'),
    feature: z
      .string()
      .describe('a feature name with one `{attribute}` in it, such as share_category_{category}'),
    missing: missing.optional(),
  }),
])
export type ModelInput = z.infer<typeof modelInputSchema>

/** The inputs of a broadcast model: customer [B,1,Fc], action [N,Fa], pair [B,N,Fp] → [B,N]. Context goes with the customer. */
export const modelInputsSchema = z.strictObject({
  customer: z.array(modelInputSchema),
  action: z.array(modelInputSchema),
  pair: z.array(modelInputSchema),
})
export type ModelInputs = z.infer<typeof modelInputsSchema>

const observations = z.int().nonnegative()

/** How much the model learned of each action: thresholds and draws trust it the less, the fewer observations it has. */
const evidenceSchema = z.strictObject({
  actions: z
    .record(z.string().min(1), observations)
    .describe('rows that the weights were fitted on, by action id'),
  others: observations.default(0).describe('of an action that is not named'),
})
export type ModelEvidence = z.infer<typeof evidenceSchema>

/** `manifest.json` of a model folder. */
export const modelManifestSchema = z.strictObject({
  format: z.literal('emma-model/1'),
  name: z.string().min(1).max(64),
  version: z.string().min(1).max(32),
  form: z.literal('broadcast'),
  target: z.strictObject({
    outcome: z.string(),
    within: z
      .string()
      .regex(/^\d+[hd]$/)
      .describe('7d, 12h'),
    given: z.enum(['impression', 'contact']),
  }),
  inputs: modelInputsSchema,
  output: z.strictObject({ name: z.string(), meaning: z.string() }),
  calibration: z.string().describe('how the output was made a probability'),
  file: z.strictObject({ name: z.literal('model.onnx'), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  training: z.strictObject({
    data: z.string(),
    rows: z.int().positive(),
    asOf: z.array(z.iso.date()),
    date: z.iso.date(),
  }),
  evidence: evidenceSchema.optional().describe('without it the model is taken at its word'),
  metrics: z.record(z.string(), z.number()),
})
export type ModelManifest = z.infer<typeof modelManifestSchema>

/** `golden.json`: one customer, at least 100 actions, and what the model must answer for them. */
export const goldenSchema = z.strictObject({
  tolerance: z.number().positive().max(1e-4),
  customer: z.array(z.number()),
  action: z.array(z.array(z.number())).min(100),
  pair: z.array(z.array(z.number())).min(100),
  expected: z.array(z.number().min(0).max(1)).min(100),
})
export type Golden = z.infer<typeof goldenSchema>
