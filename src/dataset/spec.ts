import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { readAgainst } from '../documents/read-document.ts'
import { modelInputsSchema } from '../domain/model.ts'

const days = z
  .string()
  .regex(/^[1-9]\d{0,2}d$/, { error: 'write days, like 30d' })
  .describe('a window from the as-of day on')

const buckets = z
  .tuple([z.int().min(0).max(99), z.int().min(0).max(99)])
  .refine(([from, to]) => from <= to, { error: 'the first bucket must not be above the last' })
  .describe('first and last bucket of 0–99')

const responsesSchema = z.strictObject({
  files: z.array(z.string().min(1)).min(1),
  columns: z.strictObject({
    customer: z.string().min(1),
    action: z.string().min(1),
    channel: z.string().min(1),
    at: z.string().min(1),
    converted: z.string().min(1),
  }),
})
export type ResponsesSpec = z.infer<typeof responsesSchema>

/** What a row of training data is, where its inputs come from and how customers are split. */
export const datasetSpecSchema = z
  .strictObject({
    schema: z.literal('emma/dataset-v1'),
    mapping: z.string().min(1).describe('the mapping file, relative to this file'),
    actions: z
      .strictObject({
        dimension: z.string().min(1).optional().describe('actions are the values of this dimension'),
        catalogue: z
          .string()
          .min(1)
          .optional()
          .describe('actions are those of this catalogue, relative to this file'),
      })
      .refine((actions) => actions.dimension !== undefined || actions.catalogue !== undefined, {
        error: 'name a dimension or a catalogue',
      }),
    label: z
      .strictObject({ purchaseWithin: days.optional(), responses: responsesSchema.optional() })
      .refine((label) => (label.purchaseWithin === undefined) !== (label.responses === undefined), {
        error: 'say either purchaseWithin or responses, and not both',
      }),
    split: z
      .strictObject({ salt: z.string(), heldOut: buckets, dev: buckets })
      .refine(({ heldOut, dev }) => heldOut[1] < dev[0] || dev[1] < heldOut[0], {
        error: 'heldOut and dev must not overlap',
      }),
    inputs: modelInputsSchema,
    context: z.strictObject({ channel: z.string().min(1) }).optional(),
    timeZone: z.string().min(1).optional().describe('for hour and weekday; UTC without'),
  })
  .superRefine((spec, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const purchases = spec.label.purchaseWithin !== undefined
    if (purchases && spec.actions.dimension === undefined) {
      fault(['actions'], 'purchaseWithin needs the dimension whose values are bought')
    }
    if (!purchases && spec.context !== undefined) {
      fault(['context'], 'responses bring their own channel')
    }
    spec.inputs.customer.forEach((input, i) => {
      if (input.source !== 'context') return
      const path = ['inputs', 'customer', i]
      if (input.field !== undefined) fault(path, 'the data do not have the context of a request')
      else if (purchases && input.property !== 'channel') fault(path, 'purchaseWithin has no hour or weekday')
      else if (purchases && spec.context === undefined)
        fault(path, 'say which channel: context: { channel: … }')
    })
  })
export type DatasetSpec = z.infer<typeof datasetSpecSchema>

/**
 * Reads a spec; the paths in it become absolute in `mappingFile` and `catalogueFile`.
 * @throws EmmaError `mapping_invalid` with all faults as `file:line:column`.
 */
export async function readDatasetSpec(path: string) {
  const spec = await readAgainst(datasetSpecSchema, path, 'mapping_invalid')
  const from = dirname(resolve(path))
  const { catalogue } = spec.actions
  return {
    spec,
    mappingFile: resolve(from, spec.mapping),
    catalogueFile: catalogue === undefined ? undefined : resolve(from, catalogue),
  }
}
