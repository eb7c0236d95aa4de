import * as z from 'zod'
import { attributesSchema, idSchema } from './fields.ts'

/** What a feature set can have. */
const MOST_FEATURES = 4096

export const customerParamsSchema = z.object({ id: idSchema })

const byName = z.strictObject({
  version: z.string().optional().describe('refuse unless this feature set is in use'),
  values: z
    .record(z.string(), z.number('must be a finite number'))
    .refine((values) => Object.keys(values).length <= MOST_FEATURES, `at most ${MOST_FEATURES} features`)
    .describe('by name; the others stay as they are'),
})
const asVector = z.strictObject({
  version: z.string().describe('the feature set that the vector was made for'),
  vector: z
    .array(z.number('must be a finite number'))
    .max(MOST_FEATURES)
    .describe('every feature, in the manifest’s order'),
})

/** `PUT /v1/customers/{id}`: what is absent stays as it is. */
export const customerChangeSchema = z.strictObject({
  attributes: attributesSchema.optional().describe('as declared under types.customer'),
  features: z.union([byName, asVector]).optional(),
})

/** `GET /v1/customers/{id}` */
export const customerSchema = z
  .object({
    id: z.string(),
    attributes: attributesSchema,
    updatedAt: z.string().nullable().describe('last change by PUT; null when there was none'),
    features: z
      .object({
        set: z.string(),
        version: z.string(),
        asOf: z.string(),
        values: z.record(z.string(), z.number()),
      })
      .nullable(),
  })
  .meta({ id: 'Customer', description: 'What is stored of the customer now' })
